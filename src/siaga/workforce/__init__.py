"""Who is at which desk, and whether they can take the next call."""
