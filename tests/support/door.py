"""A door in front of a server: it can be shut, or kept by a proxy that finds nobody behind it."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.support.ports import free_port

_PIECE = 64 * 1024
_ANSWER = "HTTP/1.1 {} Nobody there\r\nContent-Type: text/html\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"


class Door:
    """Connections to its address reach the server while it is open. Whatever it becomes, what was connected is cut."""

    def __init__(self, server: str) -> None:
        self._behind = urlsplit(server)
        self._port = free_port()
        self._listener: socket.socket | None = None
        self._sockets: set[socket.socket] = set()
        self._status: int | None = None
        self.address = f"http://127.0.0.1:{self._port}"

    def open(self) -> None:
        self._become(None)

    def shut(self) -> None:
        """Connections are refused."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self._cut()

    def answer(self, status: int) -> None:
        """As a proxy does whose server is away."""
        self._become(status)

    def _become(self, status: int | None) -> None:
        self._status = status
        self._cut()
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self._port), backlog=128)
            threading.Thread(target=self._listen, args=[self._listener], daemon=True).start()

    def _cut(self) -> None:
        for one in list(self._sockets):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _listen(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client = listener.accept()[0]
                self._sockets.add(client)
                threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            if self._status is None:
                self._pass_on(client)
            elif client.recv(_PIECE):
                client.sendall(_ANSWER.format(self._status).encode())
        self._sockets.discard(client)

    def _pass_on(self, client: socket.socket) -> None:
        with socket.create_connection((self._behind.hostname or "", self._behind.port or 80)) as server:
            self._sockets.add(server)
            back = threading.Thread(target=_pump, args=[server, client], daemon=True)
            back.start()
            _pump(client, server)
            back.join()
            self._sockets.discard(server)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(_PIECE):
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def door_to(server: str) -> Iterator[Door]:
    door = Door(server)
    door.open()
    try:
        yield door
    finally:
        door.shut()
