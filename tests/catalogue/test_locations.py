"""One location is active at a time; a place is known again by its fingerprint."""

import asyncio
from dataclasses import replace

from aishare.catalogue.content.files import delete_file
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.integrity.locations import activate_location, list_contents
from tests.support.catalogue import NOW, later, make_files, make_location, make_user


async def _states(catalogue: Catalogue) -> dict[str, str]:
    return {each.location.fingerprint: each.location.state for each in await catalogue.read(list_contents)}


async def test_activating_another_place_leaves_the_former_readable(catalogue: Catalogue) -> None:
    first = await make_location(catalogue, "disk")
    await make_location(catalogue, "bucket")
    assert await _states(catalogue) == {"disk": "readable", "bucket": "active"}
    again = await make_location(catalogue, "disk")
    assert again == first
    assert await _states(catalogue) == {"disk": "active", "bucket": "readable"}


async def test_a_known_place_may_get_a_new_label(catalogue: Catalogue) -> None:
    first = await make_location(catalogue, "disk")
    wanted = replace(first, id="another", label="new label", created_at=later(9))
    renamed = await catalogue.write(lambda connection: activate_location(connection, wanted))
    assert renamed == replace(first, label="new label")
    assert [each.location for each in await catalogue.read(list_contents)] == [renamed]


async def test_many_who_start_at_once_with_a_new_place_agree(catalogue: Catalogue) -> None:
    locations = await asyncio.gather(*(make_location(catalogue, "disk") for _ in range(8)))
    assert len({location.id for location in locations}) == 1
    assert await _states(catalogue) == {"disk": "active"}


async def test_many_who_activate_different_places_leave_one_active(catalogue: Catalogue) -> None:
    await asyncio.gather(*(make_location(catalogue, f"disk{number}") for number in range(8)))
    states = list((await _states(catalogue)).values())
    assert sorted(states) == ["active"] + ["readable"] * 7


async def test_contents_count_live_objects_alone(catalogue: Catalogue) -> None:
    ada = await make_user(catalogue)
    empty, used = await make_location(catalogue, "empty"), await make_location(catalogue, "used")
    _, gone = await make_files(catalogue, ada, used, ["four", "sixsix"])
    await catalogue.write(lambda connection: delete_file(connection, file_id=gone.id, now=NOW))
    found = {each.location.id: (each.objects, each.bytes) for each in await catalogue.read(list_contents)}
    assert found == {empty.id: (0, 0), used.id: (1, 4)}
