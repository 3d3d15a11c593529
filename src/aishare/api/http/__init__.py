"""HTTP itself: requests, errors, who calls, and how bytes are sent."""
