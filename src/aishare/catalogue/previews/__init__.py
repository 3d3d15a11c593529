"""Thumbnails and previews. Their rows."""
