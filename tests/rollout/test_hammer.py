"""Clients without pause while the configuration changes a hundred times: they see old or new, and never an error."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.conftest import make_bucket, s3_environ
from tests.support.s3servers import s3_server
from tests.support.server import serving

RELOAD = "/api/environment-variables/reload"


def configurations(folder, changes):
    """Every fifth change goes to another folder; once, in the middle, into a bucket and out again."""
    s3, bucket = s3_server("seaweedfs"), f"hammer-{time.time_ns()}"
    asyncio.run(make_bucket(s3, bucket))
    lines = "".join(f"{name}={value}\n" for name, value in s3_environ(s3, bucket).items())
    for number in range(changes):
        place = f"LOCAL_STORAGE_PATH={folder / ('one', 'other')[number // 5 % 2]}\n"
        yield f"SESSION_IDLE_HOURS={1 + number}\n" + (lines if changes // 2 <= number < changes // 2 + 5 else place)


def hammer(server, number, stop):
    """Uploads, reads at once, and reads what was there from the start; returns how often, and what went wrong."""
    rounds, wrong = 0, []
    with server.client("ada") as client:
        first = client.put(f"/api/files/by-path/{number}/first.bin", content=b"first" * 5000).json()["id"]
        while not stop.is_set():
            rounds += 1
            content = f"{number} {rounds} ".encode() * 1000
            stored = client.put(f"/api/files/by-path/{number}/{rounds % 7}.bin", content=content)
            if stored.status_code not in {200, 201}:
                wrong.append(stored.text)
                continue
            for file_id, expected in ((stored.json()["id"], content), (first, b"first" * 5000)):
                answer = client.get(f"/api/files/{file_id}/content")
                if (answer.status_code, answer.content) != (200, expected):
                    wrong.append(f"{answer.status_code} {answer.text[:300]}")
    return rounds, wrong


@pytest.mark.timeout(240)
@pytest.mark.parametrize("changes", [16, pytest.param(100, marks=pytest.mark.slow)])
def test_a_hundred_changes_are_seen_by_nobody(tmp_path, changes):
    stop = threading.Event()
    with serving(tmp_path) as server, server.client("admin") as admin, ThreadPoolExecutor(3) as threads:
        running = [threads.submit(hammer, server, number, stop) for number in range(3)]
        try:
            for number, text in enumerate(configurations(tmp_path, changes)):
                (tmp_path / ".env").write_text(text)
                done = admin.post(RELOAD).json()
                assert done["applied"], (number, done)
        finally:
            stop.set()
        results = [one.result() for one in running]
    print(f"{sum(rounds for rounds, _ in results)} rounds of upload and two downloads during {changes} changes")
    assert [wrong for _, found in results for wrong in found] == []
    assert all(rounds > 1 for rounds, _ in results)
