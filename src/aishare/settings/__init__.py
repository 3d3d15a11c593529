"""Settings: one frozen value from defaults < `.env` files < process environment, replaced whole, never edited in place.

`catalog` is the one list of all variables; parsing, masking, docs/settings.md and `.env.example` derive from it.
"""
