"""Flows: the only place that knows all rooms, one module per flow."""
