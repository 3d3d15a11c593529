"""HTTP: requests, errors, authentication, and how content is sent."""
