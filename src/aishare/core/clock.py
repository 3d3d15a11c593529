"""Injectable time: services take a Clock, so tests can control it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The current time in UTC, with time zone."""
    return datetime.now(UTC)
