"""Previews on the server's side: a task for a child process, and its result, even if the file made the child crash."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import structlog

from aishare.core.errors import PreviewsBusy
from aishare.previews.answers import Answer, Nothing, decode
from aishare.previews.kinds import Reader
from aishare.previews.limits import ANSWER_BYTES, CHILDREN, MEMORY_BYTES, SECONDS, WAITING
from aishare.sandbox.pool import ChildDied, ChildTimedOut, Message, Pool, PoolBusy, Program

_log = structlog.get_logger(__name__)

_ENVIRON: Final = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # the others reserve more address space than a child may have
    "OMP_NUM_THREADS": "1",
}
_FAILED: Final = "The file could not be read; it may be damaged."

Read = Callable[[int, int], Awaitable[bytes]]
"""Start and length (not empty, inside the file) -> exactly these bytes."""


@dataclass(frozen=True, slots=True)
class Task:
    """The page of a file to preview."""

    reader: Reader
    name: str
    size: int
    page: int


def reader_pool(*, seconds: float = SECONDS) -> Pool:
    """Child processes for previews; started when there is something to read."""
    program = Program(
        "aishare.previews.reader",
        environ=_ENVIRON,
        memory_bytes=MEMORY_BYTES,
        seconds=seconds,
        answer_bytes=ANSWER_BYTES,
    )
    return Pool(program, size=CHILDREN, waiting=WAITING)


async def look(pool: Pool, task: Task, read: Read) -> Answer:
    """An error of `read` ends the preview. PreviewsBusy if too many are waiting."""

    async def answer(question: Message) -> Message:
        start, length = question.header.get("start"), question.header.get("length")
        if not isinstance(start, int) or not isinstance(length, int) or not 0 <= start < start + length <= task.size:
            raise ChildDied("The child process requested bytes outside the file.")
        return Message({}, await read(start, length))

    header = {"reader": task.reader, "name": task.name, "size": task.size, "page": task.page}
    try:
        result = await pool.run(Message(header), answer=answer)
        return decode(result.body)
    except PoolBusy:
        raise PreviewsBusy("Too many previews are being made at the moment.", hint="Try again in a moment.") from None
    except ChildTimedOut:
        return Nothing(f"Making the preview takes longer than {SECONDS:g} seconds.")
    except (ChildDied, ValueError) as error:
        _log.warning("preview_reader_failed", reader=task.reader, error=type(error).__name__)
        return Nothing(_FAILED)
