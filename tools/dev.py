"""`make dev`: a server that starts again when a Python file changes, and pages that change with their sources.

Vite shows the pages, and passes everything else on to the server. Ctrl-C ends both.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from watchfiles import PythonFilter, watch

from frontend import build as pages

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "aishare"
HOST = "127.0.0.1"
STOP_SECONDS = 5.0
LOOK_MILLISECONDS = 500


@dataclass
class Program:
    """It has a process group of its own: Ctrl-C reaches the supervisor alone, which ends the others in order."""

    command: list[str]
    folder: Path = ROOT
    environ: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environ = {**os.environ, **self.environ}
        self.process = subprocess.Popen(
            self.command, cwd=self.folder, env=environ, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def stop(self) -> None:
        """With everything that it has started."""
        if self.process is None:
            return
        _signal_group(self.process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        _signal_group(self.process, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def has_ended(self) -> bool:
        """Told once."""
        if self.process is None or self.process.poll() is None:
            return False
        self.stop()
        return True


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def main() -> None:
    server_port, pages_port = _port("PORT", 8000), _port("PAGES_PORT", 5173)
    server = Program(_server_command(server_port), environ={"SHUTDOWN_TIMEOUT_SECONDS": "1", "PYTHONPATH": "src"})
    vite = Program(_vite_command(pages_port), ROOT / "frontend", {"AISHARE_SERVER": f"http://{HOST}:{server_port}"})
    say(f"pages   http://{HOST}:{pages_port}  follow the files in frontend/src")
    say(f"server  http://{HOST}:{server_port}  starts again when a Python file in src/aishare changes")
    say("Ctrl-C ends both.")
    sys.exit(supervise(server, vite, SOURCE, until_a_signal()))


def supervise(server: Program, vite: Program, source: Path, ended: threading.Event) -> int:
    """Until `ended` is set, or the pages end by themselves: the exit status."""
    try:
        vite.start()
        server.start()
        for changes in watch(
            source,
            watch_filter=PythonFilter(),
            stop_event=ended,
            rust_timeout=LOOK_MILLISECONDS,
            yield_on_timeout=True,
            raise_interrupt=False,
        ):
            if changes:
                _restart(server, sorted(Path(path).relative_to(source).as_posix() for _, path in changes))
            elif server.has_ended():
                say("The server has ended. It starts again when a file changes.")
            if vite.has_ended():
                return 1
    finally:
        server.stop()
        vite.stop()
    return 0


def until_a_signal() -> threading.Event:
    """Set by Ctrl-C, by a polite end, or when the terminal is closed."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: ended.set())
    return ended


def say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def _restart(server: Program, changed: list[str]) -> None:
    say(f"{changed[0]}{' and others' if len(changed) > 1 else ''} changed: the server starts again.")
    server.stop()
    server.start()


def _server_command(port: int) -> list[str]:
    return [sys.executable, "-m", "aishare", "serve", "--demo", "--host", HOST, "--port", str(port)]


def _vite_command(port: int) -> list[str]:
    node = pages.find_node()
    pages.install_packages(node)
    options = ["--port", str(port), "--strictPort", "--clearScreen", "false"]
    return [str(node.executable), "node_modules/vite/bin/vite.js", *options]


def _port(name: str, default: int) -> int:
    """That of the environment, if it is free."""
    port = int(os.environ.get(name) or default)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            sys.exit(f"Port {port} is in use. Choose another one, as in: make dev {name}={port + 100}")
    return port


if __name__ == "__main__":
    main()
