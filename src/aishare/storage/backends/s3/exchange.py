"""One plain request without the S3 client: distinguishes what a client reports only as `cannot connect`."""

import asyncio
import contextlib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

from aishare.storage.backends.s3.config import S3Config
from aishare.storage.backends.s3.environment import certificates_for
from aishare.storage.backends.s3.guard import resolved

_MAX_HEAD: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class Greeting:
    """The head of an HTTP response; `status` is None if the response is not HTTP."""

    status: int | None
    text: str

    @property
    def date(self) -> datetime | None:
        for line in self.text.splitlines()[1:]:
            name, _, value = line.partition(":")
            if name.lower() == "date":
                with contextlib.suppress(ValueError):
                    return parsedate_to_datetime(value.strip())
        return None


async def greet(host: str, port: int, *, context: ssl.SSLContext | None) -> Greeting:
    """Sends `HEAD /`. Raises OSError (including ssl.SSLError), BackendDenied for an address that is not allowed."""
    reader, writer = await _connected(host, port, context)
    try:
        writer.write(f"HEAD / HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
        head = b""
        while len(head) < _MAX_HEAD and b"\r\n\r\n" not in head:
            piece = await reader.read(_MAX_HEAD)
            if not piece:
                break
            head += piece
        return _parsed(head.decode("latin-1"))
    finally:
        writer.transport.abort()


async def can_connect(host: str, port: int) -> None:
    """Raises OSError if nothing accepts connections there, BackendDenied for an address that is not allowed."""
    _, writer = await _connected(host, port, None)
    writer.transport.abort()


async def speaks_tls(host: str, port: int, *, seconds: float) -> bool:
    """Whether a handshake succeeds, with any certificate: only used for a hint; nothing is sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with contextlib.suppress(OSError):
        async with asyncio.timeout(seconds):
            _, writer = await _connected(host, port, context)
        writer.transport.abort()
        return True
    return False


async def _connected(
    host: str, port: int, context: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """To the checked addresses, not to the name, which could lead elsewhere a moment later."""
    *others, last = await resolved(host, port)
    name = host if context is not None else None
    for address in others:
        with contextlib.suppress(OSError):
            return await asyncio.open_connection(address, port, ssl=context, server_hostname=name)
    return await asyncio.open_connection(last, port, ssl=context, server_hostname=name)


async def trusted_context(config: S3Config) -> ssl.SSLContext:
    """Trusts what the S3 client trusts."""
    return await asyncio.to_thread(lambda: ssl.create_default_context(cafile=certificates_for(config)))


def _parsed(text: str) -> Greeting:
    words = text.split("\r\n", 1)[0].split(" ")
    is_http = words[0].startswith("HTTP/") and len(words) > 1 and words[1].isdigit()
    return Greeting(int(words[1]) if is_http else None, text)
