"""Settings: one frozen value from defaults < `.env` files < process environment, replaced as a whole, never edited in
place.

`catalog` is the only list of variables; parsing, masking, docs/settings.md and `.env.example` are derived from it.
"""
