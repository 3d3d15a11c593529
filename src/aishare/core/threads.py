"""Work in threads that uses what its caller closes afterwards."""

import asyncio
from typing import TypeVar

_T = TypeVar("_T")


async def to_its_end(running: "asyncio.Future[_T]") -> _T:
    """What `running`, of an executor, gives. Cancelling, however often, waits for it: nobody may close a descriptor
    that a thread still uses, for the next file to be opened gets the same number.
    """
    cancelled: asyncio.CancelledError | None = None
    while not running.done():
        try:
            await asyncio.wait([running])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        running.exception()  # was looked at
        raise cancelled
    return running.result()
