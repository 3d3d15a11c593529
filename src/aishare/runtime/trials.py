"""Connection tests of storages before settings lead to them."""

import time
from collections.abc import Awaitable, Callable
from typing import Final

from aishare.settings.catalog import Settings
from aishare.storage.checks.probe import ProbeReport

_GOOD_FOR_SECONDS: Final = 60.0


class StorageTrials:
    """Whoever asks for a test gets one. A change that follows a test that passed does not repeat it: it was of the same
    settings, less than a minute ago, in this process.
    """

    def __init__(
        self, run: Callable[[Settings], Awaitable[ProbeReport]], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._run = run
        self._clock = clock
        self._passed: tuple[Settings, ProbeReport, float] | None = None

    async def test(self, settings: Settings) -> ProbeReport:
        """The steps of a new test."""
        self._passed = None
        report = await self._run(settings)
        if report.ok:
            self._passed = settings, report, self._clock()
        return report

    async def tested(self, settings: Settings) -> ProbeReport:
        """The test that has just passed, or a new one."""
        if self._passed is not None:
            known, report, at = self._passed
            if known == settings and self._clock() - at < _GOOD_FOR_SECONDS:
                return report
        return await self.test(settings)
