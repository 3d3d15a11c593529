"""Who this installation is: decided once, and the same ever after."""

import asyncio

from aishare.catalogue.configuration.installation import find_installation, make_installation
from aishare.catalogue.database.opening import open_catalogue
from aishare.catalogue.database.session import Catalogue
from tests.support.catalogue import NOW


async def _made(catalogue: Catalogue) -> str:
    return await catalogue.write(lambda connection: make_installation(connection, now=NOW))


async def test_the_id_stays_when_the_database_is_opened_again(url: str) -> None:
    first = await open_catalogue(url)
    assert await first.read(find_installation) is None
    made = await _made(first)
    await first.aclose()
    second = await open_catalogue(url)
    assert await second.read(find_installation) == made
    assert await _made(second) == made
    await second.aclose()


async def test_two_processes_that_start_at_once_agree(url: str) -> None:
    opened = [await open_catalogue(url) for _ in range(2)]
    ids = await asyncio.gather(*(_made(catalogue) for catalogue in opened for _ in range(4)))
    assert len(set(ids)) == 1
    for catalogue in opened:
        await catalogue.aclose()
