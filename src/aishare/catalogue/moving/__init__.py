"""Moving objects between locations: migrations, the spool, and what they leave behind. Their rows."""

from aishare.catalogue.moving.migrations import (
    UNFINISHED,
)

__all__ = [
    "UNFINISHED",
]
