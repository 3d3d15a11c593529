"""A program that has imported all of aishare, and forks a process for each command that it is told: `launching`.

What a process imports is the same every time, and most of what its start costs.
"""

import gc
import json
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module

LARGEST = 256 * 1024
"""Bytes of an order; half of them are room for the environment."""

_LATER = (
    "aishare.storage.backends.s3", "alembic.command", "alembic.context", "alembic.op", "asyncpg", "httptools",
    "mako.template", "encodings.idna", "sqlalchemy.dialects.postgresql.asyncpg", "uvicorn.lifespan.off",
)  # fmt: skip
"""What commands import only when they need it."""


def main() -> None:
    commands = import_module("aishare.cli.main")
    list(commands._Commands().values())  # imports each
    for module in _LATER:
        import_module(module)
    gc.freeze()  # to look through it for garbage would copy the memory that the children share
    if _became_child(int(sys.argv[1])):
        commands.main()


def _became_child(number: int) -> bool:
    """True in each child, which is to run the command of `sys.argv`; False once nobody can give orders any more."""
    reports: dict[int, int] = {}
    wake, waking = os.pipe()
    os.set_blocking(waking, False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
    with socket.socket(fileno=number) as orders, selectors.DefaultSelector() as selector:
        selector.register(orders, selectors.EVENT_READ)
        selector.register(wake, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fd == wake:
                    os.read(wake, 4096)
                    _bury(reports)
                    continue
                data, descriptors, _, _ = socket.recv_fds(orders, LARGEST, 4)
                if not data:
                    return False
                if _forked(data, descriptors, reports):
                    os.close(wake)
                    os.close(waking)
                    return True


def _forked(data: bytes, descriptors: list[int], reports: dict[int, int]) -> bool:
    """In the parent, a child more, whose number and end are reported on the last descriptor."""
    *streams, report = descriptors
    child = os.fork()
    if child:
        for one in streams:
            os.close(one)
        reports[child] = report
        _say(report, child)
        return False
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, one in enumerate(streams):
        os.dup2(one, number)
    for one in (*descriptors, *reports.values()):
        os.close(one)
    order = json.loads(data)
    os.environ.clear()
    os.environ.update(order["environ"])
    os.chdir(order["folder"])
    sys.argv = ["aishare", *order["arguments"]]
    return True


def _bury(reports: dict[int, int]) -> None:
    """Says of each child that has ended how it did."""
    with suppress(ChildProcessError):
        while True:
            child, status = os.waitpid(-1, os.WNOHANG)
            if child == 0:
                return
            report = reports.pop(child)
            _say(report, os.waitstatus_to_exitcode(status))
            os.close(report)


def _say(report: int, number: int) -> None:
    with suppress(BrokenPipeError):  # nobody wants to know
        os.write(report, b"%d\n" % number)


if __name__ == "__main__":
    main()
