"""The short journey; `make soak` is the long one."""

import pytest

from tests.moving.content import MIB
from tests.moving.journey import Scale, travel


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_everything_moves_through_all_storages_under_load_and_kill_9_and_nothing_is_lost(tmp_path):
    scale = Scale(files=240, clients=6, largest=9 * MIB, kill_seconds=5, trouble_seconds=3, least_kills=2)
    outcome = travel(tmp_path, scale)
    print(outcome.lines())
    assert outcome.wrong == []
    assert outcome.failed_reads == []
    assert outcome.kills >= 4
    assert outcome.counts["read"] >= 100
    assert all(migration["state"] == "completed" for migration in outcome.migrations)
    secret = "admin-secret-of-the-tests"
    assert secret not in (tmp_path / "log").read_text()
