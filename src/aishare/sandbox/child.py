"""The child's side: sets limits for itself, then does one job after the other until the service closes the connection.

Imports only little of the standard library, because each child imports it at its start.
"""

import contextlib
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any, Final

from aishare.sandbox.framing import LENGTHS, Message, encoded, header_of, lengths

_BODY_MAX: Final = 64 * 1024 * 1024
_FILES_MAX: Final = 4
_OPEN_FILES: Final = 64
_GRACE_SECONDS: Final = 2


class Job:
    """A request of the service: a message, and files as open descriptors that are closed when the job is done."""

    def __init__(self, message: Message, files: list[int], ask: Callable[[Message], Message]) -> None:
        self.header = message.header
        self.body = message.body
        self.files = files
        self._ask = ask

    def ask(self, header: dict[str, Any], body: bytes = b"") -> Message:
        """Asks the service something during the work, such as for a range of bytes."""
        return self._ask(Message({**header, "ask": True}, body))


def serve(work: Callable[[Job], Message]) -> None:
    """Never raises when the service ends. An exception of `work` ends the child, which the service notices."""
    memory_bytes, seconds = int(sys.argv[1]), float(sys.argv[2])
    _confine(memory_bytes)
    connection = socket.socket(fileno=os.dup(0))
    with connection, contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        connection.sendall(encoded(Message({"ready": True})))
        while True:
            message, files = _receive(connection)
            # By default the signal ends the process wherever it is. Orphans are ended by it, because nobody else
            # watches them.
            signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_SECONDS)
            result = work(Job(message, files, lambda question: _asked(connection, question)))
            signal.setitimer(signal.ITIMER_REAL, 0)
            for file in files:
                os.close(file)
            connection.sendall(encoded(result))


def _confine(memory_bytes: int) -> None:
    """No core dumps with users' data, no files written, and too much memory ends in an ordinary error."""
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_AS, memory_bytes),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS does not support a limit of the address space
            resource.setrlimit(limit, (value, value))
    os.chdir("/")


def _asked(connection: socket.socket, question: Message) -> Message:
    connection.sendall(encoded(question))
    answer, _ = _receive(connection)
    return answer


def _receive(connection: socket.socket) -> tuple[Message, list[int]]:
    prefix, files, _, _ = socket.recv_fds(connection, LENGTHS.size, _FILES_MAX)
    header, body = lengths(
        prefix + _exactly(connection, LENGTHS.size - len(prefix), begun=bool(prefix)), body_max=_BODY_MAX
    )
    return Message(header_of(_exactly(connection, header)), _exactly(connection, body)), list(files)


def _exactly(connection: socket.socket, count: int, *, begun: bool = True) -> bytes:
    """EOFError if the service is gone."""
    if not begun:
        raise EOFError
    pieces = bytearray()
    while len(pieces) < count:
        piece = connection.recv(min(count - len(pieces), 1024 * 1024))
        if not piece:
            raise EOFError
        pieces += piece
    return bytes(pieces)
