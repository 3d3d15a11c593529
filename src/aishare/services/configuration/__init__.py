"""Services for settings: editing, applying and reverting them on all nodes of a running service."""
