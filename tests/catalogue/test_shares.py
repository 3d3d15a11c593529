"""Shares: rows, the rights they give, and folders that move or go."""

import pytest
from sqlalchemy import insert, select

from aishare.catalogue import schema
from aishare.catalogue.content.entries import EntryListing, list_entries
from aishare.catalogue.content.files import delete_file, file_by_id, rename_file
from aishare.catalogue.content.folders import create_folder
from aishare.catalogue.content.rights import SHARED, right_on, shared_questions
from aishare.catalogue.content.subtrees import delete_folder, move_folder
from aishare.catalogue.people.users import search_people, set_disabled, set_display_name
from aishare.catalogue.sharing.shares import (
    NewShare,
    delete_share,
    find_share,
    list_shares_of,
    list_shares_with,
    put_share,
    set_right,
)
from aishare.core.errors import InvalidInput, NotFound
from aishare.core.ids import new_id
from aishare.core.paths import parse_path
from tests.support.catalogue import NOW, later, make_files, make_location, make_user

PATHS = ["a/b/c/deep.txt", "a/b/mid.txt", "a/top.txt", "ab/other.txt", "a%/like.txt", "root.txt"]


@pytest.fixture
async def ada(catalogue):
    return await make_user(catalogue)


@pytest.fixture
async def grace(catalogue):
    return await make_user(catalogue, "grace")


@pytest.fixture
async def files(catalogue, ada):
    location = await make_location(catalogue)
    made = await make_files(catalogue, ada, location, PATHS)
    return {file.path: file for file in made}


@pytest.fixture
def share(catalogue, ada, grace, files):
    async def share(thing, *, write=False, owner=ada, user=grace, at=NOW):
        file_id = files[thing].id if thing in files else None
        new = NewShare(new_id(), owner.id, user.id, file_id, None if file_id else thing, write)
        return await catalogue.write(lambda c: put_share(c, new, now=at))

    return share


@pytest.fixture
def right(catalogue, grace, files):
    async def right(path, user=grace):
        return await catalogue.read(lambda c: right_on(c, user.id, file_by_id(c, files[path].id)))

    return right


async def readable(right):
    return {path for path in PATHS if await right(path) is not None}


async def test_the_quick_question_gives_the_same_answer_at_any_depth(catalogue, ada, grace):
    location = await make_location(catalogue)
    deep = "/".join(f"{level}" for level in range(40))
    [file, root] = await make_files(catalogue, ada, location, [f"{deep}/x.txt", "x.txt"])

    async def shared(one):
        found = [await catalogue.lookup(SHARED, **asked) for asked in shared_questions(grace.id, one)]
        exact = await catalogue.read(lambda c: right_on(c, grace.id, one))
        assert any(found) == (exact is not None)
        return any(found)

    assert not await shared(file)
    assert not await shared(root)
    for folder in ("0", "/".join(deep.split("/")[:16]), "/".join(deep.split("/")[:17]), deep):
        new = NewShare(new_id(), ada.id, grace.id, None, folder, may_write=False)
        made, _ = await catalogue.write(lambda c, new=new: put_share(c, new, now=NOW))
        assert await shared(file)
        assert not await shared(root)
        await catalogue.write(lambda c: set_disabled(c, ada.id, disabled_at=NOW))
        assert not await shared(file)
        await catalogue.write(lambda c: set_disabled(c, ada.id, disabled_at=None))
        await catalogue.write(lambda c, made=made: delete_share(c, made.id))
        assert not await shared(file)
    await catalogue.write(lambda c: put_share(c, NewShare(new_id(), ada.id, grace.id, root.id, None, False), now=NOW))
    assert await shared(root)
    assert not await shared(file)


async def test_a_file_is_shared_alone(share, right):
    made, created = await share("a/b/mid.txt")
    assert (created, made.folder, made.file.path, made.may_write) == (True, None, "a/b/mid.txt", False)
    assert (made.owner.username, made.user.display_name) == ("ada", "Grace")
    assert await readable(right) == {"a/b/mid.txt"}
    given = await right("a/b/mid.txt")
    assert (given.may_write, given.may_arrange, given.root) == (False, False, None)
    assert given.seen("a/b/mid.txt") == "mid.txt"


async def test_a_folder_is_shared_with_all_below_it_and_nothing_beside_it(share, right):
    await share("a")
    assert await readable(right) == {"a/b/c/deep.txt", "a/b/mid.txt", "a/top.txt"}
    assert (await right("a/b/mid.txt")).seen("a/b/mid.txt") == "b/mid.txt"


async def test_a_file_for_writing_may_not_be_renamed_but_one_in_a_folder_may(share, right):
    await share("root.txt", write=True)
    await share("a", write=True)
    alone, inside = await right("root.txt"), await right("a/top.txt")
    assert (alone.may_write, alone.may_arrange, alone.may_put("root.txt")) == (True, False, False)
    assert (inside.may_write, inside.may_arrange) == (True, True)
    assert inside.may_put("a/x/new.txt")
    assert not inside.may_put("ab/new.txt")
    assert not inside.may_put("a")


async def test_the_widest_of_several_rights_counts(share, right):
    await share("a")
    await share("a/b", write=True)
    deep, top = await right("a/b/c/deep.txt"), await right("a/top.txt")
    assert (deep.may_write, deep.root, top.may_write) == (True, "a", False)
    assert deep.may_put("a/b/new.txt")
    assert not deep.may_put("a/new.txt")


async def test_sharing_again_changes_the_right(catalogue, share, right, grace, ada):
    first, _ = await share("a")
    again, created = await share("a", write=True, at=later(5))
    assert (again.id, created, again.may_write, again.created_at) == (first.id, False, True, NOW)
    await catalogue.write(lambda c: set_right(c, first.id, may_write=False))
    assert not (await right("a/top.txt")).may_write
    await catalogue.write(lambda c: delete_share(c, first.id))
    assert await readable(right) == set()
    assert await catalogue.read(lambda c: list_shares_of(c, ada.id)) == []


async def test_nobody_shares_what_is_not_theirs(catalogue, grace, ada, files):
    for file_id, folder in ((files["root.txt"].id, None), (None, "a"), (None, "no such"), ("nothing", None)):
        new = NewShare(new_id(), grace.id, ada.id, file_id, folder, may_write=True)
        with pytest.raises(NotFound):
            await catalogue.write(lambda c, new=new: put_share(c, new, now=NOW))


async def test_lists_are_of_one_side_and_the_newest_is_first(catalogue, share, ada, grace):
    alan = await make_user(catalogue, "alan")
    for seconds, (thing, user) in enumerate([("a", grace), ("root.txt", grace), ("a", alan)]):
        await share(thing, user=user, at=later(seconds))
    mine = await catalogue.read(lambda c: list_shares_of(c, ada.id))
    assert [(one.folder or one.file.path, one.user.username) for one in mine] == [
        ("a", "alan"),
        ("root.txt", "grace"),
        ("a", "grace"),
    ]
    of_a = await catalogue.read(lambda c: list_shares_of(c, ada.id, folder="a"))
    assert [one.user.username for one in of_a] == ["alan", "grace"]
    of_file = await catalogue.read(lambda c: list_shares_of(c, ada.id, file_id=mine[1].file.id))
    assert of_file == [mine[1]]
    assert await catalogue.read(lambda c: list_shares_of(c, grace.id)) == []
    assert await catalogue.read(lambda c: list_shares_with(c, grace.id)) == mine[1:]
    assert await catalogue.read(lambda c: list_shares_with(c, ada.id)) == []


async def test_a_share_is_found_by_its_two_people(catalogue, share, ada, grace):
    alan = await make_user(catalogue, "alan")
    made, _ = await share("a")
    for person in (ada, grace):
        assert await catalogue.read(lambda c, who=person.id: find_share(c, made.id, who)) == made
    with pytest.raises(NotFound):
        await catalogue.read(lambda c: find_share(c, made.id, alan.id))


async def test_a_disabled_owner_shares_nothing_until_enabled_again(catalogue, share, right, ada, grace):
    made, _ = await share("a")
    await catalogue.write(lambda c: set_disabled(c, ada.id, disabled_at=NOW))
    assert await readable(right) == set()
    assert await catalogue.read(lambda c: list_shares_with(c, grace.id)) == []
    with pytest.raises(NotFound):
        await catalogue.read(lambda c: find_share(c, made.id, grace.id))
    await catalogue.write(lambda c: set_disabled(c, ada.id, disabled_at=None))
    assert "a/top.txt" in await readable(right)


async def test_shares_follow_a_folder_that_moves(catalogue, share, right, ada):
    await share("a")
    await share("a/b/c", write=True)
    await catalogue.write(lambda c: move_folder(c, ada.id, parse_path("a"), parse_path("new/place"), now=NOW))
    folders = {one.folder for one in await catalogue.read(lambda c: list_shares_of(c, ada.id))}
    assert folders == {"new/place", "new/place/b/c"}
    assert await readable(right) == {"a/b/c/deep.txt", "a/b/mid.txt", "a/top.txt"}
    await catalogue.write(lambda c: move_folder(c, ada.id, parse_path("new/place/b"), parse_path("b"), now=NOW))
    assert await readable(right) == {"a/b/c/deep.txt", "a/top.txt"}  # by the shares of c and of a


async def test_shares_of_folders_of_like_names_stay(catalogue, share, ada):
    await share("ab")
    await share("a%")
    await catalogue.write(lambda c: move_folder(c, ada.id, parse_path("a"), parse_path("z"), now=NOW))
    await catalogue.write(lambda c: delete_folder(c, ada.id, parse_path("z"), now=NOW))
    assert {one.folder for one in await catalogue.read(lambda c: list_shares_of(c, ada.id))} == {"ab", "a%"}


async def test_shares_end_with_what_was_shared(catalogue, share, ada, files):
    for thing in ("a", "a/b/c", "a/b/mid.txt", "root.txt", "ab"):
        await share(thing)
    await catalogue.write(lambda c: delete_file(c, file_id=files["root.txt"].id, now=NOW))
    await catalogue.write(lambda c: delete_folder(c, ada.id, parse_path("a"), now=NOW))
    assert [one.folder for one in await catalogue.read(lambda c: list_shares_of(c, ada.id))] == ["ab"]
    await catalogue.write(lambda c: create_folder(c, ada.id, parse_path("a/b/c"), now=NOW))
    assert [one.folder for one in await catalogue.read(lambda c: list_shares_of(c, ada.id))] == ["ab"]


async def test_a_right_by_folder_ends_when_the_file_leaves_it(catalogue, share, right, files):
    await share("a")
    file_id = files["a/top.txt"].id
    await catalogue.write(lambda c: rename_file(c, file_id=file_id, path=parse_path("out.txt"), now=NOW))
    assert await right("a/top.txt") is None


async def test_links_follow_their_folder_and_lead_nowhere_when_it_is_deleted(catalogue, ada, files):
    def make(connection, folder):
        link_id = new_id()
        row = {"id": link_id, "owner_id": ada.id, "kind": "folder", "folder": folder, "downloads": 0, "created_at": NOW}
        connection.execute(insert(schema.links).values(**row))
        return link_id

    ids = await catalogue.write(lambda c: [make(c, folder) for folder in ("a", "a/b", "ab")])
    rows = select(schema.links.c.folder)

    async def folders():
        return [
            await catalogue.read(lambda c, i=i: c.execute(rows.where(schema.links.c.id == i)).scalar()) for i in ids
        ]

    await catalogue.write(lambda c: move_folder(c, ada.id, parse_path("a"), parse_path("z"), now=NOW))
    assert await folders() == ["z", "z/b", "ab"]
    await catalogue.write(lambda c: delete_folder(c, ada.id, parse_path("z"), now=NOW))
    await catalogue.write(lambda c: create_folder(c, ada.id, parse_path("z/b"), now=NOW))
    assert await folders() == [None, None, "ab"]


async def test_entries_are_folders_then_files_with_paths_below_the_shared_one(catalogue, ada, files):
    location = await make_location(catalogue)
    await make_files(
        catalogue, ada, location, [f"s/base/{name}" for name in ("d1/x", "d2/x", "d3/x", "f1", "f2", "f3")]
    )
    for limit in (1, 2, 3, 4, 6, 100):
        found, cursor, pages = [], None, 0
        while True:
            listing = EntryListing("base", cursor, limit)
            page = await catalogue.read(lambda c, one=listing: list_entries(c, one, owner_id=ada.id, base="s"))
            assert len(page.folders) + len(page.files) <= limit
            found += [item.path for item in (*page.folders, *page.files)]
            pages, cursor = pages + 1, page.next_cursor
            if cursor is None:
                break
        assert found == [f"base/{name}" for name in ("d1", "d2", "d3", "f1", "f2", "f3")]
        assert pages <= 6 // limit + 1


@pytest.mark.parametrize("cursor", ["x", "d.x", "f.x", "d", "f.", "f.name", "f.name.", "f.size.", "d.name.x", "\ud800"])
async def test_cursors_of_other_listings_are_refused(catalogue, ada, files, cursor):
    read = catalogue.read(lambda c: list_entries(c, EntryListing("", cursor), owner_id=ada.id, base="a"))
    if cursor == "f.name.":
        assert [file.path for file in (await read).files] == ["top.txt"]
        return
    with pytest.raises(InvalidInput):
        await read


async def test_there_are_no_entries_where_there_is_no_folder(catalogue, ada, files):
    with pytest.raises(NotFound):
        await catalogue.read(lambda c: list_entries(c, EntryListing("nothing"), owner_id=ada.id, base="a"))


async def test_people_are_found_by_either_name_in_any_case(catalogue, ada):
    people = {name: await make_user(catalogue, name) for name in ("zoe", "ozan", "žofie", "gone")}
    await catalogue.write(lambda c: set_display_name(c, people["zoe"].id, "ÉMILE Zola"))
    await catalogue.write(lambda c: set_disabled(c, people["gone"].id, disabled_at=NOW))

    async def names(text, limit=10):
        found = await catalogue.read(lambda c: search_people(c, text, but=ada.id, limit=limit))
        return [person.username for person in found]

    assert await names("éMiLe") == ["zoe"]
    assert await names("Z") == ["zoe", "ozan"]  # names that begin with it come first
    assert await names("ada") == []
    assert await names("gone") == []
    assert await names("ŽoF") == ["žofie"]
    assert await names("%") == []
    assert len(await names("", limit=2)) == 2
