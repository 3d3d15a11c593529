"""A server that answers exactly the bytes that a test gives it, for answers that no real S3 server gives."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

Answer = Callable[[str, dict[str, str]], bytes | None]
"""Request line and headers -> the raw answer; None: silence."""


@asynccontextmanager
async def odd_server(answer: Answer) -> AsyncIterator[str]:
    """Gives the URL."""
    connections: set[asyncio.StreamWriter] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(writer)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            pairs = (line.partition(":") for line in head[1:] if line)
            raw = answer(head[0], {name.lower(): value.strip() for name, _, value in pairs})
            if raw is None:
                await reader.read()
            else:
                writer.write(raw)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            connections.discard(writer)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for writer in connections:
            writer.close()
        await asyncio.sleep(0.05)


def http(status: int, body: bytes = b"", **headers: str) -> bytes:
    """An answer that ends its connection; `content_length=""` leaves the length out."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lengths = {"Content-Length": str(len(body))} if "content-length" not in named else {}
    lines = [f"HTTP/1.1 {status} Odd", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in {**lengths, **named}.items() if value]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body
