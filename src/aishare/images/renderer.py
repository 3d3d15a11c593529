"""Renders images in child processes: the server's side of `worker`."""

import os
import re
from typing import Any, Final

from aishare.images.recipe import FORMATS, MEMORY_BYTES, MODULE, SECONDS, SIDE_MAX, Picture, Refused
from aishare.sandbox.pool import ChildDied, ChildTimedOut, Message, Pool, Program

_PROGRAM: Final = Program(
    MODULE,
    environ={"VIPS_BLOCK_UNTRUSTED": "1", "VIPS_CONCURRENCY": "1", "VIPS_MAX_COORD": str(SIDE_MAX)},
    memory_bytes=MEMORY_BYTES,
    seconds=SECONDS,
)

_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")

PASSING: Final = frozenset({"timeout", "crash", "memory"})
"""Codes of refusals that may be temporary, so they are only remembered for a while."""


def image_pool(*, share: int = 1) -> Pool:
    """Two children, or one if the machine has one core; fewer if it is shared by `share` processes."""
    return Pool(_PROGRAM, size=max(1, min(2, (os.cpu_count() or 1) // share)))


async def render(pool: Pool, file: int, *, media_type: str, size: int) -> Picture:
    """The details of an image, and a thumbnail of this size. Raises Refused with the reason, or PoolBusy."""
    try:
        said = await pool.run(Message({"media_type": media_type, "size": size}), files=[file])
    except ChildTimedOut as error:
        raise Refused(
            "timeout", f"Making a thumbnail of this image takes longer than {SECONDS:.0f} seconds."
        ) from error
    except ChildDied as error:
        raise Refused("crash", "The image could not be decoded.") from error
    if "code" in said.header:
        raise Refused(str(said.header["code"]), str(said.header["reason"]))
    return _picture(said.header, said.body)


def _picture(about: dict[str, Any], body: bytes) -> Picture:
    """The result of a child process is checked, because the process might be compromised."""
    try:
        picture = Picture(int(about["width"]), int(about["height"]), str(about["format"]), str(about["colour"]), body)
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("crash", "The image could not be decoded.") from error
    if not (_COLOUR.fullmatch(picture.colour) and picture.format in FORMATS and _is_webp(body)):
        raise Refused("crash", "The image could not be decoded.")
    return picture


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"
