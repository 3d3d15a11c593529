"""What all long work has in common."""
