"""Settings while the service runs: editing, applying, rolling back, on every node."""
