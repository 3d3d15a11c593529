"""`make dev`: what it starts, starts again and ends."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.ports import free_port
from tests.support.server import wait_until
from tools.dev import ROOT, Program, supervise

PROGRAM = """
import pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with pathlib.Path(sys.argv[1]).open("a") as started:
    started.write(f"{child.pid}\\n")
while not pathlib.Path(sys.argv[1] + ".end").exists():
    time.sleep(0.01)
"""


class Supervised:
    """A server and pages, each with a child; both write down what they started."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "source"
        self.source.mkdir()
        self.server, self.pages = folder / "server", folder / "pages"
        self.ended = threading.Event()
        self.status: int | None = None

    def run(self) -> None:
        programs = [Program([sys.executable, "-c", PROGRAM, str(path)]) for path in (self.server, self.pages)]
        self.status = supervise(*programs, self.source, self.ended)


def _started(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().splitlines()] if path.exists() else []


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _all_end(pids: list[int]) -> None:
    """They were killed; a busy machine takes its time to bury them."""
    wait_until(lambda: not any(map(_lives, pids)))


@contextmanager
def _supervising(folder: Path) -> Iterator[Supervised]:
    supervised = Supervised(folder)
    thread = threading.Thread(target=supervised.run)
    thread.start()
    try:
        wait_until(lambda: _started(supervised.server) and _started(supervised.pages))
        yield supervised
    finally:
        supervised.ended.set()
        thread.join()


def test_a_changed_python_file_starts_the_server_again_and_the_end_ends_all(tmp_path: Path) -> None:
    with _supervising(tmp_path) as supervised:
        (supervised.source / "notes.txt").write_text("no program")
        (supervised.source / "module.py").write_text("changed = True")
        wait_until(lambda: len(_started(supervised.server)) == 2)
        before, after = _started(supervised.server)
        wait_until(lambda: not _lives(before))
        assert _lives(after)
        [page] = _started(supervised.pages)
        assert _lives(page)
    assert supervised.status == 0
    _all_end([before, after, page])


def test_a_server_that_has_ended_starts_again_at_the_next_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with _supervising(tmp_path) as supervised:
        told: list[str] = []
        (tmp_path / "server.end").touch()
        wait_until(lambda: told.append(capsys.readouterr().err) or "has ended" in "".join(told))
        (tmp_path / "server.end").unlink()
        (supervised.source / "module.py").write_text("mended = True")
        wait_until(lambda: len(_started(supervised.server)) == 2)


def test_pages_that_end_end_all(tmp_path: Path) -> None:
    with _supervising(tmp_path) as supervised:
        (tmp_path / "pages.end").touch()
        wait_until(lambda: supervised.status is not None)
        assert supervised.status == 1
        _all_end(_started(supervised.server) + _started(supervised.pages))


@pytest.mark.slow  # the real server and Vite
def test_make_dev_serves_pages_and_server_and_ends_at_ctrl_c(tmp_path: Path) -> None:
    server, pages = free_port(), free_port()
    environ = {"PORT": server, "PAGES_PORT": pages, "DATA_DIR": tmp_path / "data", "LOCAL_STORAGE_PATH": tmp_path / "s"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.dev"],
        cwd=ROOT,
        env={**os.environ, **{name: str(value) for name, value in environ.items()}},
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: _answers(f"http://127.0.0.1:{pages}/api/auth/demo-users"))
    assert "/src/app/main.tsx" in httpx.get(f"http://127.0.0.1:{pages}/").text
    changing = {"Origin": f"http://127.0.0.1:{pages}"}
    signed_in = httpx.post(f"http://127.0.0.1:{pages}/api/auth/demo-login", json={"username": "ada"}, headers=changing)
    assert signed_in.status_code == 200, signed_in.text
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert len(children) == 2
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 0
    assert f"http://127.0.0.1:{pages}" in told
    assert "ECONNREFUSED" not in told
    _all_end([int(pid) for pid in children])


def _answers(address: str) -> bool:
    try:
        return httpx.get(address).status_code == 200
    except httpx.HTTPError:
        return False
