"""How a check reads: one module per format, from what there is to tell to lines of text."""
