"""Random walks of files and folders beside a dict: whatever order things happen in, both hold the same."""

import asyncio
from contextlib import AsyncExitStack, contextmanager
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from aishare.catalogue import schema
from aishare.catalogue.content.files import delete_file, rename_file
from aishare.catalogue.content.folders import FolderListing, create_folder, list_folders
from aishare.catalogue.content.subtrees import delete_folder, move_folder
from aishare.core.errors import Conflict, InvalidInput, NotFound
from aishare.core.paths import ancestors_of, parse_path
from tests.support.catalogue import NOW, make_location, make_object, make_user, put
from tests.support.migrated import new_catalogue

NAMES = st.sampled_from(["a", "A", "ab", "a_", "%", "ß"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map(lambda names: parse_path("/".join(names)))
START = ("a/ab/%/ß", "a/ab/A", "a/a_/ab/a", "ab/%", "A/ab/a_", "%/a")
"""What the first owner has in the beginning, so that there is something to move from the first step on."""
_numbers = count()


class Tree:
    """What one owner has: sizes of files by path, and the paths of folders."""

    def __init__(self):
        self.files, self.folders = {}, set()

    def free(self, path):
        taken = path in self.files or path in self.folders
        return not taken and not any(above in self.files for above in ancestors_of(path))

    def grow(self, path):
        self.folders.update(ancestors_of(path))

    def some_folder(self, data):
        """One that is there, mostly: paths at random would rarely meet."""
        there = st.sampled_from(sorted(self.folders)) if self.folders else PATHS
        return parse_path(data.draw(st.one_of(there, there, there, PATHS)))

    def below(self, folder):
        return {path: size for path, size in self.files.items() if path.startswith(f"{folder}/")}

    def sums(self):
        return {f: (len(self.below(f)), sum(self.below(f).values())) for f in self.folders}

    def move(self, path, new_path):
        def moved(old):
            return new_path + old[len(path) :] if old == path or old.startswith(f"{path}/") else old

        self.files = {moved(old): size for old, size in self.files.items()}
        self.folders = {moved(old) for old in self.folders}
        self.grow(new_path)

    def delete(self, path):
        for file in self.below(path):
            del self.files[file]
        self.folders = {folder for folder in self.folders if folder != path and not folder.startswith(f"{path}/")}


class Walk(RuleBasedStateMachine):
    """Two owners in one catalogue: what one does is never seen in what the other has. `runner` and `catalogue` are set
    by the test."""

    runner = catalogue = None

    def __init__(self):
        super().__init__()
        self.location = self.run(make_location(self.catalogue))
        self.owners = [self.run(make_user(self.catalogue, f"user{next(_numbers)}")) for _ in range(2)]
        self.trees = [Tree(), Tree()]
        for path in START:
            self.put(0, parse_path(path), 3)

    def run(self, work):
        return self.runner.run(work)

    def change(self, change, *, error=None):
        if error is None:
            return self.run(self.catalogue.write(change))
        with pytest.raises(error):
            self.run(self.catalogue.write(change))
        return None

    def file_id(self, owner, path):
        wanted = (schema.files.c.owner_id == owner.id) & (schema.files.c.path == path)
        return self.run(self.catalogue.read(lambda c: c.execute(select(schema.files.c.id).where(wanted)).scalar()))

    @rule(who=st.integers(0, 1), path=PATHS, size=st.integers(0, 9))
    def puts(self, who, path, size):
        self.put(who, path, size)

    def put(self, who, path, size):
        tree, owner = self.trees[who], self.owners[who]
        fits = path in tree.files or tree.free(path)
        stored = make_object(self.location, b"x" * size)
        self.change(lambda c: put(c, owner, path, stored), error=None if fits else Conflict)
        if fits:
            tree.files[path] = size
            tree.grow(path)

    @rule(who=st.integers(0, 1), data=st.data(), new_path=PATHS)
    def renames(self, who, data, new_path):
        tree, owner = self.trees[who], self.owners[who]
        if not tree.files:
            return
        path = data.draw(st.sampled_from(sorted(tree.files)))
        fits = path == new_path or tree.free(new_path)
        file_id = self.file_id(owner, path)
        change = lambda c: rename_file(c, file_id=file_id, path=new_path, now=NOW)  # noqa: E731
        self.change(change, error=None if fits else Conflict)
        if fits:
            tree.files[new_path] = tree.files.pop(path)
            tree.grow(new_path)

    @rule(who=st.integers(0, 1), data=st.data())
    def deletes(self, who, data):
        tree, owner = self.trees[who], self.owners[who]
        if tree.files:
            path = data.draw(st.sampled_from(sorted(tree.files)))
            file_id = self.file_id(owner, path)
            assert self.change(lambda c: delete_file(c, file_id=file_id, now=NOW))
            del tree.files[path]

    @rule(who=st.integers(0, 1), path=PATHS)
    def creates_a_folder(self, who, path):
        tree, owner = self.trees[who], self.owners[who]
        fits = tree.free(path)
        self.change(lambda c: create_folder(c, owner.id, path, now=NOW), error=None if fits else Conflict)
        if fits:
            tree.grow(path)
            tree.folders.add(path)

    @rule(who=st.integers(0, 1), data=st.data(), new_path=PATHS)
    def moves_a_folder(self, who, data, new_path):
        tree, owner = self.trees[who], self.owners[who]
        path = tree.some_folder(data)
        error = None
        if path not in tree.folders:
            error = NotFound
        elif path == new_path:
            error = None
        elif new_path.startswith(f"{path}/"):
            error = InvalidInput
        elif not tree.free(new_path):
            error = Conflict
        self.change(lambda c: move_folder(c, owner.id, path, new_path, now=NOW), error=error)
        if error is None:
            tree.move(path, new_path)

    @rule(who=st.integers(0, 1), data=st.data())
    def deletes_a_folder(self, who, data):
        tree, owner = self.trees[who], self.owners[who]
        path = tree.some_folder(data)
        error = None if path in tree.folders else NotFound
        gone = self.change(lambda c: delete_folder(c, owner.id, path, now=NOW), error=error)
        if error is None:
            assert gone == len(tree.below(path))
            tree.delete(path)

    @invariant()
    def both_hold_the_same(self):
        for tree, owner in zip(self.trees, self.owners, strict=True):
            files, usage, folders = self.run(self.catalogue.read(lambda c, o=owner: _state(c, o)))
            assert files == {path: (size, path.casefold(), *_split(path)) for path, size in tree.files.items()}
            assert usage == (sum(tree.files.values()), len(tree.files))
            assert folders == {path: (*sums, *_split(path)) for path, sums in tree.sums().items()}
            top = self.run(self.catalogue.read(lambda c, o=owner: list_folders(c, FolderListing(), owner_id=o.id)))
            assert {folder.path for folder in top.items} == {path for path in tree.folders if "/" not in path}


def _split(path):
    folder, _, name = path.rpartition("/")
    return folder, name


def _state(connection, owner):
    """What the tables say; only objects that live are objects of files."""
    f, o, u, d = schema.files.c, schema.objects.c, schema.usage.c, schema.folders.c
    live = select(f.path, o.size_bytes, f.path_key, f.folder, f.name).join_from(
        schema.files, schema.objects, (o.id == f.object_id) & o.deleted_at.is_(None) & (o.size_bytes == f.size_bytes)
    )
    files = {row[0]: tuple(row[1:]) for row in connection.execute(live.where(f.owner_id == owner.id))}
    usage = tuple(connection.execute(select(u.bytes, u.count).where(u.owner_id == owner.id)).one())
    rows = connection.execute(select(d.path, d.files, d.bytes, d.parent, d.name).where(d.owner_id == owner.id))
    return files, usage, {row[0]: tuple(row[1:]) for row in rows}


@contextmanager
def opened(engine, folder):
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        catalogue = runner.run(stack.enter_async_context(new_catalogue(engine, folder)))
        try:
            yield runner, catalogue
        finally:
            runner.run(stack.aclose())


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("engine", "walks"),
    [
        ("sqlite", 30),
        ("postgresql", 6),
        pytest.param("sqlite", 120, marks=pytest.mark.slow),
        pytest.param("postgresql", 25, marks=pytest.mark.slow),
    ],
)
def test_files_and_folders_stay_what_a_dict_says(engine, walks, tmp_path):
    with opened(engine, tmp_path) as (runner, catalogue):
        walk = type("Walk", (Walk,), {"runner": runner, "catalogue": catalogue})
        run_state_machine_as_test(
            walk,
            settings=settings(
                max_examples=walks,
                stateful_step_count=30,
                deadline=None,
                suppress_health_check=[HealthCheck.too_slow],
            ),
        )
