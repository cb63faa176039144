"""Import and export: what the registry says, in the forms of other programs."""
