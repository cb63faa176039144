"""A living, verified audit of a data estate, kept in Git."""

__version__ = "0.1.0"
