"""One module per kind of storage."""
