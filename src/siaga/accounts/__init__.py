"""People, their roles in regions, sessions, second factors and tokens."""
