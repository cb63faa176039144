"""Records that went wrong in every way we could think of, and what must hold whatever they are."""
