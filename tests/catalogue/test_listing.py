"""Pages of files by keyset, filters and search."""

import asyncio
import base64
import json
from dataclasses import replace

import pytest
from sqlalchemy import Connection, event, insert

from aishare.catalogue import schema
from aishare.catalogue.content.files import File, rename_file
from aishare.catalogue.content.listing import Listing, list_files
from aishare.catalogue.database.opening import open_catalogue
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.people.users import User
from aishare.catalogue.previews.images import KnownImage, save_image
from aishare.core.errors import InvalidInput
from aishare.core.ids import new_id
from aishare.core.paths import parse_path
from tests.support.catalogue import NOW, make_files, make_location, make_object, make_user, put

_SORTS = ["path", "-path", "name", "-name", "size", "-size", "modified_at", "-modified_at"]


async def _all(catalogue: Catalogue, owner: User, listing: Listing) -> list[File]:
    found: list[File] = []
    while True:
        page = await catalogue.read(lambda c, wanted=listing: list_files(c, wanted, owner_id=owner.id))
        assert len(page.items) <= listing.limit
        found += page.items
        if page.next_cursor is None:
            return found
        listing = replace(listing, cursor=page.next_cursor)


async def _paths(catalogue: Catalogue, owner: User, listing: Listing) -> list[str]:
    return [file.path for file in await _all(catalogue, owner, listing)]


@pytest.mark.parametrize("sort", _SORTS)
async def test_pages_of_every_size_hold_each_file_once_in_order(catalogue: Catalogue, sort: str) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    paths = [f"{folder}/{name}" for folder in ("b", "a", "ccc") for name in ("z", "yy", "x", "same")]
    await make_files(catalogue, ada, location, paths)
    whole = await _paths(catalogue, ada, Listing(sort=sort))
    assert sorted(whole) == sorted(paths)
    for limit in (1, 3, 11, 12, 13):
        assert await _paths(catalogue, ada, Listing(sort=sort, limit=limit)) == whole
    keys = {"path": str, "name": lambda path: path.rpartition("/")[2], "size": len, "modified_at": paths.index}
    key = keys[sort.removeprefix("-")]
    in_order = [key(path) for path in whole]
    assert in_order == sorted(in_order, reverse=sort.startswith("-"))


async def test_paging_while_files_are_added_gives_each_old_file_once(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    old = [f"old{number:03}" for number in range(60)]
    await make_files(catalogue, ada, location, old)

    async def keep_adding() -> None:
        for number in range(60):
            path = f"{'a' if number % 2 else 'old0305'}{number}"
            await catalogue.write(lambda c, path=path: put(c, ada, path, make_object(location)))

    adding = asyncio.create_task(keep_adding())
    seen = await _paths(catalogue, ada, Listing(limit=4))
    await adding
    assert len(seen) == len(set(seen))
    assert [path for path in seen if path in old] == old


async def test_a_folder_holds_its_direct_children_alone(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    paths = ["top", "a/one", "a/two", "a/b/deep", "ab/other"]
    await make_files(catalogue, ada, location, paths)
    assert await _paths(catalogue, ada, Listing(folder="")) == ["top"]
    assert await _paths(catalogue, ada, Listing(folder="a")) == ["a/one", "a/two"]
    assert await _paths(catalogue, ada, Listing(folder="none")) == []
    assert await _paths(catalogue, ada, Listing()) == sorted(paths)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cat", ["Cats/Zoë.txt", "dogs/CATALOGUE"]),
        ("ZOË", ["Cats/Zoë.txt"]),
        ("zoe\u0308", ["Cats/Zoë.txt"]),
        ("100%", ["done 100%.txt"]),
        ("_", ["under_score"]),
        ("\\", ["back\\slash"]),
        ("s/Z", ["Cats/Zoë.txt"]),
        ("//", []),
    ],
)
async def test_search_is_for_a_part_of_the_path_in_any_case(catalogue: Catalogue, query: str, found: list[str]) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    paths = ["Cats/Zoë.txt", "dogs/CATALOGUE", "done 100%.txt", "done 1000.txt", "under_score", "back\\slash"]
    await make_files(catalogue, ada, location, paths)
    assert sorted(await _paths(catalogue, ada, Listing(query=query))) == found


async def test_search_in_a_folder_goes_down_and_keeps_to_its_case(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    await make_files(catalogue, ada, location, ["Data/x1", "Data/deep/x2", "data/x3", "Data2/x4", "x5"])
    assert await _paths(catalogue, ada, Listing(folder="Data", query="x")) == ["Data/deep/x2", "Data/x1"]


async def test_kinds_and_owners_are_kept_apart(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    alan = await make_user(catalogue, "alan")
    await make_files(catalogue, alan, location, ["of alan"])
    await catalogue.write(lambda c: put(c, ada, "cat.png", make_object(location), kind="image"))
    await catalogue.write(lambda c: put(c, ada, "cat.txt", make_object(location)))
    assert await _paths(catalogue, ada, Listing(kind="image")) == ["cat.png"]
    assert await _paths(catalogue, ada, Listing()) == ["cat.png", "cat.txt"]


def _made(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


_BAD_CURSORS = [
    "",
    "x",
    "é",
    "\ud800",
    "a\0b",
    _made(),
    _made("path", "a"),
    _made("path", 5, "id"),
    _made("name", "a", "id"),
    _made("path", "a\0", "id"),
    _made("path", "\ud800", "id"),
    _made("path", "a", "\0"),
    base64.urlsafe_b64encode(b"[" * 100_000).decode(),
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
]


@pytest.mark.parametrize("cursor", _BAD_CURSORS, ids=range(len(_BAD_CURSORS)))
async def test_a_made_up_cursor_is_bad_input(catalogue: Catalogue, cursor: str) -> None:
    try:
        page = await catalogue.read(lambda c: list_files(c, Listing(cursor=cursor), owner_id="someone"))
    except InvalidInput:
        return
    assert "\0" in base64.urlsafe_b64decode(cursor).decode("unicode_escape")  # SQLite can compare with a NUL
    assert page.items == []


_BAD_VALUES = [
    ("size", 10**30),
    ("size", True),
    ("size", 1.5),
    ("modified_at", "2026-01-01"),
    ("modified_at", "2026-01-01T00:00:00"),
    ("modified_at", "0001-01-01T00:00:00+23:59"),
    ("modified_at", 7),
]


@pytest.mark.parametrize(("sort", "value"), _BAD_VALUES)
async def test_a_made_up_place_in_a_cursor_is_bad_input(catalogue: Catalogue, sort: str, value: object) -> None:
    column = {"size": "size_bytes"}.get(sort, sort)
    listing = Listing(sort=sort, cursor=_made(column, value, "id"))
    try:
        page = await catalogue.read(lambda c: list_files(c, listing, owner_id="someone"))
    except InvalidInput:
        return
    assert (sort, value) not in {("size", 10**30), ("size", 1.5), ("modified_at", 7)}  # the others are some place
    assert page.items == []


async def test_a_cursor_of_another_order_is_bad_input(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    await make_files(catalogue, ada, location, ["a", "b"])
    page = await catalogue.read(lambda c: list_files(c, Listing(limit=1), owner_id=ada.id))
    with pytest.raises(InvalidInput):
        await catalogue.read(lambda c: list_files(c, Listing(sort="size", cursor=page.next_cursor), owner_id=ada.id))


async def test_an_unknown_order_is_bad_input(catalogue: Catalogue) -> None:
    for sort in ("", "-", "owner_id", "path; DROP TABLE files", "--path"):
        with pytest.raises(InvalidInput):
            await catalogue.read(lambda c, sort=sort: list_files(c, Listing(sort=sort), owner_id="someone"))


async def _fill(catalogue: Catalogue, owner: User, count: int) -> None:
    """Rows straight into the tables: more than a test can put one by one."""
    location = await make_location(catalogue)
    ids = [new_id() for _ in range(count)]
    times = {"created_at": NOW, "size_bytes": 1}
    stored = {"location_id": location.id, "sha256": b"", "chunk_sha256": b"", "generation": 1, "content_type": ""}
    told = {"owner_id": owner.id, "folder": "many", "media_type": "", "kind": "text", "modified_at": NOW}
    objects = [{"id": object_id, "key": object_id, **times, **stored} for object_id in ids]
    files = [
        {
            "id": ids[n],
            "object_id": ids[n],
            "path": f"many/{n}",
            "path_key": f"many/{n}",
            "name": str(n),
            **times,
            **told,
        }
        for n in range(count)
    ]

    def insert_all(connection: Connection) -> None:
        connection.execute(insert(schema.objects), objects)
        connection.execute(insert(schema.files), files)

    await catalogue.write(insert_all)


async def test_ten_thousand_files_of_one_moment_come_once_each(catalogue: Catalogue) -> None:
    ada = await make_user(catalogue)
    await _fill(catalogue, ada, 10_000)
    for sort in ("name", "-modified_at"):
        paths = await _paths(catalogue, ada, Listing(folder="many", sort=sort, limit=1000))
        assert len(paths) == len(set(paths)) == 10_000


_INDEXED = [Listing(sort="path"), Listing(sort="-modified_at"), Listing(sort="size"), Listing("many", sort="name")]


@pytest.mark.parametrize("listing", _INDEXED, ids=["path", "modified", "size", "name in a folder"])
async def test_an_index_gives_the_order_of_a_page(sqlite_url: str, listing: Listing) -> None:
    catalogue = await open_catalogue(sqlite_url)
    asked: list[tuple[str, object]] = []

    def plan(connection: Connection) -> str:
        event.listen(connection, "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
        list_files(connection, listing, owner_id="someone")
        statement, parameters = asked[0]
        return " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))

    found = await catalogue.read(plan)
    await catalogue.aclose()
    assert "files USING INDEX" in found
    assert "FOR ORDER BY" not in found  # paths are unique: their last term may be sorted, the whole must not


_NATURAL = [
    "ä.csv",
    "analysis.ipynb",
    "img_1",
    "img_2",
    "img_10",
    "q",
    "readme.md",
    "README.md",
    "s",
    "9" * 5,
    "10" * 3,
]
_NAMES_IN_ORDER = ["99999", "101010", *_NATURAL[:9]]


@pytest.mark.parametrize("sort", ["path", "name"])
async def test_names_stand_in_natural_order_on_every_page_of_both_databases(catalogue: Catalogue, sort: str) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    await make_files(catalogue, ada, location, [f"Lab/{name}" for name in _NATURAL[::-1]])
    expected = [f"Lab/{name}" for name in _NAMES_IN_ORDER]
    for limit in (1, 2, 5, 100):
        for folder in (None, "Lab"):
            listing = Listing(folder, sort=sort, limit=limit)
            assert await _paths(catalogue, ada, listing) == expected
            assert await _paths(catalogue, ada, replace(listing, sort=f"-{sort}")) == expected[::-1]


async def test_the_longest_names_and_paths_fit_into_the_indexes(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    wide, deep = "ﷺ" * 85, "/".join(["aB1" * 84] * 8)
    paths = [
        wide,
        f"{wide[:60]}/{wide}",
        f"{deep[:2030]}/last10",
        f"{deep[:2030]}/last9",
        f"{deep[:1790]}/{'A1' * 127}",
    ]
    await make_files(catalogue, ada, location, paths)
    for sort in ("path", "-name"):
        assert sorted(await _paths(catalogue, ada, Listing(sort=sort, limit=2))) == sorted(paths)


async def test_paging_while_files_are_renamed_gives_each_file_that_stays_once(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    stay = [f"Img_{number}" if number % 2 else f"img_{number}" for number in range(60)]
    wander = await make_files(catalogue, ada, location, [f"w{number}" for number in range(30)])
    await make_files(catalogue, ada, location, stay)

    async def keep_renaming() -> None:
        for number, file in enumerate(wander):
            path = parse_path(f"img_{number}b")
            await catalogue.write(lambda c, file=file, path=path: rename_file(c, file_id=file.id, path=path, now=NOW))

    renaming = asyncio.create_task(keep_renaming())
    seen = await _paths(catalogue, ada, Listing(limit=4))
    await renaming
    assert [path for path in seen if path in stay] == stay


@pytest.mark.parametrize("cursor", [_made("path", "a/b", "id"), _made("name", "b", "id")])
@pytest.mark.parametrize("listing", [Listing(), Listing("a"), Listing("a", sort="name")], ids=str)
async def test_a_cursor_of_the_order_of_before_is_refused(catalogue: Catalogue, listing: Listing, cursor: str) -> None:
    with pytest.raises(InvalidInput, match="does not belong"):
        await catalogue.read(lambda c: list_files(c, replace(listing, cursor=cursor), owner_id="someone"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cat train", ["train/cats.csv"]),
        ("train cat", ["train/cats.csv"]),
        ("  TRAIN\t Cat ", ["train/cats.csv"]),
        ("cat cat", ["train/cats.csv", "val/cats.csv"]),
        ("cat dog", []),
        ("100% d", ["done 100%.txt"]),
        ("_ e", ["under_score"]),
    ],
)
async def test_all_words_of_a_search_count_in_any_order(catalogue: Catalogue, query: str, found: list[str]) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    paths = ["train/cats.csv", "val/cats.csv", "train/dogs.csv", "done 100%.txt", "done 1000.txt", "under_score"]
    await make_files(catalogue, ada, location, paths)
    assert await _paths(catalogue, ada, Listing(query=query)) == found
    in_train = [path for path in found if path.startswith("train/")]
    assert await _paths(catalogue, ada, Listing("train", query=query)) == in_train


async def test_an_image_that_was_looked_at_is_listed_with_what_was_found(catalogue: Catalogue) -> None:
    ada, location = await make_user(catalogue), await make_location(catalogue)
    (file,) = await make_files(catalogue, ada, location, ["cat.png"])
    known = KnownImage(1, "png", 3, 2, "#aabbcc", None, None, NOW)
    await catalogue.write(lambda c: save_image(c, file.object.digests.sha256, known))
    for sort in _SORTS:
        assert [found.image for found in await _all(catalogue, ada, Listing(sort=sort))] == [known]
