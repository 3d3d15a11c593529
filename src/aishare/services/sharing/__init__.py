"""Links and shares."""
