"""The owner marker, in a folder and in a bucket."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from aishare.core.errors import CorruptObject, LocationOwned
from aishare.storage.backends.local import LocalConfig, LocalStorageBackend
from aishare.storage.backends.s3.backend import open_s3
from aishare.storage.base import BaseStorageBackend, Source
from aishare.storage.checks.marker import MARKER_KEY, Owner, claim, owner_of, read_owner
from tests.support.faultproxy import FaultProxy, Kind
from tests.support.s3server import S3Server

Open = Callable[[str], Awaitable[BaseStorageBackend]]


@pytest.fixture(params=["local", "seaweedfs"])
async def place(request: pytest.FixtureRequest, tmp_path: Path, server: S3Server, bucket: str) -> AsyncIterator[Open]:
    """Opens the place of this prefix, each time as another installation would."""
    async with AsyncExitStack() as stack:

        async def opened(prefix: str = "") -> BaseStorageBackend:
            backend: BaseStorageBackend
            if request.param == "local":
                local = LocalStorageBackend(LocalConfig(tmp_path / f"root{prefix}"))
                await local.identity()
                backend = local
            else:
                backend = await open_s3(server.config(bucket, prefix=prefix))
            stack.push_async_callback(backend.aclose)
            return backend

        yield opened


async def put_raw(backend: BaseStorageBackend, content: bytes) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        if content:
            yield content

    await backend.put(MARKER_KEY, Source(pieces), size=len(content), content_type="application/json")


async def test_the_first_has_it_and_another_is_told_whose_it_is(place: Open) -> None:
    backend = await place("")
    assert await read_owner(backend) is None
    assert await claim(backend, "one", "Team One") is None
    again = await claim(backend, "one", "Team One")
    assert again is not None
    assert again.installation == "one"
    with pytest.raises(LocationOwned, match="Team One, since 20"):
        await claim(await place(""), "two", "Team Two")
    assert await read_owner(backend) == again
    assert [info.key async for info in backend.scan("objects/")] == []


async def test_of_those_who_claim_at_once_exactly_one_has_it(place: Open) -> None:
    names = [f"installation{number}" for number in range(6)]
    backends = [await place("") for _ in names]
    results = await asyncio.gather(
        *(claim(backend, name, name) for backend, name in zip(backends, names, strict=True)), return_exceptions=True
    )
    winners = [name for name, result in zip(names, results, strict=True) if result is None]
    assert len(winners) == 1
    assert sum(isinstance(result, LocationOwned) for result in results) == len(names) - 1
    owner = await read_owner(backends[0])
    assert owner is not None
    assert owner.installation == winners[0]


async def test_processes_of_one_installation_do_not_shut_each_other_out(place: Open) -> None:
    backends = [await place("") for _ in range(4)]
    await asyncio.gather(*(claim(backend, "one", "Team One") for backend in backends))


async def test_another_prefix_is_another_place(place: Open) -> None:
    assert await claim(await place("a"), "one", "Team One") is None
    assert await claim(await place("b"), "two", "Team Two") is None


async def test_taking_over(place: Open) -> None:
    backend = await place("")
    await claim(backend, "one", "Team One")
    previous = await claim(backend, "two", "Team Two", take_over=True)
    assert previous is not None
    assert previous.name == "Team One"
    await claim(backend, "two", "Team Two")
    with pytest.raises(LocationOwned, match="Team Two"):
        await claim(backend, "one", "Team One")


@pytest.mark.parametrize("content", [b"", b"no marker", b"[]", b"{}", b"x" * 10_000])
async def test_a_marker_that_can_not_be_understood_is_neither_ours_nor_free(place: Open, content: bytes) -> None:
    backend = await place("")
    await put_raw(backend, content)
    with pytest.raises(CorruptObject):
        await claim(backend, "one", "Team One")
    owner = await owner_of(backend)
    assert owner is not None
    assert owner.name == "unknown"
    await claim(backend, "one", "Team One", take_over=True)
    await claim(backend, "one", "Team One")


async def test_a_marker_with_another_id_in_it_is_noticed(place: Open) -> None:
    backend = await place("")
    await claim(backend, "one", "Team One")
    async with backend.read(MARKER_KEY) as reader:
        document = json.loads(b"".join([piece async for piece in reader.pieces]))
    await put_raw(backend, json.dumps({**document, "installation": "ona"}).encode())
    with pytest.raises(CorruptObject):
        await claim(backend, "one", "Team One")


async def test_bytes_spoilt_on_the_way_are_read_again(server: S3Server, bucket: str, proxy: FaultProxy) -> None:
    backend = await open_s3(server.config(bucket, endpoint_url=proxy.url))
    await claim(backend, "one", "Team One")
    proxy.inject(Kind.FLIP_RESPONSE, at=20, times=2, method="GET")
    owner: Owner | None = await claim(backend, "one", "Team One")
    assert owner is not None
    assert owner.installation == "one"
    await backend.aclose()
