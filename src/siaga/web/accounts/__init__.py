"""Signing in, locking, sessions; and the doors that all faces share: middleware and access."""
