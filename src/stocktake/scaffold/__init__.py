"""What `stocktake init` writes: the templates and the values that they ask for."""
