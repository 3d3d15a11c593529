"""Bytes on their way: counted, hashed, verified, held while they wait."""
