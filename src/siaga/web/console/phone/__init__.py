"""The telephone of the desk: its seat, its state, who rings, what comes after the call."""
