"""Thumbnails and other details of images. Decoders run only in child processes: see `aishare.sandbox`."""
