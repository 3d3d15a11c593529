"""The numbered revisions and schema.py must say the same."""

import asyncio
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, column, insert, select, table, text, update

from aishare.catalogue import schema
from aishare.catalogue.columns import metadata
from aishare.catalogue.content.files import rename_file
from aishare.catalogue.database.opening import open_catalogue
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.people.audit import AuditEntry, AuditFilter, append_audit, list_audit
from aishare.catalogue.people.tokens import CALLER_BY_TOKEN, NewToken, insert_token, list_tokens
from aishare.catalogue.revisions.versions import v0007_link_downloads, v0009_names
from aishare.catalogue.sharing.links import find_link
from aishare.core.paths import parse_path
from tests.support.catalogue import NOW, make_files, make_location, make_user


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "include_name": lambda name, *_: name != "alembic_version"}
    )
    return compare_metadata(context, metadata)


async def test_migrated_tables_are_those_of_the_schema(catalogue: Catalogue) -> None:
    assert await catalogue.read(_differences) == []


async def test_a_missing_index_would_be_noticed(catalogue: Catalogue) -> None:
    await catalogue.write(lambda connection: connection.execute(text("DROP INDEX ix_files_object_id")))
    assert len(await catalogue.read(_differences)) == 1


async def test_opening_again_keeps_what_is_there(url: str) -> None:
    first = await open_catalogue(url)
    count = "SELECT count(*) FROM alembic_version"
    await first.aclose()
    second = await open_catalogue(url)
    assert await second.read(lambda connection: connection.execute(text(count)).scalar_one()) == 1
    await second.aclose()


_OPEN = """
import asyncio, sys
from aishare.catalogue.database.opening import open_catalogue
async def main():
    print("ready", flush=True)
    sys.stdin.readline()
    await (await open_catalogue(sys.argv[1])).aclose()
asyncio.run(main())
"""


async def test_several_processes_may_open_a_new_catalogue_at_the_same_moment(url: str) -> None:
    pipe = asyncio.subprocess.PIPE
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", _OPEN, url, stdin=pipe, stdout=pipe, stderr=pipe)
        for _ in range(4)
    ]
    for process in processes:
        await process.stdout.readline()
    errors = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    assert [error for _, error in errors] == [b""] * 4
    assert [process.returncode for process in processes] == [0] * 4


async def test_files_of_the_first_version_get_their_folders(url: str) -> None:
    """As version 1 left them, a file in the place of a folder included: then nothing refused that."""
    catalogue = await open_catalogue(url)
    ada, grace, location = (
        await make_user(catalogue),
        await make_user(catalogue, "grace"),
        await make_location(catalogue),
    )
    await make_files(catalogue, ada, location, ["top", "a/1", "a/b/22", "a/b/c/333", "é%/4"])
    await make_files(catalogue, grace, location, ["a/other"])
    rows = select(schema.folders).order_by(schema.folders.c.owner_id, schema.folders.c.path)
    before = await catalogue.read(lambda connection: list(connection.execute(rows)))
    await catalogue.write(_back_to_the_first_version)
    await catalogue.write(
        lambda c: c.execute(update(schema.files).where(schema.files.c.path == "top").values(path="a"))
    )
    await catalogue.aclose()
    again = await open_catalogue(url)
    after = await again.read(lambda connection: list(connection.execute(rows)))
    (file_id,) = await again.read(
        lambda c: c.execute(select(schema.files.c.id).where(schema.files.c.path == "a")).one()
    )
    assert await again.write(lambda c: rename_file(c, file_id=file_id, path=parse_path("free"), now=NOW)) is not None
    await again.aclose()
    assert len(before) == 5
    assert after == before


async def test_links_and_their_uses_stay_when_tokens_become_random(catalogue: Catalogue) -> None:
    user = await make_user(catalogue)
    await catalogue.write(lambda connection: _with_a_link_of_before(connection, user.id))
    await catalogue.write(_revise)
    link = await catalogue.read(lambda connection: find_link(connection, "old", now=NOW))
    assert link is not None
    assert link.token_sealed is None
    assert await catalogue.read(lambda c: c.execute(select(schema.link_uses.c.restarts)).scalars().all()) == [0]
    assert await catalogue.read(_differences) == []


def _with_a_link_of_before(connection: Connection, owner_id: str) -> None:
    connection.execute(text("DROP INDEX ux_links_token_hash"))
    for change in ("links DROP COLUMN token_hash", "links DROP COLUMN token_sealed", "link_uses DROP COLUMN restarts"):
        connection.execute(text(f"ALTER TABLE {change}"))
    link = {"id": "old", "owner_id": owner_id, "kind": "folder", "folder": "set", "downloads": 1, "created_at": NOW}
    use = {"id": "use", "link_id": "old", "at": NOW, "address": "192.0.2.1", "bytes": 3}
    connection.execute(insert(schema.links).values(**link))
    connection.execute(insert(_uses_of_before).values(**use))


_uses_of_before = table("link_uses", *(column(c.name, c.type) for c in schema.link_uses.c if c.name != "restarts"))


def _revise(connection: Connection) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        v0007_link_downloads.upgrade()


async def test_tokens_of_before_keep_all_rights(url: str) -> None:
    catalogue = await open_catalogue(url)
    ada = await make_user(catalogue)
    await catalogue.write(lambda c: insert_token(c, NewToken("id", ada.id, "old", b"digest", NOW, None)))
    await catalogue.write(_back_before_scopes)
    await catalogue.aclose()
    again = await open_catalogue(url)
    (token,) = await again.read(lambda c: list_tokens(c, ada.id))
    caller = await again.lookup(CALLER_BY_TOKEN, token_hash=b"digest")
    await again.aclose()
    assert (token.name, token.scopes, token.folder) == ("old", None, None)
    assert caller is not None
    assert (caller.scopes, caller.folder) == (None, None)


def _back_before_names(connection: Connection) -> None:
    for index in (
        "ix_files_owner_id_path_order",
        "ix_files_owner_id_folder_name_order",
        "ix_folders_owner_id_parent_name_order",
        "ix_links_owner_id_folder",
        "ix_audit_action_at",
    ):
        connection.execute(text(f"DROP INDEX {index}"))
    columns = {
        "files": ("path_order", "name_order"),
        "folders": ("path_key", "name_key", "name_order"),
        "audit": ("target_id", "owner_name"),
    }
    for name, gone in columns.items():
        for one in gone:
            connection.execute(text(f"ALTER TABLE {name} DROP COLUMN {one}"))
    connection.execute(text("CREATE INDEX ix_files_owner_id_folder_name ON files (owner_id, folder, name, id)"))
    connection.execute(text("CREATE INDEX ix_folders_owner_id_parent_name ON folders (owner_id, parent, name)"))
    connection.execute(text("UPDATE alembic_version SET version_num = '0008'"))


def _back_before_scopes(connection: Connection) -> None:
    _back_before_names(connection)
    for name in ("scopes", "folder"):
        connection.execute(text(f"ALTER TABLE api_tokens DROP COLUMN {name}"))
    connection.execute(text("UPDATE alembic_version SET version_num = '0007'"))


async def test_names_of_before_get_their_places_and_links_of_the_audit_their_names(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    paths = ["img_10", "img_2", "Lab/b", "Lab/a/deep", "lab 2/Ä", "lab 10/x", "İ/ﷺ"]
    files = await make_files(catalogue, ada, location, paths)
    before = await catalogue.read(_derived)
    link = {"id": "l1", "owner_id": ada.id, "kind": "file", "file_id": files[2].id, "downloads": 0, "created_at": NOW}
    request = {"id": "l2", "owner_id": ada.id, "kind": "request", "folder": "Lab", "downloads": 0, "created_at": NOW}
    for row in (link, request):
        await catalogue.write(lambda c, row=row: c.execute(insert(schema.links).values(**row)))
    for target in ("l1", "l2", "l3"):
        entry = AuditEntry(NOW, "link_created", "ada", target=target)
        await catalogue.write(lambda c, entry=entry: append_audit(c, entry))
    await catalogue.write(_back_before_names)
    monkeypatch.setattr(v0009_names, "_BATCH", 3)
    with monkeypatch.context() as cut_off:
        cut_off.setattr(v0009_names, "_name_links", _stop)
        with pytest.raises(_StoppedError):
            await catalogue.write(_revise_names)
    await catalogue.write(_revise_names)
    after = await catalogue.read(_derived)
    page = await catalogue.read(lambda c: list_audit(c, AuditFilter(), cursor=None, limit=9))
    assert await catalogue.read(_differences) == []
    assert after == before
    assert len(after) == len(paths) + 5
    assert sorted((row.target, row.target_id, row.owner) for row in page.items) == [
        ("l3", "l3", None),
        ("link to Lab/b", "l1", "ada"),
        ("request link to Lab", "l2", "ada"),
    ]


class _StoppedError(Exception):
    """As if the process had ended here."""


def _stop() -> None:
    raise _StoppedError


def _revise_names(connection: Connection) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        v0009_names.upgrade()


def _derived(connection: Connection) -> list[tuple[object, ...]]:
    files, folders = schema.files.c, schema.folders.c
    of_files = select(files.path, files.path_order, files.name_order).order_by(files.path)
    of_folders = select(folders.path, folders.path_key, folders.name_key, folders.name_order).order_by(folders.path)
    return [tuple(row) for statement in (of_files, of_folders) for row in connection.execute(statement)]


_LATER_TABLES = (
    "shares",
    "link_uses",
    "links",
    "images",
    "copies",
    "migration_failures",
    "migrations",
    "scrubs",
    "damages",
    "garbage",
    "installation",
    "nodes",
    "configuration_changes",
)


def _back_to_the_first_version(connection: Connection) -> None:
    _back_before_scopes(connection)
    for name in (*_LATER_TABLES, "folders"):
        connection.execute(text(f"DROP TABLE {name}"))
    connection.execute(text("ALTER TABLE locations DROP COLUMN profile"))
    connection.execute(text("ALTER TABLE objects DROP COLUMN stamps"))
    connection.execute(text("ALTER TABLE locations DROP COLUMN claimed_at"))
    connection.execute(text("DROP INDEX ix_sessions_user_id"))
    connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
