"""Memory of a running process, on Linux: proc_pid_status(5)."""

import re
from pathlib import Path


def resident(pid: int) -> int:
    """Bytes now."""
    return _status(pid, "VmRSS")


def peak(pid: int) -> int:
    """Bytes at most, since its program began."""
    return _status(pid, "VmHWM")


def _status(pid: int, name: str) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(rf"^{name}:\s+(\d+) kB$", status, re.MULTILINE)
    assert found, f"Process {pid} has no {name}."
    return int(found[1]) * 1024
