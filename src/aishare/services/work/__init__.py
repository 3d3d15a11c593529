"""What all background work has in common."""

from aishare.services.work.step import (
    Step,
)

__all__ = [
    "Step",
]
