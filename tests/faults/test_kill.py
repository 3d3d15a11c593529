"""kill -9 at random moments: what was acknowledged is whole, what was not is not half there."""

import hashlib
import os
import random
import threading
import time

import httpx
import pytest

from tests.support.server import serving, wait_until

WRITERS = 6
SIZES = (0, 1, 4_000, 300_000, 3_000_000)


class Writers:
    """Upload until told to stop; remember what was begun and what was acknowledged."""

    def __init__(self, server, cookie, seed):
        self.server, self.cookie = server, cookie
        self.chance = random.Random(seed)
        self.begun: dict[str, str] = {}
        self.acknowledged: dict[str, str] = {}
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(number,)) for number in range(WRITERS)]

    def run(self, number):
        with httpx.Client(base_url=self.server.address, headers={"Cookie": self.cookie}, timeout=30) as client:
            while not self.stopping.is_set():
                content = os.urandom(self.chance.choice(SIZES))
                path = f"kill/{number}-{self.chance.getrandbits(40)}"
                self.begun[path] = hashlib.sha256(content).hexdigest()
                try:
                    answer = client.put(f"/api/files/by-path/{path}", content=content)
                except httpx.HTTPError:
                    return
                assert answer.status_code == 201, answer.text
                self.acknowledged[path] = self.begun[path]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)


def files_of(client):
    found, cursor = {}, None
    while True:
        page = client.get("/api/files", params={"limit": 1000, **({"cursor": cursor} if cursor else {})}).json()
        found |= {item["path"]: item for item in page["items"] if item["path"].startswith("kill/")}
        cursor = page["next_cursor"]
        if cursor is None:
            return found


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("uploads", "kills"), [(20, 2), pytest.param(200, 8, marks=pytest.mark.slow)])
def test_every_acknowledged_upload_survives_kill_9(tmp_path, uploads, kills):
    begun, acknowledged, rounds = {}, {}, 0
    chance = random.Random(7)
    while len(begun) < uploads or len(acknowledged) < uploads // 4 or rounds < kills:
        rounds += 1
        with serving(tmp_path) as server, server.client("ada") as client:
            cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
            with Writers(server, cookie, rounds) as writers:
                wait_until(lambda: writers.begun)
                time.sleep(chance.uniform(0.05, 0.6))
                server.kill()
            begun |= writers.begun
            acknowledged |= writers.acknowledged
    with serving(tmp_path) as server, server.client("ada") as client:
        files = files_of(client)
        assert acknowledged.keys() <= files.keys() <= begun.keys()
        for path, item in files.items():
            content = client.get(f"/api/files/{item['id']}/content").content
            assert hashlib.sha256(content).hexdigest() == begun[path], path
    print(f"{len(begun)} uploads, {rounds} kills, {len(acknowledged)} acknowledged, 0 lost")
