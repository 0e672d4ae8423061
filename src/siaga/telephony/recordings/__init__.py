"""Recordings: both voices of a call, kept encrypted, heard by name, removed when their time is."""
