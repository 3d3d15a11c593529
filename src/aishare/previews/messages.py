"""What parent and child say to each other: a length, a letter, and bytes."""

import struct
from typing import Final

HEADER: Final = struct.Struct(">Ic")
RANGE: Final = struct.Struct(">QI")

TASK: Final = b"T"
"""To the child: a JSON object with `reader`, `name`, `size` and `page`."""

READ: Final = b"R"
"""To the parent: give me this RANGE."""

DATA: Final = b"D"
"""To the child: the bytes of it."""

ANSWER: Final = b"A"
"""To the parent: the answer as JSON; the child waits for the next task."""


def pack(kind: bytes, body: bytes) -> bytes:
    """One message."""
    return HEADER.pack(len(body), kind) + body
