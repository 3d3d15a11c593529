"""JSON, by room."""
