"""Services for locations, disks, integrity checks and unused objects."""

from aishare.services.integrity.disks import (
    DiskService,
    DiskState,
)

__all__ = [
    "DiskService",
    "DiskState",
]
