"""Tables for locations, integrity checks and unused objects."""
