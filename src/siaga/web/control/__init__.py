"""The face of those who answer for the centre: supervisor, auditor, administrator, publisher."""
