"""aishare: share datasets, models and images on whatever storage a team has."""

__version__ = "0.2.0"
