"""The console: the desk of call takers and dispatchers, and the board."""
