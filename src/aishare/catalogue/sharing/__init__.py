"""Links and shares. Their rows."""
