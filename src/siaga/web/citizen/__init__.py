"""The citizen's face: report without an account, follow, answer, object."""
