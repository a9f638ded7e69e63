"""Source files to checked rows, and on to a store."""
