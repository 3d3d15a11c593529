"""When the next scheduled scrub is due."""

from datetime import UTC, datetime

from aishare.core.clock import Clock
from aishare.services.integrity.scrubs import ScrubService


class ScrubSchedule:
    """Of one process. A moment that passes while no process runs is left out, not made up for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._looked_at = clock()

    async def look(self, scrubs: ScrubService, schedule: str, percent: int) -> bool:
        """Start what has become due since the last look; whether this process started it."""
        since, self._looked_at = self._looked_at, self._clock()
        due = last_due(schedule, self._looked_at)
        return due is not None and due >= since and await scrubs.start_scheduled(due, percent=percent)


def last_due(schedule: str, now: datetime) -> datetime | None:
    """The last moment up to now that the schedule names, in UTC."""
    if not schedule:
        return None
    from croniter import croniter  # noqa: PLC0415 - a tenth of a second, which services without a schedule save

    due: datetime = croniter(schedule, now.astimezone(UTC)).get_prev(datetime)
    return due
