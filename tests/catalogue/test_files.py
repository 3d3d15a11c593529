"""Files, their objects and the owner's usage change together."""

import asyncio
from datetime import datetime

import pytest
from sqlalchemy import Connection, select

from aishare.catalogue import schema
from aishare.catalogue.content.files import FILE_BY_ID, delete_file, rename_file
from aishare.catalogue.content.objects import doomed_objects, forget_objects
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.people.users import User
from aishare.core.errors import AishareError, Conflict
from aishare.core.paths import parse_path
from tests.support.catalogue import NOW, later, make_files, make_location, make_object, make_user, put


async def _usage(catalogue: Catalogue, user: User) -> tuple[int, int]:
    statement = select(schema.usage.c.bytes, schema.usage.c.count).where(schema.usage.c.owner_id == user.id)
    return await catalogue.read(lambda connection: tuple(connection.execute(statement).one()))


async def _doomed(catalogue: Catalogue, *, before: datetime) -> list[str]:
    found = await catalogue.read(lambda connection: doomed_objects(connection, before=before, limit=100))
    return [stored.id for stored in found]


async def test_a_new_file_is_found_with_all_that_was_put(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    stored = make_object(location, b"seven b")
    result = await catalogue.write(lambda connection: put(connection, ada, "data/cats/train.csv", stored))
    assert result.created
    assert await catalogue.lookup(FILE_BY_ID, file_id=result.file.id) == result.file
    assert result.file.object == stored
    assert (result.file.path, result.file.name) == ("data/cats/train.csv", "train.csv")
    assert (result.file.owner_id, result.file.owner_name) == (ada.id, "ada")
    assert result.file.created_at == result.file.modified_at == NOW
    assert await _usage(catalogue, ada) == (7, 1)


async def test_an_empty_file_has_no_chunks(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    result = await catalogue.write(lambda connection: put(connection, ada, "empty", make_object(location, b"")))
    found = await catalogue.lookup(FILE_BY_ID, file_id=result.file.id)
    assert found.object.digests.size_bytes == 0
    assert found.object.digests.chunk_sha256 == b""


async def test_putting_again_keeps_the_file_and_dooms_the_old_object(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    old, new = make_object(location, b"old"), make_object(location, b"newer")
    first = await catalogue.write(lambda connection: put(connection, ada, "a.txt", old))
    second = await catalogue.write(lambda connection: put(connection, ada, "a.txt", new, at=later(5)))
    assert not second.created
    assert second.file.id == first.file.id
    assert (second.file.created_at, second.file.modified_at) == (NOW, later(5))
    assert second.file.object == new
    assert await _usage(catalogue, ada) == (5, 1)
    assert await _doomed(catalogue, before=later(4)) == []
    assert await _doomed(catalogue, before=later(5)) == [old.id]


async def test_many_puts_of_one_path_leave_one_file_and_right_sums(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    objects = [make_object(location, b"x" * size) for size in range(1, 31)]
    results = await asyncio.gather(
        *(catalogue.write(lambda connection, o=stored: put(connection, ada, "one", o)) for stored in objects)
    )
    assert sum(result.created for result in results) == 1
    assert len({result.file.id for result in results}) == 1
    survivor = await catalogue.lookup(FILE_BY_ID, file_id=results[0].file.id)
    assert await _usage(catalogue, ada) == (survivor.object.digests.size_bytes, 1)
    doomed = await _doomed(catalogue, before=later(1))
    assert sorted([*doomed, survivor.object.id]) == sorted(stored.id for stored in objects)


async def test_a_put_that_fails_leaves_no_object_and_no_usage(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    stored = make_object(location)
    await catalogue.write(lambda connection: put(connection, ada, "a", stored))
    with pytest.raises(Conflict):
        await catalogue.write(lambda connection: put(connection, ada, "b", stored))
    assert await _usage(catalogue, ada) == (7, 1)


async def test_a_put_for_a_user_who_does_not_exist_is_our_error(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    ghost = User("no such id", "ghost", "Ghost", ada.is_superuser, ada.is_demo, None, NOW)
    with pytest.raises(AishareError):
        await catalogue.write(lambda connection: put(connection, ghost, "a", make_object(location)))


async def test_renaming_moves_the_file_and_keeps_its_bytes(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    (file,) = await make_files(catalogue, ada, location, ["old/name.txt"])
    renamed = await catalogue.write(
        lambda connection: rename_file(connection, file_id=file.id, path=parse_path("new/other.txt"), now=later(9))
    )
    assert (renamed.path, renamed.name, renamed.modified_at) == ("new/other.txt", "other.txt", later(9))
    assert renamed.object == file.object
    assert await catalogue.lookup(FILE_BY_ID, file_id=file.id) == renamed


async def test_renaming_onto_another_file_is_refused_and_onto_itself_is_not(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    one, two = await make_files(catalogue, ada, location, ["one", "two"])

    def rename(connection: Connection, path: str) -> object:
        return rename_file(connection, file_id=one.id, path=parse_path(path), now=later(9))

    with pytest.raises(Conflict):
        await catalogue.write(lambda connection: rename(connection, "two"))
    assert (await catalogue.write(lambda connection: rename(connection, "one"))).path == "one"
    assert (await catalogue.lookup(FILE_BY_ID, file_id=two.id)).object == two.object


async def test_the_same_path_of_two_owners_are_two_files(catalogue: Catalogue) -> None:
    location = await make_location(catalogue)
    for name in ("ada", "alan"):
        owner = await make_user(catalogue, name)
        await make_files(catalogue, owner, location, ["same.txt"])
        assert await _usage(catalogue, owner) == (8, 1)


async def test_deleting_dooms_the_object_once(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    (file,) = await make_files(catalogue, ada, location, ["a.txt"])
    outcomes = await asyncio.gather(
        *(catalogue.write(lambda connection: delete_file(connection, file_id=file.id, now=later(1))) for _ in range(8))
    )
    assert sorted(outcomes) == [False] * 7 + [True]
    assert await catalogue.lookup(FILE_BY_ID, file_id=file.id) is None
    assert await _usage(catalogue, ada) == (0, 0)
    assert await _doomed(catalogue, before=later(1)) == [file.object.id]


async def test_puts_and_deletes_at_once_never_strand_an_object(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    (file,) = await make_files(catalogue, ada, location, ["a"])
    objects = [make_object(location, b"x" * size) for size in range(2, 22)]

    async def replace_and_delete(index: int) -> None:
        result = await catalogue.write(lambda connection: put(connection, ada, "a", objects[index]))
        if index % 2:
            await catalogue.write(lambda connection: delete_file(connection, file_id=result.file.id, now=NOW))

    await asyncio.gather(*(replace_and_delete(index) for index in range(20)))
    live = select(schema.objects.c.id, schema.objects.c.size_bytes).where(schema.objects.c.deleted_at.is_(None))
    held = select(schema.files.c.object_id, schema.files.c.size_bytes)
    alive = await catalogue.read(lambda connection: {tuple(row) for row in connection.execute(live)})
    named = await catalogue.read(lambda connection: {tuple(row) for row in connection.execute(held)})
    assert alive == named
    assert await _usage(catalogue, ada) == (sum(size for _, size in named), len(named))
    assert file.object.id in await _doomed(catalogue, before=NOW)


async def test_only_doomed_objects_are_forgotten(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    kept, gone = await make_files(catalogue, ada, location, ["kept", "gone"])
    await catalogue.write(lambda connection: delete_file(connection, file_id=gone.id, now=NOW))
    ids = [kept.object.id, gone.object.id]
    await catalogue.write(lambda connection: forget_objects(connection, ids))
    left = select(schema.objects.c.id)
    assert await catalogue.read(lambda connection: list(connection.execute(left).scalars())) == [kept.object.id]
