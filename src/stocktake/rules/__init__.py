"""Ask every record what is missing or wrong: one function per rule, one module per family, and the engine that asks."""
