"""The parent of several server processes: it starts, restarts and stops them.

It reads the settings, but opens neither the database nor the storage. `aishare serve` turns into it, with its options
passed as JSON.
"""

import contextlib
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from aishare.cli.endings import reporting_errors
from aishare.cli.options import ServeOptions
from aishare.cli.serving.announcing import announce
from aishare.cli.serving.child import Instructions, WorkerProcess
from aishare.cli.serving.listening import reserve
from aishare.core.ids import new_secret, secret_digest
from aishare.core.logs import configure_logging, get_logger, install_hooks
from aishare.core.redaction import register_secrets
from aishare.settings.catalog import Settings
from aishare.settings.secrets import secret_values

_log = get_logger("aishare.workers")

_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_STEADY_SECONDS: Final = 60.0
"""A worker that ran at least this long did not fail because of its start."""

_STOP_MARGIN: Final = 15.0
"""Time a worker may need to shut down after its transfers have ended."""


class Parent:
    """Runs until it is told to stop; `run` returns the exit status."""

    def __init__(self, settings: Settings, instructions: Instructions) -> None:
        self._settings = settings
        self._instructions = instructions
        self._selector = selectors.DefaultSelector()
        self._children: dict[int, WorkerProcess] = {}
        self._due: dict[int, float] = {}
        self._failures: dict[int, int] = {}
        self._announced = False
        self._setup = False
        self._stop_at: float | None = None
        self._status = 0

    def run(self) -> int:
        with self._signals() as wake:
            self._selector.register(wake, selectors.EVENT_READ)
            self._start(1)
            while self._children or (self._due and self._stop_at is None):
                for key, _ in self._selector.select(self._timeout()):
                    if key.fileobj is wake:
                        self._told(wake)
                    else:
                        self._heard(key.data)
                self._start_due()
                self._kill_late()
        _log.info("stopped")
        return self._status

    def _start(self, number: int) -> None:
        child = WorkerProcess(number, self._instructions, seeds=not self._announced and number == 1)
        self._children[number] = child
        self._selector.register(child.report, selectors.EVENT_READ, child)

    def _heard(self, child: WorkerProcess) -> None:
        report = child.hear()
        if report is None:
            self._ended(child)
            return
        self._setup = self._setup or report["setup"]
        _log.info("worker_ready", worker=child.number, pid=child.pid)
        if self._announced or self._stop_at is not None:
            return
        if len(self._children) < self._settings.workers:
            # The first worker has updated the database and created what was missing; the others find it ready.
            for number in range(2, self._settings.workers + 1):
                self._start(number)
        elif all(child.ready for child in self._children.values()):
            self._announced = True
            port = self._instructions.addresses[0][1][1]
            announce(self._settings, port=port, setup_token=self._instructions.setup_token if self._setup else None)

    def _ended(self, child: WorkerProcess) -> None:
        self._selector.unregister(child.report)
        del self._children[child.number]
        status = child.ended()
        for gauges in self._instructions.metrics_folder.glob(f"gauge_live*_{child.pid}.db"):
            gauges.unlink()
        if self._stop_at is not None:
            return
        if not self._announced:
            self._status = status if status > 0 else 1
            _log.error("worker_failed", worker=child.number, pid=child.pid, status=status)
            self._stop(signal.SIGTERM)
            return
        failures = 1 if child.age() > _STEADY_SECONDS else self._failures.get(child.number, 0) + 1
        self._failures[child.number] = failures
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (failures - 1))
        self._due[child.number] = time.monotonic() + pause
        _log.error("worker_died", worker=child.number, pid=child.pid, status=status, again_in_seconds=pause)

    def _start_due(self) -> None:
        now = time.monotonic()
        for number in [number for number, at in self._due.items() if at <= now and self._stop_at is None]:
            del self._due[number]
            self._start(number)

    def _told(self, wake: socket.socket) -> None:
        for number in wake.recv(64):
            self._stop(signal.Signals(number))

    def _stop(self, number: signal.Signals) -> None:
        """The first signal lets workers finish their requests; a second SIGINT stops them."""
        again = self._stop_at is not None
        if not again:
            _log.info("stopping")
            self._stop_at = time.monotonic() + self._settings.shutdown_timeout_seconds + _STOP_MARGIN
        for child in self._children.values():
            child.send(number if again else signal.SIGTERM)

    def _kill_late(self) -> None:
        if self._stop_at is not None and time.monotonic() > self._stop_at:
            for child in self._children.values():
                child.send(signal.SIGKILL)

    def _timeout(self) -> float | None:
        times = [*self._due.values()] if self._stop_at is None else [self._stop_at]
        return max(0.05, min(times) - time.monotonic()) if times else None

    @contextlib.contextmanager
    def _signals(self) -> Iterator[socket.socket]:
        """Signals as bytes to read, because a handler that did more could interrupt any code."""
        read, write = socket.socketpair()
        for end in (read, write):
            end.setblocking(False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: None)
        signal.set_wakeup_fd(write.fileno())
        try:
            yield read
        finally:
            signal.set_wakeup_fd(-1)
            read.close()
            write.close()


def main() -> None:
    """`python -m aishare.cli.serving.workers OPTIONS`."""
    options = ServeOptions(**json.loads(sys.argv[1]))
    with reporting_errors():
        sys.exit(_run(options))


def _run(options: ServeOptions) -> int:
    loaded = options.start()
    settings = loaded.settings
    register_secrets(secret_values(settings))
    configure_logging(settings.log_level, settings.log_format)
    install_hooks()
    for warning in loaded.warnings:
        _log.warning("settings_warning", message=warning)
    setup_token = new_secret()
    with reserve(settings.host, settings.port) as addresses, _metrics_folder() as folder:
        instructions = Instructions(options, addresses, setup_token, secret_digest(setup_token), folder)
        return Parent(settings, instructions).run()


@contextlib.contextmanager
def _metrics_folder() -> Iterator[Path]:
    """Folder for the workers' metrics: prometheus_client's files, which a scrape of any worker adds up."""
    folder = Path(tempfile.mkdtemp(prefix="aishare-metrics-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
    main()
