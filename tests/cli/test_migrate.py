"""`aishare storage migrate` where no server runs: the command does the work itself."""

import json
from pathlib import Path

import pytest

from tests.support.server import run_cli, serving


def test_the_command_moves_everything_without_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(tmp_path):
        pass  # leaves the files of the demo
    monkeypatch.setenv("LOCAL_STORAGE_PATH", str(tmp_path / "other"))
    with serving(tmp_path):
        pass  # makes the other storage the active one
    info = json.loads(run_cli(tmp_path, "storage", "info", "--json").stdout)
    active = info["location_id"]
    before = {place["id"]: place["objects"] for place in info["locations"]}
    planned = run_cli(tmp_path, "storage", "migrate", "--plan", "--to", active, "--json")
    assert planned.returncode == 0, planned.stderr
    plan = json.loads(planned.stdout)
    assert plan["objects"] == sum(before.values()) > 0
    lost = next(path for path in (tmp_path / "storage" / "objects").rglob("*") if path.is_file())
    lost.rename(tmp_path / "found again later")
    moved = run_cli(tmp_path, "storage", "migrate", "--yes", "--to", active, "--json")
    assert moved.returncode == 1, moved.stderr
    document = json.loads(moved.stdout)
    assert (document["state"], document["failures"]) == ("failed", 1)
    (tmp_path / "found again later").rename(lost)
    retried = run_cli(tmp_path, "storage", "migrate", "--retry", document["id"], "--json")
    assert retried.returncode == 0, retried.stderr
    document = json.loads(retried.stdout)
    assert (document["state"], document["objects_done"]) == ("completed", plan["objects"])
    after = json.loads(run_cli(tmp_path, "storage", "info", "--json").stdout)
    assert {place["id"]: place["objects"] for place in after["locations"]}[active] == plan["objects"]
