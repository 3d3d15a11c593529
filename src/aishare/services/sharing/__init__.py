"""Services for links and shares."""
