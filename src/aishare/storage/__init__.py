"""Bytes in places: backends, their wrappers, the one way in (`ingest`) and the connection test (`probe`)."""
