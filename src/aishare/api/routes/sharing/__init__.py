"""Links and shares. Their JSON."""
