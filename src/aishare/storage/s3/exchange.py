"""One plain request without the S3 client: tells apart what a client lumps together as `can not connect`."""

import asyncio
import contextlib
import os
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from botocore.httpsession import get_cert_path

_MAX_HEAD: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class Greeting:
    """The head of an HTTP answer; `status` is None if what came is not HTTP."""

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
    """Sends `HEAD /`. Raises OSError (ssl.SSLError included)."""
    reader, writer = await asyncio.open_connection(host, port, ssl=context)
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


async def speaks_tls(host: str, port: int, *, seconds: float) -> bool:
    """Whether a handshake succeeds, trusting anybody: only to word a hint, nothing is sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with contextlib.suppress(OSError):
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
        writer.transport.abort()
        return True
    return False


async def trusted_context(ca_bundle: Path | None) -> ssl.SSLContext:
    """Trusts what the S3 client trusts."""
    certificates = str(ca_bundle) if ca_bundle else os.environ.get("AWS_CA_BUNDLE") or get_cert_path(True)
    return await asyncio.to_thread(ssl.create_default_context, cafile=certificates)


def _parsed(text: str) -> Greeting:
    words = text.split("\r\n", 1)[0].split(" ")
    is_http = words[0].startswith("HTTP/") and len(words) > 1 and words[1].isdigit()
    return Greeting(int(words[1]) if is_http else None, text)
