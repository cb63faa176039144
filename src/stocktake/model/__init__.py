"""Nouns: what is declared, what is seen and what follows from both; no I/O and no clock."""
