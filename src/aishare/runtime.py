"""Builds everything from settings and swaps it on reload: the one place of wiring."""
