"""One module per output language, each the only place where text becomes that language."""
