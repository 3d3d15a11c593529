"""Uploads that wait for `100 Continue`: answers to the headers alone, and bodies that end when the test wants."""

import socket
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit


class Upload:
    """A request whose headers are sent; `continued` tells whether its body is wanted."""

    def __init__(self, connection, request):
        self._connection = connection
        self._answers = connection.makefile("rb")
        connection.sendall(request)
        self._head = self._read_head()
        self.continued = self._head[0].startswith("HTTP/1.1 100")

    def finish(self, body):
        self._connection.sendall(body)

    def answer(self):
        """The status and the headers, by lower-case name."""
        head = self._read_head() if self.continued else self._head
        headers = dict(line.lower().split(": ", 1) for line in head[1:])
        self._answers.read(int(headers.get("content-length", 0)))
        return int(head[0].split()[1]), headers

    def _read_head(self):
        lines = []
        while line := self._answers.readline().strip().decode("latin-1"):
            lines.append(line)
        assert lines, "the server hung up"
        return lines


@contextmanager
def uploading(server, client, path, all_headers, *, length, method="PUT"):
    """One upload for each of the headers, signed in as the client is."""
    target = urlsplit(server.address)
    common = {
        "Host": target.netloc,
        "Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items()),
        "Content-Length": length,
        "Expect": "100-continue",
    }
    with ExitStack() as stack:
        uploads = []
        for headers in all_headers:
            lines = [f"{name}: {value}" for name, value in (common | headers).items()]
            request = "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode("latin-1")
            connection = stack.enter_context(socket.create_connection((target.hostname, target.port), timeout=30))
            uploads.append(Upload(connection, request))
        yield uploads
