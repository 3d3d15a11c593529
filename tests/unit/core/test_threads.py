import asyncio
import threading

import pytest

from aishare.core.threads import to_its_end


def in_thread(work):
    return asyncio.get_running_loop().run_in_executor(None, work)


async def test_what_comes_of_it_is_given_or_raised():
    assert await to_its_end(in_thread(lambda: 7)) == 7
    with pytest.raises(ZeroDivisionError):
        await to_its_end(in_thread(lambda: 1 // 0))


@pytest.mark.parametrize("fails", [False, True])
async def test_who_is_cancelled_again_and_again_waits_for_the_thread(fails):
    release, ended = threading.Event(), []

    def work():
        release.wait(10)
        ended.append(True)
        if fails:
            raise OSError

    waiting = asyncio.create_task(to_its_end(in_thread(work)))
    for _ in range(3):
        await asyncio.sleep(0.01)
        waiting.cancel()
    await asyncio.sleep(0.01)
    assert not waiting.done()
    release.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ended == [True]
