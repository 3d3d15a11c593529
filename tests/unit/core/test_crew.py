import asyncio

import pytest

from aishare.core.crew import Crew


async def test_no_more_run_than_are_waited_for():
    crew, running, seen = Crew(), [0], [0]

    async def work():
        running[0] += 1
        seen[0] = max(seen[0], running[0])
        await asyncio.sleep(0.001)
        running[0] -= 1

    for _ in range(20):
        await crew.wait_below(3)
        crew.start(work())
    await crew.wait_below(1)
    assert (running[0], seen[0]) == (0, 3)


async def test_an_error_is_raised_to_who_waits_and_stays():
    crew = Crew()

    async def fail():
        raise OSError("broken")

    crew.start(asyncio.sleep(10))
    crew.start(fail())
    for _ in range(2):
        with pytest.raises(OSError, match="broken"):
            await crew.wait_below(1)
    with pytest.raises(OSError, match="broken"):
        crew.check()
    await crew.dismiss()


async def test_who_is_dismissed_has_ended():
    crew, ended = Crew(), []

    async def work():
        try:
            await asyncio.sleep(10)
        finally:
            await asyncio.sleep(0.01)
            ended.append(True)

    for _ in range(3):
        crew.start(work())
    await asyncio.sleep(0)
    await crew.dismiss()
    assert ended == [True] * 3
    await crew.wait_below(1)
