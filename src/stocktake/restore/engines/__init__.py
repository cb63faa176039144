"""How each engine is backed up, restored and read."""
