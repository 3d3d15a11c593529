"""The engine of durable jobs, on both databases."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.postgres import fresh_database

_PROGRAM = """
import logging, sys, threading, time
from pathlib import Path
from aishare.jobs.engine import Engine
url, folder, name = sys.argv[1:]
done, calls = threading.Event(), []
def step(migration_id):
    calls.append(migration_id)
    if name == "first" and len(calls) == 3:
        print("working", flush=True)
        threading.Event().wait()
    if len(calls) == 5:
        done.set()
        return "end"
    return "again"
logging.basicConfig()
engine = Engine(url, Path(folder), name=name, step=step)
until = time.monotonic() + 2
while time.monotonic() < until and not done.is_set():  # as the worker does, which looks again and again
    engine.work_on("abc")
assert done.wait(30)
engine.close()
print("ended", set(calls), flush=True)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    else:
        async with fresh_database() as postgres:
            yield postgres


def test_what_a_killed_process_left_is_resumed_by_another(url: str, tmp_path: Path) -> None:
    with subprocess.Popen(_command(url, tmp_path, "first"), stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "working\n"
        first.kill()
    second = subprocess.run(_command(url, tmp_path, "second"), capture_output=True, text=True, timeout=60, check=False)
    assert second.stdout == "ended {'abc'}\n", second.stderr
    assert "cancelled" not in second.stderr


_LOGGING = """
import sys
from pathlib import Path
from dbos import DBOS
from aishare.core.logs import configure_logging, register_secrets
from aishare.jobs.engine import Engine
configure_logging("info", "json")
register_secrets(["canary-of-the-engine"])
for _ in range(2):
    engine = Engine("sqlite://", Path(sys.argv[1]), name="one", step=str)
    DBOS.logger.warning("canary-of-the-engine")
    engine.close()
"""


def test_what_the_engine_says_is_in_our_log_and_nowhere_else(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _LOGGING, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["level"] for line in lines if line["logger"] == "dbos"] == ["warning", "warning"]
    assert "canary" not in done.stderr + done.stdout


_FORGETTING = """
import sys, threading, time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from dbos import DBOS
from aishare.jobs import workflows
from aishare.jobs.engine import Engine
url, folder = sys.argv[1:]
hold, held, ran = threading.Event(), threading.Event(), []
def step(migration_id):
    ran.append(migration_id)
    if migration_id == "running":
        held.set()
        hold.wait()
    return "end"
engine = Engine(url, Path(folder), name="one", step=step)
def work(migration_id):
    before = len(ran)
    engine.work_on(migration_id)
    while len(ran) == before or (migration_id != "running" and workflows.is_running(migration_id)):
        time.sleep(0.01)
def records():
    return sorted(one.workflow_id for one in DBOS.list_workflows())
def settled():
    while any(one.status == "PENDING" for one in DBOS.list_workflows(workflow_id_prefix="migration-ended-")):
        time.sleep(0.01)
work("ended")
settled()
middle = datetime.now(UTC)
time.sleep(1.1)  # on SQLite the engine knows whole seconds
work("ended")
settled()
work("running")
assert held.wait(10)
print(records())
print(engine.forget(ended_before=middle), records())
work("ended")
settled()
print(records())
print(engine.forget(ended_before=datetime.now(UTC) + timedelta(days=1)), records())
hold.set()
engine.close()
"""


def test_records_of_what_ended_are_deleted_and_numbers_are_not_given_twice(url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", _FORGETTING, url, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    one, two, three = (f"migration-ended-{number:04}" for number in (1, 2, 3))
    assert done.stdout.splitlines() == [
        str([one, two, "migration-running-0001"]),
        "1 " + str([two, "migration-running-0001"]),
        str([two, three, "migration-running-0001"]),
        "2 " + str(["migration-running-0001"]),
    ], done.stderr


def _command(url: str, folder: Path, name: str) -> list[str]:
    return [sys.executable, "-c", _PROGRAM, url, str(folder), name]
