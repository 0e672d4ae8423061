"""Whether a caller's voice is heard: a hint beside the call, never a fact that drops anything."""
