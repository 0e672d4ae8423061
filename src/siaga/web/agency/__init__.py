"""The officer's face: one thumb, bad connections, honest about what is not sent yet."""
