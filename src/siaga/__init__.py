"""Siaga: a whole Call Center 112 on one small box."""

__version__ = "0.1.0"
