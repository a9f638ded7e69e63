"""The domain, and where it is kept."""
