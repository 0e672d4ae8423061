"""The live picture: a pure core that knows no socket, no clock, no table."""
