"""The engine of durable jobs, on both databases."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.postgres import fresh_database

_PROGRAM = """
import sys, threading
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
engine = Engine(url, Path(folder), name=name, step=step)
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


def _command(url: str, folder: Path, name: str) -> list[str]:
    return [sys.executable, "-c", _PROGRAM, url, str(folder), name]
