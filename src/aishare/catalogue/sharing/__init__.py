"""Tables for links and shares."""
