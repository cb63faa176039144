"""The door to sources, which are only read, and to what a drill restored into its sandbox."""
