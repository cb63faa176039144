"""Commands: one module per verb, and how things look on a terminal."""
