"""The child: `python -m aishare.previews.reader` reads tasks on standard input and writes answers to standard output.

It limits itself before it reads anything, has no storage, no settings and no secrets, and asks its parent for bytes.
"""

import json
import os
import resource
import sys
from typing import BinaryIO

from aishare.core.sizes import MiB
from aishare.previews.answers import Answer, Nothing, Unreadable, encode
from aishare.previews.limits import MEMORY_BYTES
from aishare.previews.messages import ANSWER, DATA, HEADER, RANGE, READ, TASK, pack


def main() -> None:
    """Answers until its parent closes the pipe."""
    limit()
    incoming, outgoing = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not look like a message
    while message := receive(incoming):
        kind, body = message
        if kind != TASK:
            raise SystemExit(f"unexpected message {kind!r}")
        outgoing.write(pack(ANSWER, encode(_answer(json.loads(body), incoming, outgoing))))
        outgoing.flush()


def limit() -> None:
    """No more memory, no core files; an end in any case, should the parent have lost its way."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def receive(incoming: BinaryIO) -> tuple[bytes, bytes] | None:
    """The next message; None at the end."""
    header = incoming.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    length, kind = HEADER.unpack(header)
    return kind, incoming.read(length)


class _Remote:
    """A file whose bytes the parent reads."""

    def __init__(self, size: int, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self.size = size
        self._incoming = incoming
        self._outgoing = outgoing

    def read(self, start: int, length: int) -> bytes:
        stop = min(start + length, self.size)
        pieces = []
        while start < stop:
            piece = self._ask(start, min(stop - start, MiB))
            pieces.append(piece)
            start += len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _ask(self, start: int, length: int) -> bytes:
        self._outgoing.write(pack(READ, RANGE.pack(start, length)))
        self._outgoing.flush()
        message = receive(self._incoming)
        if message is None or message[0] != DATA or len(message[1]) != length:
            raise SystemExit("the parent is gone")
        return message[1]


def _answer(task: dict[str, str | int], incoming: BinaryIO, outgoing: BinaryIO) -> Answer:
    source = _Remote(int(task["size"]), incoming, outgoing)
    try:
        return read(str(task["reader"]), source, name=str(task["name"]), page=int(task["page"]))
    except Unreadable as reason:
        return Nothing(str(reason))
    except MemoryError:
        return Nothing("It needs more memory than a preview may take.")
    except RecursionError:
        return Nothing("It is nested too deeply for a preview.")


def read(reader: str, source: _Remote, *, name: str, page: int) -> Answer:
    """Imports what the format needs: the child of somebody who looks at texts stays small."""
    if reader == "parquet":
        from aishare.previews.parquet import read_parquet  # noqa: PLC0415 - 100 ms and 40 MB

        return read_parquet(source, page)
    if reader in {"csv", "tsv"}:
        from aishare.previews.delimited import read_delimited  # noqa: PLC0415

        return read_delimited(source, page, tabs=reader == "tsv")
    if reader == "safetensors":
        from aishare.previews.safetensors import read_safetensors  # noqa: PLC0415

        return read_safetensors(source, page)
    if reader == "gguf":
        from aishare.previews.gguf import read_gguf  # noqa: PLC0415

        return read_gguf(source, page)
    from aishare.previews.text import read_text  # noqa: PLC0415

    return read_text(source, name)


if __name__ == "__main__":
    main()
