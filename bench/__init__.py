"""Measures aishare side by side with nginx and PocketBase: `make bench`."""
