"""Source code, one module per parser: a text in; literals, settings that are read and imports out."""
