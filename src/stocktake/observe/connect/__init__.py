"""The door to live stores: one module per kind of connection."""
