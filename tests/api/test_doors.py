"""Who gets through which door: every route and every byte door, against the table in tests/api/doors.py.

A route without a row fails, and a row without a route. Where something was shared, the same doors are tried again
right after the share ended, its user or the owner was disabled.
"""

import base64
import inspect
import re
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from aishare.api.app import create_api
from aishare.api.bytes import ByteDoors
from tests.api.doors import CALLERS, REQUESTS, Door, Thing, doors, request_of
from tests.support.server import serving

DOORS = doors()
SHARED = [door for door in DOORS if {door.statuses["reader"], door.statuses["writer"]} != {door.statuses["other"]}]
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SAFE = {"GET", "HEAD", "RANGE"}
NAMES = {"other": "mei", "reader": "grace", "writer": "alan", "owner": "ada", "disabled": "dora", "superuser": "admin"}


@dataclass
class World:
    """The callers, and things of the owner's to ask for."""

    address: str
    clients: dict[str, httpx.Client]
    count: int = 0

    @property
    def admin(self) -> httpx.Client:
        return self.clients["superuser"]

    def thing(self, owner: str = "owner") -> Thing:
        """A folder, shared for reading and for writing, with a file; and a file beside it, shared by itself."""
        self.count += 1
        client, folder = self.clients[owner], f"work/{owner}-{self.count}/shared"
        file = self._upload(client, f"{folder}/a.txt", b"content")
        alone = self._upload(client, f"alone-{self.count}.png", PICTURE)
        shares = {caller: self._share(client, caller, folder=folder) for caller in ("reader", "writer")}
        for caller in ("reader", "writer"):
            self._share(client, caller, file_id=alone)
        return Thing(file, alone, folder, shares, self._links(client, alone, folder))

    def anew(self, door: Door) -> Thing:
        """A thing of the owner's that the request may change."""
        if not re.search(r"_id}|{folder}|token}", f"{door.path}{REQUESTS.get(door.label)}"):
            return Thing("none", "none", "none", {"reader": "none"})
        thing = self.thing()
        if "{session_id}" in door.path:
            thing.session_id = self._session("owner")
        if "{token_id}" in door.path:
            thing.token_id = self._token(self.clients["owner"])
        return thing

    def ask(self, door: Door, thing: Thing, caller: str) -> httpx.Response:
        return self.clients[caller].request(**request_of(door, thing, caller))

    def end(self, thing: Thing, caller: str) -> None:
        """Take back all that was shared with the caller of this thing."""
        for share in self._shares(thing):
            if share["user"]["username"] == NAMES[caller]:
                assert self.clients["owner"].delete(f"/api/shares/{share['id']}").status_code == 204

    def lessen(self, thing: Thing) -> None:
        for share in self._shares(thing):
            answer = self.clients["owner"].patch(f"/api/shares/{share['id']}", json={"right": "read"})
            assert answer.status_code == 200, answer.text

    def _shares(self, thing: Thing) -> list[dict[str, Any]]:
        asked = ({"folder": thing.folder}, {"file_id": thing.alone_id})
        answers = [self.clients["owner"].get("/api/shares", params=one).json() for one in asked]
        return [share for answer in answers for share in answer["items"]]

    def disable(self, caller: str, *, disabled: bool = True) -> None:
        users = self.admin.get("/api/admin/users").json()["items"]
        user_id = next(user["id"] for user in users if user["username"] == NAMES[caller])
        answer = self.admin.patch(f"/api/admin/users/{user_id}", json={"disabled": disabled})
        assert answer.status_code == 200, answer.text

    def _links(self, client: httpx.Client, file_id: str, folder: str) -> dict[str, str]:
        """To the picture, to the folder, and one by which others put files into it."""
        link = client.post(f"/api/files/{file_id}/links", json={}).json()
        tokens = {
            f"{kind}_token": client.post("/api/links", json={"folder": folder, "kind": kind}).json()["token"]
            for kind in ("folder", "request")
        }
        return {"link_id": link["id"], "token": link["token"], **tokens}

    def _upload(self, client: httpx.Client, path: str, content: bytes) -> str:
        answer = client.put(f"/api/files/by-path/{path}", content=content)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def _share(self, client: httpx.Client, caller: str, **thing: str) -> str:
        right = "write" if caller == "writer" else "read"
        answer = client.post("/api/shares", json={**thing, "username": NAMES[caller], "right": right})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def _session(self, owner: str) -> str:
        with httpx.Client(base_url=self.address, timeout=30) as client:
            client.post("/api/auth/demo-login", json={"username": NAMES[owner]})
            return next(one["id"] for one in client.get("/api/auth/sessions").json()["items"] if one["current"])

    def _token(self, client: httpx.Client) -> str:
        return str(client.post("/api/tokens", json={"name": "one more"}).json()["id"])


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("doors")) as server, ExitStack() as stack:
        with server.client("admin") as admin:
            for name in ("mei", "dora", "carl"):
                made = admin.post("/api/admin/users", json={"username": name, "demo": True})
                assert made.status_code == 201, made.text
        clients = {"nobody": stack.enter_context(server.client())}
        for caller, name in NAMES.items():
            with server.client(name) as client:
                token = client.post("/api/tokens", json={"name": "doors"}).json()["token"]
            headers = {"Authorization": f"Bearer {token}"}
            clients[caller] = stack.enter_context(httpx.Client(base_url=server.address, timeout=30, headers=headers))
        yield World(server.address, clients)


@pytest.fixture(scope="module")
def things(world):
    """One of the owner's, and one of the owner that is disabled; for requests that change nothing."""
    mine = world.thing()
    mine.token_id, mine.session_id = world._token(world.clients["owner"]), world._session("owner")
    found = {"owner": mine, "disabled": world.thing("disabled")}
    world.disable("disabled")
    return found


def test_every_door_has_a_row_and_every_row_a_door():
    paths = create_api().openapi()["paths"]
    described = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    rows = {(door.method, door.path) for door in DOORS if door.described and door.method != "RANGE"}
    assert described - rows == set(), "doors without a row: tests/api/doors.py says how to add one"
    assert rows - described == set(), "rows without a door"
    assert set(REQUESTS) <= {door.label for door in DOORS}, "requests without a row"


def test_every_byte_door_is_described():
    """They are no routes of FastAPI's: one that is not in the document would have no row either."""
    byte_doors = ByteDoors(None)
    found = set()
    for door in DOORS:
        path = door.path.replace("{", "").replace("}", "")
        for method, handler in byte_doors.doors(path).items():
            assert method in {row.method for row in DOORS if row.path == door.path}, f"{method} {door.path}"
            found.add(handler.__name__)
    handlers = {name for name, _ in inspect.getmembers(ByteDoors, inspect.iscoroutinefunction)}
    assert {name for name in handlers - found if not name.startswith("__")} == set()


def test_nothing_is_given_to_nobody_that_is_not_for_everybody():
    """The table itself: who is not signed in, or disabled, gets what a stranger on the street gets."""
    for door in DOORS:
        assert door.statuses["disabled"] in {door.statuses["nobody"], 410}, door.label
        if door.path.startswith(("/api/admin/", "/admin/", "/api/environment", "/environment")):
            assert {door.statuses[caller] for caller in CALLERS if caller != "superuser"} == {401, 403}, door.label


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.label)
def test_doors_open_for_whom_the_table_says(world, things, door):
    answers = {}
    for caller in CALLERS:
        thing = things["disabled" if caller == "disabled" else "owner"]
        if door.method not in SAFE and door.statuses[caller] in {200, 201, 204}:
            thing = world.anew(door)
        answers[caller] = world.ask(door, thing, caller).status_code
    assert answers == door.statuses


@pytest.mark.parametrize("door", [door for door in DOORS if door.method == "GET"], ids=lambda door: door.label)
def test_head_and_ranges_are_the_same_door(world, things, door):
    """Where nothing else is said: HEAD is answered as GET is, and a range is no way in."""
    for caller in CALLERS:
        asked = request_of(door, things["disabled" if caller == "disabled" else "owner"], caller)
        head = world.clients[caller].request(**{**asked, "method": "HEAD"})
        assert (head.status_code, head.content) == (door.statuses[caller], b""), caller
        ranged = world.clients[caller].request(**{**asked, "headers": {"Range": "bytes=0-0"}})
        assert (200 if ranged.status_code == 206 else ranged.status_code) == door.statuses[caller], caller


@pytest.mark.parametrize("door", SHARED, ids=lambda door: door.label)
def test_after_a_share_ended_the_next_request_is_that_of_a_stranger(world, door):
    for caller in ("reader", "writer"):
        thing = world.thing()
        world.end(thing, caller)
        assert world.ask(door, thing, caller).status_code == door.statuses["other"], caller


@pytest.mark.parametrize("door", SHARED, ids=lambda door: door.label)
def test_a_right_that_was_lessened_counts_at_the_next_request(world, door):
    thing = world.thing()
    world.lessen(thing)
    assert world.ask(door, thing, "writer").status_code == door.statuses["reader"]


def test_what_a_disabled_owner_shared_is_closed_and_opens_again(world, things):
    thing = things["disabled"]
    for door in SHARED:
        for caller in ("reader", "writer"):
            assert world.ask(door, thing, caller).status_code == door.statuses["other"], (door.label, caller)
    world.disable("disabled", disabled=False)
    try:
        for door in SHARED:
            if door.method in SAFE:
                assert world.ask(door, thing, "reader").status_code == door.statuses["reader"], door.label
    finally:
        world.disable("disabled")


def test_who_is_disabled_gets_nothing_from_the_next_request_on(world, things):
    world.disable("reader")
    try:
        for door in SHARED:
            assert world.ask(door, things["owner"], "reader").status_code == 401, door.label
    finally:
        world.disable("reader", disabled=False)
