"""What Asterisk wrote down: lines become events, events of one linkedid become one call."""
