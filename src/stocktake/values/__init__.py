"""One idea a module: pure functions over text and numbers, standard library only."""
