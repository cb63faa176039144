"""Servers that tests and the demo start for themselves, each in a folder and on a port of its own."""
