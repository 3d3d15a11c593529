"""Starting servers and waiting until they answer."""

import http.client
import os
import signal
import subprocess
import time
from pathlib import Path


class ServerDidNotStart(RuntimeError):
    pass


def start(
    command: list[str], *, log: Path, environment: dict[str, str] | None = None, folder: Path | None = None
) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})}, cwd=folder
        )


def wait_for_status(
    process: subprocess.Popen[bytes], port: int, path: str, *, status: int, log: Path, seconds: float = 60
) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if process.poll() is not None:
            break
        if _status(port, path) == status:
            return
        time.sleep(0.05)
    process.kill()
    raise ServerDidNotStart(f"{process.args!r}\n{log.read_text(errors='replace')[-3000:]}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Test data is deleted anyway, so do not wait for a clean end."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def _status(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
