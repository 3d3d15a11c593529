"""JSON routes, by subject."""
