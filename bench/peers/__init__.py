"""The measured servers, all with the same interface."""
