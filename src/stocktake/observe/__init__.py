"""Live stores: connect and read, never write; what comes out is facts."""
