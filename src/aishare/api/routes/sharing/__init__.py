"""JSON routes for links and shares."""
