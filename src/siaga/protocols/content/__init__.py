"""Reading guides from the content folder: files, the whole guide, and what is wrong with it."""
