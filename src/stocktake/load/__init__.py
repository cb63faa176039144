"""Files become the model: parse, check, and tell every problem with its place."""
