"""Folders: rows with sums, moved and deleted with all that is below them."""

import asyncio
import base64
import json
import time
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from aishare.catalogue import schema
from aishare.catalogue.content.files import delete_file, rename_file
from aishare.catalogue.content.folders import FolderListing, create_folder, folder_at, list_folders
from aishare.catalogue.content.listing import Listing, list_files
from aishare.catalogue.content.objects import doomed_objects
from aishare.catalogue.content.subtrees import delete_folder, move_folder
from aishare.core.errors import Conflict, InvalidInput, InvalidPath, NotFound
from aishare.core.natural_order import path_order
from aishare.core.paths import parse_path
from tests.support.catalogue import NOW, later, make_files, make_location, make_many_files, make_object, make_user, put

HOSTILE = [
    "100%",
    "a_c",
    "abc",
    "a%c",
    "[ab]",
    "O'Brien; DROP TABLE files",
    "--",
    "\\",
    "*",
    "🐈",
    "ﬁ",
    "İ",
    "ẞ",
    "e\u0301",
]


@pytest.fixture
async def ada(catalogue):
    return await make_user(catalogue)


@pytest.fixture
async def location(catalogue):
    return await make_location(catalogue)


async def _create(catalogue, owner, path, at=NOW):
    return await catalogue.write(lambda c: create_folder(c, owner.id, parse_path(path), now=at))


async def _move(catalogue, owner, path, new_path, at=NOW):
    return await catalogue.write(lambda c: move_folder(c, owner.id, parse_path(path), parse_path(new_path), now=at))


async def _delete(catalogue, owner, path, at=NOW):
    return await catalogue.write(lambda c: delete_folder(c, owner.id, parse_path(path), now=at))


async def _folder(catalogue, owner, path):
    return await catalogue.read(lambda c: folder_at(c, owner.id, path))


async def _files(catalogue, owner, **listing):
    page = await catalogue.read(lambda c: list_files(c, Listing(limit=1000, **listing), owner_id=owner.id))
    return [file.path for file in page.items]


async def _folders(catalogue, owner, parent="", *, limit=1000):
    found, cursor = [], None
    while True:
        listing = FolderListing(parent, cursor, limit)
        page = await catalogue.read(lambda c, wanted=listing: list_folders(c, wanted, owner_id=owner.id))
        assert len(page.items) <= limit
        found += [folder.path for folder in page.items]
        if (cursor := page.next_cursor) is None:
            return found


async def test_folders_come_with_their_files_and_sum_up_what_is_below(catalogue, ada, location):
    await make_files(catalogue, ada, location, ["top", "a/one", "a/b/two", "a/b/c/three", "d/four"])
    assert await _folders(catalogue, ada) == ["a", "d"]
    assert await _folders(catalogue, ada, "a/b") == ["a/b/c"]
    a = await _folder(catalogue, ada, "a")
    assert (a.name, a.files, a.bytes) == ("a", 3, len("a/one") + len("a/b/two") + len("a/b/c/three"))
    assert (a.created_at, a.modified_at) == (later(1), later(3))
    assert (await _folder(catalogue, ada, "a/b/c")).files == 1


async def test_a_folder_stays_when_its_last_file_goes(catalogue, ada, location):
    gone, moved = await make_files(catalogue, ada, location, ["a/b/gone", "c/moved"])
    await catalogue.write(lambda c: delete_file(c, file_id=gone.id, now=later(8)))
    await catalogue.write(lambda c: rename_file(c, file_id=moved.id, path=parse_path("new/x"), now=later(9)))
    assert await _folders(catalogue, ada) == ["a", "c", "new"]
    for path, at in {"a": 8, "a/b": 8, "c": 9}.items():
        folder = await _folder(catalogue, ada, path)
        assert (folder.files, folder.bytes, folder.modified_at) == (0, 0, later(at)), path
    assert (await _folder(catalogue, ada, "new")).files == 1


async def test_a_replaced_file_changes_bytes_alone(catalogue, ada, location):
    await make_files(catalogue, ada, location, ["a/b/file"])
    await catalogue.write(lambda c: put(c, ada, "a/b/file", make_object(location, b"123"), at=later(5)))
    for path in ("a", "a/b"):
        folder = await _folder(catalogue, ada, path)
        assert (folder.files, folder.bytes, folder.modified_at) == (1, 3, later(5))


async def test_an_empty_folder_is_made_with_those_above_it(catalogue, ada):
    made = await _create(catalogue, ada, "x/y/z")
    assert (made.path, made.name, made.files, made.bytes, made.created_at) == ("x/y/z", "z", 0, 0, NOW)
    assert await _folders(catalogue, ada, "x") == ["x/y"]


@pytest.mark.parametrize("path", ["a", "a/b", "a/file", "a/file/x", "a/file/x/y"])
async def test_what_is_taken_can_not_be_made(catalogue, ada, location, path):
    await make_files(catalogue, ada, location, ["a/b/c", "a/file"])
    before = await _folders(catalogue, ada, "a")
    with pytest.raises(Conflict):
        await _create(catalogue, ada, path)
    assert await _folders(catalogue, ada, "a") == before


@pytest.mark.parametrize("path", ["a", "a/b", "a/b/c/d", "a/b/c/d/e"])
async def test_a_file_can_not_take_the_place_of_a_folder_nor_lie_in_a_file(catalogue, ada, location, path):
    (file,) = await make_files(catalogue, ada, location, ["a/b/c"])
    stored = make_object(location, b"x")
    with pytest.raises(Conflict):
        await catalogue.write(lambda c: put(c, ada, path, stored))
    with pytest.raises(Conflict):
        await catalogue.write(lambda c: rename_file(c, file_id=file.id, path=parse_path(path), now=NOW))
    assert await _files(catalogue, ada) == ["a/b/c"]
    assert await _folders(catalogue, ada, "a/b") == []
    assert await catalogue.read(lambda c: c.execute(select(schema.objects.c.id)).scalars().all()) == [file.object.id]


async def test_a_moved_folder_takes_everything_along_and_nothing_else(catalogue, ada, location):
    inside = ["a/1", "a/B/2", "a/b/3"]
    beside = ["A/x", "a.txt", "ab/x", "b/a/x", "a%/x", "a_/x"]
    await make_files(catalogue, ada, location, inside + beside)
    await _create(catalogue, ada, "a/empty")
    moved = await _move(catalogue, ada, "a", "z/Ä", at=later(60))
    assert (moved.path, moved.name, moved.files) == ("z/Ä", "Ä", 3)
    assert sorted(await _files(catalogue, ada)) == sorted(["z/Ä/1", "z/Ä/B/2", "z/Ä/b/3", *beside])
    assert await _folders(catalogue, ada, "z") == ["z/Ä"]
    assert sorted(await _folders(catalogue, ada, "z/Ä")) == ["z/Ä/B", "z/Ä/b", "z/Ä/empty"]
    assert await _folder(catalogue, ada, "a") is None
    assert (await _folder(catalogue, ada, "z")).modified_at == later(60)


async def test_search_and_kind_find_moved_files_under_their_new_path(catalogue, ada, location):
    await make_files(catalogue, ada, location, ["Straße/Bild.PNG", "rest/Bild.PNG"])
    await catalogue.write(lambda c: put(c, ada, "Straße/data", make_object(location), kind="dataset"))
    await _move(catalogue, ada, "Straße", "İstanbul/Æ")
    assert await _files(catalogue, ada, query="STRASSE") == []
    assert await _files(catalogue, ada, query="istanbul/æ/bild".replace("i", "i̇", 1)) == ["İstanbul/Æ/Bild.PNG"]
    assert await _files(catalogue, ada, folder="İstanbul/Æ") == ["İstanbul/Æ/Bild.PNG", "İstanbul/Æ/data"]
    assert await _files(catalogue, ada, kind="dataset") == ["İstanbul/Æ/data"]
    assert await _files(catalogue, ada, query="bild", folder="İstanbul") == ["İstanbul/Æ/Bild.PNG"]


async def test_moved_files_are_as_old_as_before(catalogue, ada, location):
    (file,) = await make_files(catalogue, ada, location, ["a/f"])
    await _move(catalogue, ada, "a", "b", at=later(99))
    page = await catalogue.read(lambda c: list_files(c, Listing(), owner_id=ada.id))
    assert (page.items[0].id, page.items[0].modified_at) == (file.id, file.modified_at)


@pytest.mark.parametrize(
    ("new_path", "error"),
    [
        ("a/x", InvalidInput),
        ("a/b/x", InvalidInput),
        ("taken", Conflict),
        ("file", Conflict),
        ("file/x", Conflict),
        ("taken/empty", Conflict),
        ("é" * 120 + "/" + "/".join(["é" * 127] * 7), InvalidPath),
    ],
)
async def test_a_refused_move_changes_nothing(catalogue, ada, location, new_path, error):
    await make_files(catalogue, ada, location, ["a/b/" + "é" * 100, "taken/x", "file"])
    await _create(catalogue, ada, "taken/empty")
    before = await _everything(catalogue)
    with pytest.raises(error):
        await _move(catalogue, ada, "a", new_path, at=later(5))
    assert await _everything(catalogue) == before


async def test_a_folder_may_change_case_move_up_and_stay_where_it_is(catalogue, ada, location):
    await make_files(catalogue, ada, location, ["a/a/a"])
    assert (await _move(catalogue, ada, "a", "A")).path == "A"
    assert (await _move(catalogue, ada, "A/a", "a")).files == 1
    assert (await _folder(catalogue, ada, "A")).files == 0
    assert (await _move(catalogue, ada, "a", "a")).files == 1
    assert await _files(catalogue, ada) == ["a/a"]


async def test_unknown_folders_are_not_found(catalogue, ada, location):
    await make_files(catalogue, ada, location, ["a/file"])
    for path in ("nothing", "a/file", "A"):
        with pytest.raises(NotFound):
            await _move(catalogue, ada, path, "x")
        with pytest.raises(NotFound):
            await _delete(catalogue, ada, path)
        with pytest.raises(NotFound):
            await _folders(catalogue, ada, path)


async def test_a_deleted_folder_takes_its_files_and_their_bytes_along(catalogue, ada, location):
    files = await make_files(catalogue, ada, location, ["a/b/1", "a/b/c/2", "a/3", "a/bb/4", "A/b/5"])
    assert await _delete(catalogue, ada, "a/b", at=later(9)) == 2
    assert sorted(await _files(catalogue, ada)) == ["A/b/5", "a/3", "a/bb/4"]
    doomed = await catalogue.read(lambda c: doomed_objects(c, before=later(9), limit=10))
    assert {stored.id for stored in doomed} == {file.object.id for file in files[:2]}
    a = await _folder(catalogue, ada, "a")
    assert (a.files, a.bytes, a.modified_at) == (2, len("a/3") + len("a/bb/4"), later(9))
    usage = select(schema.usage.c.count, schema.usage.c.bytes).where(schema.usage.c.owner_id == ada.id)
    assert await catalogue.read(lambda c: tuple(c.execute(usage).one())) == (3, 3 + 6 + 5)
    assert await _folders(catalogue, ada, "a") == ["a/bb"]


async def test_one_owner_never_touches_what_another_has(catalogue, ada, location):
    grace = await make_user(catalogue, "grace")
    for owner in (ada, grace):
        await make_files(catalogue, owner, location, ["a/b/file"])
    await _move(catalogue, ada, "a", "z")
    await _delete(catalogue, ada, "z")
    assert await _files(catalogue, grace) == ["a/b/file"]
    assert (await _folder(catalogue, grace, "a/b")).files == 1
    assert await _folders(catalogue, ada) == []


async def test_hostile_names_are_only_names(catalogue, ada, location):
    await make_files(catalogue, ada, location, [f"{name}/{name}/file" for name in HOSTILE])
    for name in HOSTILE:
        path = parse_path(name)
        await _move(catalogue, ada, name, f"moved/{name}")
        assert await _files(catalogue, ada, folder=f"moved/{path}/{path}") == [f"moved/{path}/{path}/file"]
    assert (await _folder(catalogue, ada, "moved")).files == len(HOSTILE)
    for left, name in enumerate(reversed(HOSTILE)):
        assert await _delete(catalogue, ada, f"moved/{name}") == 1
        assert (await _folder(catalogue, ada, "moved")).files == len(HOSTILE) - left - 1


async def test_pages_of_every_size_hold_each_folder_once_in_order(catalogue, ada, location):
    await make_files(catalogue, ada, location, [f"p/{name}/{name}" for name in HOSTILE])
    whole = await _folders(catalogue, ada, "p")
    assert sorted(whole) == sorted(parse_path(f"p/{name}") for name in HOSTILE)
    for limit in (1, 2, 5, len(HOSTILE), len(HOSTILE) + 1):
        assert await _folders(catalogue, ada, "p", limit=limit) == whole


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "é", base64.b64encode(b"[1, 2]").decode(), base64.b64encode(json.dumps(["folder", 1]).encode()).decode()],
)
async def test_a_cursor_of_something_else_is_refused(catalogue, ada, cursor):
    with pytest.raises(InvalidInput):
        await catalogue.read(lambda c: list_folders(c, FolderListing(cursor=cursor), owner_id=ada.id))


async def test_of_many_moves_at_once_to_one_place_one_wins(catalogue, ada, location):
    await make_files(catalogue, ada, location, [f"from{number}/file" for number in range(8)])
    moves = [_move(catalogue, ada, f"from{number}", "to/here") for number in range(8)]
    outcomes = await asyncio.gather(*moves, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict"] * 7 + ["Folder"]
    assert (await _folder(catalogue, ada, "to")).files == 1
    assert len(await _files(catalogue, ada)) == 8


async def test_two_moves_of_one_folder_at_once_leave_it_in_one_place(catalogue, ada, location):
    await make_files(catalogue, ada, location, ["a/b/file"])
    outcomes = await asyncio.gather(
        *(_move(catalogue, ada, "a", f"to{number}") for number in range(6)), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Folder"] + ["NotFound"] * 5
    assert len(await _files(catalogue, ada)) == 1


async def test_swaps_into_each_other_at_once_never_make_a_circle(catalogue, ada, location):
    await make_files(catalogue, ada, location, ["a/file", "b/file"])
    outcomes = await asyncio.gather(
        _move(catalogue, ada, "a", "b/a"), _move(catalogue, ada, "b", "a/b"), return_exceptions=True
    )
    assert [type(outcome).__name__ for outcome in outcomes] == ["Folder"] * 2  # the later one makes a folder anew
    assert sorted(await _files(catalogue, ada)) in (["a/b/a/file", "a/b/file"], ["b/a/b/file", "b/a/file"])
    (top,) = await _folders(catalogue, ada)
    assert (await _folder(catalogue, ada, top)).files == 2


async def test_uploads_into_a_folder_while_it_moves_are_all_counted(catalogue, ada, location):
    await make_files(catalogue, ada, location, ["a/b/first"])

    async def upload(number):
        stored = make_object(location, b"x")
        return await catalogue.write(lambda c: put(c, ada, f"a/b/{number}", stored))

    moves = [_move(catalogue, ada, "a", f"to{number}") for number in range(3)]
    uploads = [upload(number) for number in range(12)]
    await asyncio.gather(*uploads[:4], *moves, *uploads[4:], return_exceptions=True)
    paths = await _files(catalogue, ada)
    assert len(paths) == 13
    for folder in await _folders(catalogue, ada):
        held = [path for path in paths if path.startswith(f"{folder}/")]
        assert (await _folder(catalogue, ada, folder)).files == len(held)


async def _everything(catalogue):
    tables = (schema.files, schema.folders, schema.usage, schema.objects)
    return await catalogue.read(lambda c: [sorted(map(repr, c.execute(select(table)))) for table in tables])


async def test_ten_thousand_files_move_and_go_without_a_long_wait_for_others(catalogue, ada, location):
    """The bound is for slow machines; docs/decisions says what was measured."""
    paths = [f"big/part{number // 100}/{number}" for number in range(10_000)]
    await make_many_files(catalogue, ada, location, paths)
    assert (await _folder(catalogue, ada, "big")).files == 10_000
    for change in (_move(catalogue, ada, "big", "moved"), _delete(catalogue, ada, "moved")):
        began = time.monotonic()
        await change
        assert time.monotonic() - began < 60
    assert await _everything_of(catalogue, ada) == (0, 0, (0, 0))


async def _everything_of(catalogue, owner):
    files, folders, usage = schema.files, schema.folders, schema.usage

    def read(connection):
        counts = [
            connection.execute(select(func.count()).select_from(table).where(table.c.owner_id == owner.id)).scalar()
            for table in (files, folders)
        ]
        sums = connection.execute(select(usage.c.count, usage.c.bytes).where(usage.c.owner_id == owner.id)).one()
        return *counts, tuple(sums)

    return await catalogue.read(read)


async def test_folders_stand_in_natural_order_on_every_page(catalogue, ada):
    names = ["2", "10", "Ä", "az", "b 2", "B 10", "Ö", "z"]
    for name in names[::-1]:
        await _create(catalogue, ada, name)
    for limit in (1, 3, 8):
        assert await _folders(catalogue, ada, limit=limit) == names


async def test_a_cursor_of_folders_from_before_is_refused(catalogue, ada):
    old = base64.urlsafe_b64encode(json.dumps(["folder", "a"]).encode()).decode()
    with pytest.raises(InvalidInput, match="does not belong"):
        await catalogue.read(lambda c: list_folders(c, FolderListing("", old), owner_id=ada.id))


@pytest.mark.parametrize(
    ("parent", "query", "found"),
    [
        ("", "lab", ["lab", "lab/Lab 2", "old/lab"]),
        ("", "SUB", ["lab/Lab 2/sub", "lab/sub"]),
        ("", "sub lab", ["lab/Lab 2/sub", "lab/sub"]),
        ("", "lab/s", ["lab/sub"]),
        ("lab", "sub", ["lab/Lab 2/sub", "lab/sub"]),
        ("lab", "lab", ["lab/Lab 2"]),
        ("", "100%", ["100%"]),
        ("", "a%b", []),
        ("", "zoe\u0308", ["Zoë"]),
    ],
)
async def test_a_search_finds_folders(catalogue, ada, parent, query, found):
    for path in ("lab/sub/x", "lab/Lab 2/sub", "old/lab", "100%", "Zoë", "1000"):
        await _create(catalogue, ada, path)
    pages = []
    for limit in (1, 100):
        listing, paths = FolderListing(parent, None, limit, query), []
        while True:
            page = await catalogue.read(lambda c, wanted=listing: list_folders(c, wanted, owner_id=ada.id))
            paths += [folder.path for folder in page.items]
            if page.next_cursor is None:
                break
            listing = FolderListing(parent, page.next_cursor, limit, query)
        pages.append(paths)
    assert pages[0] == pages[1]
    assert sorted(pages[0]) == sorted(found)


async def test_a_moved_folder_is_found_and_sorted_by_its_new_path(catalogue, ada, location):
    deep = "/".join(["Folder 10"] * 100)
    paths = ["Äb 2/x10", "Äb 2/Sub/y", f"Äb 2/{deep}/z9", f"Äb 2/{deep}/Z10"]
    await make_files(catalogue, ada, location, paths)
    moves = ["Äb 2", "c/B 1", "İ" * 30, "short"]
    for source, target in pairwise(moves):
        await _move(catalogue, ada, source, target)
        orders = select(schema.files.c.path, schema.files.c.path_order)
        rows = await catalogue.read(lambda c: c.execute(orders).all())  # noqa: B023 - read at once
        assert [order for _, order in rows] == [path_order(path) for path, _ in rows]
        keys = select(schema.folders.c.path, schema.folders.c.path_key, schema.folders.c.name_key)
        for path, path_key, name_key in await catalogue.read(lambda c: c.execute(keys).all()):  # noqa: B023
            assert (path_key, name_key) == (path.casefold(), path.rpartition("/")[2].casefold())
