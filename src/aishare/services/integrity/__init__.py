"""Whether what was stored is still there: locations, disks, checks, unused objects."""

from aishare.services.integrity.disks import (
    DiskService,
    DiskState,
)

__all__ = [
    "DiskService",
    "DiskState",
]
