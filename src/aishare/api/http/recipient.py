"""The client that receives a response: it may disconnect, or stop receiving data."""

import asyncio
from typing import Final

from starlette.types import Message, Receive, Send

from aishare.core.errors import ClientDisconnected

STALLED_SECONDS: Final = 120
"""A client that receives nothing for this long is considered gone, so that its connection to the storage can be used by
others.
"""


class Recipient:
    """Monitors the client from the first `give` on. Must be closed."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._gone: asyncio.Task[None] | None = None

    async def give(self, message: Message) -> None:
        """Raises ClientDisconnected: sending into a closed connection succeeds, but reading the file must stop."""
        if self._gone is None:
            self._gone = asyncio.create_task(_disconnected(self._receive))
        if self._gone.done():
            raise ClientDisconnected("The client disconnected during the download.")
        try:
            async with asyncio.timeout(STALLED_SECONDS):
                await self._send(message)
        except TimeoutError:
            raise ClientDisconnected("The client stopped receiving data.") from None

    def close(self) -> None:
        if self._gone is not None:
            self._gone.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
