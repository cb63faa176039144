"""The audit plan as data: its lines, and how far the registry answers each."""
