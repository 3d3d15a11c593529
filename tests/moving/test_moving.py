"""The short journey; `make soak` is the long one."""

import pytest

from tests.moving.content import MIB
from tests.moving.journey import Scale, travel


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("files", "least_kills"), [(60, 1), pytest.param(240, 2, marks=pytest.mark.slow)])
def test_everything_moves_through_all_storages_under_load_and_kill_9_and_nothing_is_lost(tmp_path, files, least_kills):
    scale = Scale(files=files, clients=6, largest=9 * MIB, kill_seconds=5, trouble_seconds=3, least_kills=least_kills)
    outcome = travel(tmp_path, scale)
    print(outcome.lines())
    assert outcome.wrong == []
    assert outcome.failed_reads == []
    assert outcome.kills >= 2 * least_kills
    assert outcome.counts["read"] >= files // 3
    assert all(migration["state"] == "completed" for migration in outcome.migrations)
    secret = "admin-secret-of-the-tests"
    assert secret not in (tmp_path / "log").read_text()
