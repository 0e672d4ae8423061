"""The face for machines: /api/v1/."""
