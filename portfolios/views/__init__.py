"""Pages about what clients own."""
