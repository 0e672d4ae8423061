"""The supervisor's telephone: what goes on, what may be done about it, what callers hear."""
