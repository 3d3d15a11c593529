"""The works of which there is a profile: what must be there first, and what is done again and again."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count

import httpx
import pyvips

KiB, MiB = 1024, 1024 * 1024
CLIENTS = 4
WAIT_SECONDS = 300
LARGE, SMALL = 16 * MiB, 16 * KiB
MANY = 600
PICTURES = 60
DONE = {"completed", "failed", "cancelled"}


@dataclass
class Load:
    token: str
    seconds: float
    address: str = ""

    def client(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=self.address, headers=headers, timeout=60)

    def each(self, work: Callable[[httpx.Client, int], object], numbers: range) -> None:
        """Once for each number, with several clients."""
        with self.client() as client, ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(partial(work, client), numbers))

    def again_and_again(self, step: Callable[[httpx.Client, int], object], noun: str) -> str:
        """Until the time is over."""
        ends, numbers, lock = time.monotonic() + self.seconds, count(), threading.Lock()

        def one(_: int) -> None:
            with self.client() as client:
                while time.monotonic() < ends:
                    with lock:
                        number = next(numbers)
                    step(client, number)

        with ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(one, range(CLIENTS)))
        return f"{next(numbers):,} {noun}"


@dataclass(frozen=True)
class Work:
    prepare: Callable[[Load], None]
    run: Callable[[Load], str]
    on_another_storage: bool = False


def _get(client: httpx.Client, path: str, **query: str) -> httpx.Response:
    return client.get(path, params=query).raise_for_status()


def _put(client: httpx.Client, path: str, content: bytes) -> None:
    client.put(f"/api/files/by-path/{path}", content=content).raise_for_status()


def _nothing(load: Load) -> None:
    del load


def _upload(client: httpx.Client, number: int) -> None:
    """One in eight is large."""
    _put(client, f"up/{number}.bin", os.urandom(LARGE if number % 8 == 0 else SMALL))


def _fill(load: Load) -> None:
    load.each(lambda client, number: _put(client, f"few/{number}.bin", os.urandom(LARGE)), range(4))
    load.each(lambda client, number: _put(client, f"many/img_{number}.bin", os.urandom(SMALL)), range(MANY))


def _download(client: httpx.Client, number: int) -> None:
    path = f"few/{number % 4}.bin" if number % 8 == 0 else f"many/img_{number % MANY}.bin"
    _get(client, f"/api/files/by-path/{path}")


def _list(client: httpx.Client, number: int) -> None:
    """A folder, everything below it, and a search, in turn."""
    queries = ({"folder": "many"}, {"folder": "", "recursive": "true"}, {"q": f"img {number % MANY}"})
    _get(client, "/api/files", **queries[number % len(queries)])


def _pictures(load: Load) -> None:
    load.each(_put_picture, range(PICTURES))


def _put_picture(client: httpx.Client, number: int) -> None:
    noise = pyvips.Image.gaussnoise(2000 + number, 1500, mean=128, sigma=40).cast("uchar")
    _put(client, f"pictures/{number}.jpg", noise.jpegsave_buffer())


def _thumbnails(load: Load) -> str:
    """Each once: a second time it comes from the cache."""
    with load.client() as client:
        files = _get(client, "/api/files", folder="pictures").json()["items"]
    load.each(lambda client, number: _get(client, f"/api/files/{files[number]['id']}/thumbnail"), range(len(files)))
    return f"{len(files)} thumbnails"


def _migrate(load: Load) -> str:
    with load.client() as client:
        places = {place["state"]: place["id"] for place in _get(client, "/api/admin/locations").json()["items"]}
        ends = {"source": places["readable"], "target": places["active"]}
        done = _followed(client, "/api/admin/migrations", ends)
    return f"{done['objects_done']:,} objects migrated"


def _check(load: Load) -> str:
    ends, objects = time.monotonic() + load.seconds, 0
    with load.client() as client:
        while time.monotonic() < ends:
            objects += int(str(_followed(client, "/api/admin/scrubs", {"percent": 100})["objects"]))
    return f"{objects:,} objects checked"


def _followed(client: httpx.Client, path: str, body: dict[str, object]) -> dict[str, object]:
    """To its end."""
    begun = client.post(path, json=body).raise_for_status().json()
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        now: dict[str, object] = _get(client, f"{path}/{begun['id']}").json()
        if now["state"] in DONE:
            return now
        time.sleep(0.1)
    raise TimeoutError(f"{path} does not end")


WORKS = {
    "upload": Work(_nothing, lambda load: load.again_and_again(_upload, "uploads")),
    "download": Work(_fill, lambda load: load.again_and_again(_download, "downloads")),
    "listing": Work(_fill, lambda load: load.again_and_again(_list, "lists")),
    "thumbnails": Work(_pictures, _thumbnails),
    "migration": Work(_fill, _migrate, on_another_storage=True),
    "checks": Work(_fill, _check),
}
