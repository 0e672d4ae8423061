"""The Asterisk Manager Interface: the live picture and the commands, never the truth of calls."""
