"""The settings file under faults: killed at every system call, mounted alone, linked, written by many."""

import re
import shutil
import subprocess
import sys
from collections import Counter

import pytest

from aishare.settings.backups import Backups
from aishare.settings.durable_file import replace_file
from aishare.settings.envfile import changed_bytes

OLD = b"# ours\r\nexport LOG_LEVEL='info' # level\r\n" + b"# padding\r\n" * 500
NEW = changed_bytes(OLD, {"LOG_LEVEL": "debug", "S3_COMPATIBLE_SECRET_KEY": "it's # new"})
SCRIPT = """
import sys
from datetime import datetime, timezone
from pathlib import Path
from aishare.settings.backups import Backups
from aishare.settings.durable_file import locked, replace_file
folder = Path(sys.argv[1])
old, new = (folder / ".env").read_bytes(), (folder / "new").read_bytes()
backups = Backups(folder)
(folder / "begin").stat()
with locked(backups.lock):
    backups.save(".env", old, at=datetime.now(timezone.utc), keep=2)
    replace_file(folder / ".env", new)
(folder / "end").exists()
"""
CALLS = (
    "openat,open,write,fsync,fchmod,chmod,chown,rename,renameat,renameat2,unlink,unlinkat,close,flock,mkdir,ftruncate,"
    "stat,newfstatat,lseek,getdents64,fcntl,ioctl,read"
)


@pytest.fixture
def strace():
    found = shutil.which("strace")
    assert found, "the test needs strace (Debian: apt-get install strace)"
    return found


def prepared(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / ".env").write_bytes(OLD)
    (folder / ".env").chmod(0o640)
    (folder / "new").write_bytes(NEW)
    (folder / "begin").touch()
    return [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{SCRIPT}", str(folder)]


def system_calls(strace, folder, trace):
    """(name, number among its kind) of each call of the writer, from its beginning to its end."""
    command = prepared(folder)
    subprocess.run([strace, "-qq", "-o", str(trace), "-e", f"trace={CALLS}", *command], check=True, timeout=60)
    names = [found[1] for line in trace.read_text().splitlines() if (found := re.match(r"(\w+)\(", line))]
    lines = [line for line in trace.read_text().splitlines() if re.match(r"\w+\(", line)]
    first = next(index for index, line in enumerate(lines) if "/begin" in line)
    last = next(index for index, line in enumerate(lines) if "/end" in line)
    seen = Counter(names[: first + 1])
    found = []
    for name in names[first + 1 : last]:
        seen[name] += 1
        found.append((name, seen[name]))
    return found


def test_killed_at_every_system_call_the_file_is_old_or_new(tmp_path, strace):
    calls = system_calls(strace, tmp_path / "work", tmp_path / "trace")
    assert {"write", "fsync", "fchmod", "flock"} <= {name for name, _ in calls}
    assert any(name.startswith("rename") for name, _ in calls)
    ends = Counter()
    for name, number in calls:
        folder = tmp_path / "work"
        command = prepared(folder)
        inject = f"inject={name}:signal=SIGKILL:when={number}"
        done = subprocess.run(
            [strace, "-qq", "-o", "/dev/null", "-e", f"trace={name}", "-e", inject, *command], check=False, timeout=60
        )
        assert done.returncode in (-9, 137), f"{name} {number} was not reached"
        content = (folder / ".env").read_bytes()
        assert content in (OLD, NEW), f"killed at {name} {number}"
        assert (folder / ".env").stat().st_mode & 0o777 == 0o640
        ends["old" if content == OLD else "new"] += 1
        if content == NEW:
            assert [Backups(folder).read(one.id) for one in Backups(folder).newest()] == [OLD]
        replace_file(folder / ".env", NEW)  # the next writer clears away what was left
        assert not list(folder.glob(".*.new"))
    print(f"\nkilled at {len(calls)} system calls: {dict(ends)}")
    assert set(ends) == {"old", "new"}


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    real = tmp_path / "real" / "settings"
    real.write_bytes(OLD)
    (tmp_path / ".env").symlink_to("real/settings")
    replace_file(tmp_path / ".env", NEW)
    assert (tmp_path / ".env").is_symlink()
    assert real.read_bytes() == NEW


def test_a_file_that_is_mounted_alone_is_written_in_place(tmp_path):
    """What a container with `-v ./.env:/app/.env` meets: the name cannot be replaced."""
    source, target = tmp_path / "source", tmp_path / ".env"
    source.write_bytes(OLD)
    target.touch()
    mounted = subprocess.run(["mount", "--bind", source, target], check=False, capture_output=True, text=True)
    assert mounted.returncode == 0, f"the test mounts a file and needs root: {mounted.stderr}"
    try:
        replace_file(target, NEW)
        assert source.read_bytes() == target.read_bytes() == NEW
        replace_file(target, OLD[:100])  # shorter
        assert source.read_bytes() == OLD[:100]
        assert not list(tmp_path.glob(".*.new"))
    finally:
        subprocess.run(["umount", target], check=True)


WRITER = """
import sys
from pathlib import Path
from aishare.settings.durable_file import locked, read_bytes, replace_file
from aishare.settings.envfile import changed_bytes
path = Path(sys.argv[1])
for number in range(20):
    with locked(path.parent / "lock"):
        replace_file(path, changed_bytes(read_bytes(path), {f"V{sys.argv[2]}_{number}": "x"}))
"""


def test_four_processes_lose_no_update(tmp_path):
    (tmp_path / ".env").write_bytes(b"")
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / ".env"), str(n)]) for n in range(4)]
    assert [writer.wait(60) for writer in writers] == [0] * 4
    lines = (tmp_path / ".env").read_text().split()
    assert sorted(lines) == sorted(f"V{writer}_{number}=x" for writer in range(4) for number in range(20))
