"""Documentation pages generated from the API."""
