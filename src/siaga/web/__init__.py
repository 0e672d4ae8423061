"""The faces: screens over the rooms. Faces are independent of each other."""
