"""A change of the storage is tested once: what review has found counts for the change that follows."""

from pathlib import Path

import pytest

from aishare.runtime.trials import StorageTrials
from aishare.settings.catalog import Settings
from aishare.storage.checks.probe import ProbeReport, ProbeStep


class Probe:
    """Counts the tests, which end as they are told to."""

    def __init__(self) -> None:
        self.tests = 0
        self.ok = True
        self.now = 0.0

    async def __call__(self, _settings: Settings) -> ProbeReport:
        self.tests += 1
        return ProbeReport(self.ok, (ProbeStep("write", self.ok, 1, ""),))


def settings(folder: str) -> Settings:
    return Settings(local_storage_path=Path(folder))


@pytest.fixture
def probe() -> Probe:
    return Probe()


@pytest.fixture
def trials(probe) -> StorageTrials:
    return StorageTrials(probe, clock=lambda: probe.now)


async def test_a_test_that_passed_is_not_repeated_by_the_change(trials, probe):
    await trials.test(settings("/a"))
    assert (await trials.tested(settings("/a"))).ok
    assert (await trials.tested(settings("/a"))).ok
    assert probe.tests == 1


async def test_whoever_asks_for_a_test_gets_one(trials, probe):
    await trials.test(settings("/a"))
    await trials.test(settings("/a"))
    assert probe.tests == 2


async def test_other_settings_are_tested(trials, probe):
    await trials.test(settings("/a"))
    await trials.tested(settings("/b"))
    assert probe.tests == 2


async def test_a_test_that_failed_or_was_long_ago_does_not_count(trials, probe):
    probe.ok = False
    await trials.test(settings("/a"))
    probe.ok = True
    assert (await trials.tested(settings("/a"))).ok
    probe.now = 61
    await trials.tested(settings("/a"))
    assert probe.tests == 3


async def test_a_later_failure_replaces_what_passed(trials, probe):
    await trials.test(settings("/a"))
    probe.ok = False
    await trials.test(settings("/a"))
    assert not (await trials.tested(settings("/a"))).ok
