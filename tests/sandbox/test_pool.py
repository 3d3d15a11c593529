"""Real children that do odd things: whatever one does, the pool goes on and nothing is left."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from aishare.sandbox.pool import ChildDied, ChildTimedOut, Message, Pool, PoolBusy, Program

ROOT = Path(__file__).parents[2]


def program(**limits):
    return Program("tests.sandbox.odd_child", environ={"PYTHONPATH": str(ROOT)}, **limits)


@asynccontextmanager
async def pool_of(*, size=2, waiting=64, idle_seconds=60.0, **limits):
    pool = Pool(program(**limits), size=size, waiting=waiting, idle_seconds=idle_seconds)
    try:
        yield pool
    finally:
        seen = pool.pids
        await pool.aclose()
        assert [pid for pid in seen if alive(pid)] == []


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def pid_of(pool):
    return (await pool.run(Message({"do": "nothing"}))).header["pid"]


async def test_a_child_is_started_when_there_is_work_and_used_again():
    async with pool_of() as pool:
        assert pool.pids == []
        first = await pool.run(Message({"do": "nothing"}, b"x" * 3_000_000))
        assert first.body == b"x" * 3_000_000
        assert await pid_of(pool) == first.header["pid"] == pool.pids[0]


async def test_files_come_as_descriptors(tmp_path):
    (tmp_path / "file").write_bytes(b"content")
    async with pool_of() as pool:
        for _ in range(3):
            descriptor = os.open(tmp_path / "file", os.O_RDONLY)
            assert (await pool.run(Message({"do": "read"}), files=[descriptor])).body == b"content"
            os.close(descriptor)


async def test_a_child_may_ask_in_the_middle_of_its_work():
    async def answer(question):
        return Message({}, b"<%d>" % question.header["number"])

    async with pool_of() as pool:
        assert (await pool.run(Message({"do": "ask"}), answer=answer)).body == b"<0><1><2>"
        with pytest.raises(ChildDied):
            await pool.run(Message({"do": "ask"}))


@pytest.mark.parametrize("what", ["spin", "sleep"])
async def test_a_child_that_needs_too_long_is_killed_and_replaced(what):
    async with pool_of(size=1, seconds=0.5) as pool:
        before = await pid_of(pool)
        began = time.monotonic()
        with pytest.raises(ChildTimedOut):
            await pool.run(Message({"do": what, "seconds": 60}))
        assert time.monotonic() - began < 30
        assert not alive(before)
        assert await pid_of(pool) != before


@pytest.mark.parametrize("what", ["eat", "die", "babble"])
async def test_a_child_that_dies_or_babbles_is_replaced(what):
    async with pool_of(size=1) as pool:
        before = await pid_of(pool)
        with pytest.raises(ChildDied):
            await pool.run(Message({"do": what}))
        assert not alive(before)
        assert await pid_of(pool) != before


async def test_a_child_that_died_while_idle_is_replaced():
    async with pool_of(size=1) as pool:
        before = await pid_of(pool)
        os.kill(before, signal.SIGKILL)
        while alive(before):
            await asyncio.sleep(0.01)
        assert await pid_of(pool) != before


async def test_a_child_that_can_not_start_is_an_error_and_no_endless_wait():
    pool = Pool(Program("aishare.no_such_program"))
    with pytest.raises(ChildDied):
        await pool.run(Message({}))
    await pool.aclose()


async def test_children_see_none_of_our_environment_and_write_no_files(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    async with pool_of() as pool:
        names = (await pool.run(Message({"do": "environ"}))).header["names"]
        assert "SECRET_KEY" not in names
        refused = await pool.run(Message({"do": "write", "path": str(tmp_path / "file")}))
        assert refused.header["refused"]


async def test_no_more_run_than_there_are_places_and_no_more_wait_than_allowed():
    async with pool_of(size=2, waiting=1) as pool:
        running = [asyncio.ensure_future(pool.run(Message({"do": "sleep", "seconds": 0.5}))) for _ in range(3)]
        await asyncio.sleep(0.1)
        with pytest.raises(PoolBusy):
            await pool.run(Message({"do": "nothing"}))
        assert len({result.header["pid"] for result in await asyncio.gather(*running)}) == 2


async def test_worn_children_are_replaced():
    async with pool_of(size=1, jobs=2) as pool:
        pids = [await pid_of(pool) for _ in range(5)]
        assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [2, 2, 1]


async def test_idle_children_end():
    async with pool_of(idle_seconds=0.2) as pool:
        pid = await pid_of(pool)
        await asyncio.sleep(1)
        assert pool.pids == []
        assert not alive(pid)


async def test_a_cancelled_job_leaves_no_child_that_still_works():
    async with pool_of(size=1) as pool:
        before = await pid_of(pool)
        job = asyncio.ensure_future(pool.run(Message({"do": "spin"})))
        await asyncio.sleep(0.1)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        assert not alive(before)
        assert await pid_of(pool)


async def test_closing_kills_what_works():
    pool = Pool(program())
    job = asyncio.ensure_future(pool.run(Message({"do": "spin"})))
    while not pool.pids:
        await asyncio.sleep(0.05)
    pid = pool.pids[0]
    await pool.aclose()
    with pytest.raises(ChildDied):
        await job
    assert not alive(pid)
    with pytest.raises(PoolBusy):
        await pool.run(Message({}))


@pytest.mark.parametrize(("what", "limit"), [("nothing", 2), ("spin", 6)])
def test_children_of_a_killed_parent_end(what, limit):
    script = (
        "import asyncio\n"
        "from tests.sandbox.test_pool import *\n"
        "async def main():\n"
        "    pool = Pool(program(seconds=1))\n"
        "    await pid_of(pool)\n"
        "    print(pool.pids[0], flush=True)\n"
        f"    await pool.run(Message({{'do': {what!r}}}))\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    pid = int(parent.stdout.readline())
    time.sleep(0.3)
    assert alive(pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + limit
    while alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)
