"""aishare: share datasets, models and images on your own storage."""

__version__ = "0.2.0"
