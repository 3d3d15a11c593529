"""Thumbnails and previews. Their JSON."""
