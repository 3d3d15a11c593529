"""Content in transit: counted, hashed, verified, and held while it waits."""
