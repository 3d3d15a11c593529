"""Tables for migrations, the spool and old copies."""

from aishare.catalogue.moving.migrations import (
    UNFINISHED,
)

__all__ = [
    "UNFINISHED",
]
