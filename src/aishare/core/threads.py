"""Work in threads that uses resources which its caller closes afterwards."""

import asyncio
from typing import TypeVar

_T = TypeVar("_T")


async def to_its_end(running: "asyncio.Future[_T]") -> _T:
    """The result of `running`, which runs in an executor. Cancelling, however often, waits for it: a descriptor that a
    thread still uses must not be closed, because the next opened file would get the same number.
    """
    cancelled: asyncio.CancelledError | None = None
    while not running.done():
        try:
            await asyncio.wait([running])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        running.exception()  # was retrieved
        raise cancelled
    return running.result()
