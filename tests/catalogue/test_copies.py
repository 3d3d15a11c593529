"""Objects that move leave a copy behind, unless they are not what was seen."""

from dataclasses import replace

from sqlalchemy import Connection

from aishare.catalogue.content.files import delete_file
from aishare.catalogue.content.objects import Move, StoredObject, find_object
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.moving.copies import copies_of, move_object, move_objects
from aishare.core.keys import moved_key
from tests.support.catalogue import NOW, later, make_location, make_object, make_user, put


async def test_only_what_is_still_as_it_was_seen_is_moved(catalogue: Catalogue) -> None:
    ada = await make_user(catalogue)
    source, target, other = [await make_location(catalogue, name) for name in ("source", "target", "other")]
    same, elsewhere, deleted, again = (make_object(source) for _ in range(4))
    unknown = make_object(source)

    def prepare(connection: Connection) -> None:
        for stored in (same, elsewhere, deleted, again):
            file = put(connection, ada, f"{stored.id}.txt", stored).file
            if stored is deleted:
                delete_file(connection, file_id=file.id, now=NOW)
        assert move_object(connection, Move(elsewhere, _key(elsewhere)), location_id=other.id, purge_after=later(9))
        for place in (target, source):  # and back: the same place, another generation
            stored = find_object(connection, again.id)
            assert move_object(connection, Move(stored, _key(stored)), location_id=place.id, purge_after=later(9))

    def move(connection: Connection) -> list[StoredObject]:
        moves = [Move(stored, _key(stored)) for stored in (deleted, same, unknown, again, elsewhere)]
        return move_objects(connection, moves, location_id=target.id, purge_after=later(60), migration_id=None)

    await catalogue.write(prepare)
    assert await catalogue.write(move) == [same]
    assert await catalogue.write(move) == []
    now = await catalogue.read(lambda connection: find_object(connection, same.id))
    assert now == replace(same, location_id=target.id, key=_key(same), generation=2)
    left = await catalogue.read(lambda connection: copies_of(connection, same.id))
    assert [(copy.location_id, copy.key, copy.purge_after) for copy in left] == [(source.id, same.key, later(60))]
    assert await catalogue.read(lambda connection: copies_of(connection, deleted.id)) == []


async def test_to_move_nothing_changes_nothing(catalogue: Catalogue) -> None:
    def move(connection: Connection) -> list[StoredObject]:
        return move_objects(connection, [], location_id="any", purge_after=NOW, migration_id=None)

    assert await catalogue.write(move) == []


def _key(stored: StoredObject) -> str:
    return moved_key(stored.id, stored.generation)
