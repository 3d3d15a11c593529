"""Storage backends, their wrappers, uploads (`ingest`) and the connection test (`probe`)."""
