"""Work that is done in steps, each of which may be repeated, by whichever process has the lease."""

from enum import Enum


class Step(Enum):
    """What is to be done after a step."""

    AGAIN = "again"
    LATER = "later"
    """A storage is down, or another process has the lease."""
    END = "end"
