"""When the next scheduled scrub is due."""

from datetime import UTC, datetime

from aishare.core.clock import Clock
from aishare.services.integrity.scrubs import ScrubService


class ScrubSchedule:
    """For one process. A time that passes while no process is running is skipped, not caught up."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._looked_at = clock()

    async def look(self, scrubs: ScrubService, schedule: str, percent: int) -> bool:
        """Starts checks that have become due since the last call; returns whether this process started one."""
        since, self._looked_at = self._looked_at, self._clock()
        due = last_due(schedule, self._looked_at)
        return due is not None and due >= since and await scrubs.start_scheduled(due, percent=percent)


def last_due(schedule: str, now: datetime) -> datetime | None:
    """The last time, up to now, in the schedule; in UTC."""
    if not schedule:
        return None
    from croniter import croniter  # noqa: PLC0415 - saves a tenth of a second without a schedule

    due: datetime = croniter(schedule, now.astimezone(UTC)).get_prev(datetime)
    return due
