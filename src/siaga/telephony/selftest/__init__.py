"""The telephone calls itself once a night and looks whether everything happened."""
