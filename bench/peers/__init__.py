"""The services that are measured, all with the same interface."""
