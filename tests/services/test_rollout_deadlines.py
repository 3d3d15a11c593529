"""The deadlines of a change: what was told stays, and a revert that ended half-way is taken over."""

from datetime import timedelta

import pytest

from aishare.catalogue.database.session import Catalogue
from aishare.core.errors import Conflict
from aishare.services.configuration.rollout import RolloutService
from tests.support.catalogue import NOW


async def test_a_revert_has_a_deadline_of_its_own(catalogue: Catalogue) -> None:
    now = NOW
    rollout = RolloutService(catalogue, lambda: now)
    begun = await rollout.begin(None, names=("LOG_LEVEL",), file=".env", backup_id="backup", digests={})
    told = await rollout.settle(begun, confirm_seconds=12)
    assert await rollout.overdue() == []
    now += timedelta(seconds=13)
    (due,) = await rollout.overdue()
    first = await rollout.claim(due)
    assert first.confirm_until == told.confirm_until
    with pytest.raises(Conflict):
        await rollout.claim(due)
    assert await rollout.overdue() == []
    now += timedelta(seconds=20)
    (dead,) = await rollout.overdue()
    second = await rollout.claim(dead)
    with pytest.raises(Conflict):
        await rollout.end(first, "reverted", None, None)
    await rollout.end(second, "reverted", None, None)
    found = await rollout.find(begun.id)
    assert (found.state, found.confirm_until, found.ended_at) == ("reverted", told.confirm_until, now)
