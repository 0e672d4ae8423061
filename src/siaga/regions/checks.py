"""Refuse to start on profiles that are wrong, with file, line and cure."""
