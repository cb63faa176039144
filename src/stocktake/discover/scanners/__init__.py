"""One module per format: a path that it wants and its text in, claims out."""
