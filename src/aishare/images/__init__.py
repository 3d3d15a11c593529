"""What images look like, and thumbnails of them. Decoders run in children only: see `aishare.sandbox`."""
