"""Who is to be called back: everybody we lost or did not answer, each number once."""
