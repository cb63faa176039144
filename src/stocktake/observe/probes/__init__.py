"""One module or folder per engine: queries in, facts out."""
