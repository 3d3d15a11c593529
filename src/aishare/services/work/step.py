"""Work in steps, each of which may be repeated by the process that has the lease."""

from enum import Enum


class Step(Enum):
    """What to do after a step."""

    AGAIN = "again"
    LATER = "later"
    """The storage is down, or another process has the lease."""
    END = "end"
