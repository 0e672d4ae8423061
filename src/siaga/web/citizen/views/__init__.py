"""The views of the citizen's face."""
