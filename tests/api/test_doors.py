"""Who gets through which door: every route and every byte door, against the table in tests/api/doors.py.

A route without a row fails, and a row without a route. Where something was shared, the same doors are tried again
right after the share ended, its user or the owner was disabled.
"""

import base64
import re
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from aishare.api.app import create_api
from aishare.api.doors import table
from aishare.api.http.token_scopes import NEEDS
from tests.api.doors import CALLERS, REQUESTS, Door, Thing, doors, request_of
from tests.support.server import serving

DOORS = doors()
SHARED = [door for door in DOORS if {door.statuses["reader"], door.statuses["writer"]} != {door.statuses["other"]}]
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SAFE = {"GET", "HEAD", "RANGE"}
LOOK_UP = "/api/paths/look-up"
"""A question that is too long for an address: it changes nothing."""
NAMES = {"other": "mei", "reader": "grace", "writer": "alan", "owner": "ada", "disabled": "dora", "superuser": "admin"}


@dataclass
class World:
    """The callers, and things of the owner's to ask for."""

    address: str
    clients: dict[str, httpx.Client]
    stack: ExitStack
    count: int = 0

    def holder(self, caller: str, **wish: Any) -> httpx.Client:
        """A client with a token of the caller's that was made for this."""
        made = self.clients[caller].post("/api/tokens", json={"name": "scoped", **wish})
        assert made.status_code == 201, made.text
        headers = {"Authorization": f"Bearer {made.json()['token']}"}
        return self.stack.enter_context(httpx.Client(base_url=self.address, timeout=30, headers=headers))

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

    def free(self, name: str) -> None:
        """No file of the owner's has this name any more."""
        owner = self.clients["owner"]
        for file in owner.get("/api/files", params={"q": name}).json()["items"]:
            assert owner.delete(f"/api/files/{file['id']}").status_code == 204

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
        yield World(server.address, clients, stack)


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
    rows = {(door.method, door.path) for door in DOORS}
    assert {(door.method, door.path) for door in table.DOORS if door.operation} - rows == set()


@pytest.mark.parametrize("door", table.DOORS, ids=lambda door: f"{door.method} {door.path}")
def test_a_path_leads_to_its_own_door(door):
    """The order of the table decides where several templates fit."""
    place = table.find(door.path.replace("{", "").replace("}", ""))
    assert place is not None
    assert place.doors[door.method] is door


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


def needed(door: Door) -> str | None:
    """What a token must have been made for, by rule; the service has a table. `open` asks for no token at all."""
    path = door.path
    if path.startswith(("/api/admin/", "/admin/", "/api/environment", "/environment")):
        return "admin"
    if path == "/api/auth/me" and door.method == "GET":
        return "any"
    if path.startswith("/api/tokens") or path == "/api/auth/password" or "sessions" in path or path == "/api/auth/me":
        return "everything"
    if door.statuses["nobody"] != 401 or path == "/api/auth/login":
        return "open"
    return "read" if door.method in SAFE or path == LOOK_UP else "write"


COVERED = {"read": {"read"}, "write": {"read", "write"}, "admin": {"admin"}, "read admin": {"read", "admin"}}
OPEN = {"open", "any"}


def answer_for(door: Door, caller: str, scopes: str) -> int:
    """Who does not administer with a token is nobody's superuser with it."""
    need = needed(door)
    if need in OPEN or need in COVERED[scopes]:
        return door.statuses["other" if caller == "superuser" and "admin" not in scopes else caller]
    return 403


@pytest.fixture(scope="module")
def holders(world):
    return {
        (caller, scopes): world.holder(caller, scopes=scopes.split())
        for caller in ("owner", "superuser")
        for scopes in COVERED
    }


@pytest.fixture(scope="module")
def confined(world, things):
    """The owner's token for a folder in which nothing of the thing is."""
    return world.holder("owner", folder="elsewhere/of its own")


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.label)
def test_tokens_open_what_they_were_made_for_and_nothing_else(world, things, holders, door):
    for (caller, scopes), client in holders.items():
        expected = answer_for(door, caller, scopes)
        changes = door.method not in SAFE and expected in {200, 201, 204}
        thing = world.anew(door) if changes else things["owner"]
        if door.method == "PATCH" and changes:
            world.free("renamed.txt")
        answer = client.request(**request_of(door, thing, f"{caller} to {scopes}"))
        assert answer.status_code == expected, (caller, scopes, answer.text)
        if needed(door) not in OPEN | COVERED[scopes] and door.method != "HEAD":
            assert answer.json()["code"] == "missing_scope"
            assert needed(door) == "everything" or f'"{needed(door)}"' in answer.json()["detail"]
            assert answer.headers["www-authenticate"].startswith('Bearer realm="aishare", error="insufficient_scope"')


ANSWER_FOR_WHAT_IS_REACHED = {"POST /api/links/revoke", f"POST {LOOK_UP}"}
"""They take lists, and leave out what the caller cannot reach."""


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.label)
def test_a_token_for_a_folder_sees_nothing_of_what_lies_elsewhere(world, things, confined, door):
    need = needed(door)
    answer = confined.request(**request_of(door, things["owner"], "owner"))
    if need in OPEN:
        return
    if need in {"admin", "everything"}:
        assert answer.status_code == 403
    elif "{" in f"{door.path}{REQUESTS.get(door.label)}" and door.label not in ANSWER_FOR_WHAT_IS_REACHED:
        assert answer.status_code in {403, 404}, answer.text
    else:
        assert answer.status_code in {200, 403}, answer.text
        if answer.status_code == 200 and (door.method == "GET" or door.path == LOOK_UP):
            thing = things["owner"]
            known = (thing.file_id, thing.alone_id, thing.folder, *thing.shares.values(), thing.links["link_id"])
            assert not [name for name in known if name in answer.text]
    if answer.status_code >= 400 and door.method != "HEAD":
        assert answer.headers["content-type"] == "application/problem+json"


def test_what_a_token_for_a_folder_may_not_reach_is_as_it_was(world, things, confined):
    """After every door was tried: nothing was moved, deleted, shared or revoked."""
    owner, thing = world.clients["owner"], things["owner"]
    for door in DOORS:
        if door.method not in SAFE and needed(door) == "write":
            confined.request(**request_of(door, thing, "owner"))
    assert owner.get(f"/api/files/{thing.file_id}/content").content == b"content"
    assert owner.get(f"/api/files/{thing.alone_id}/content").content == PICTURE
    assert owner.get(f"/api/links/{thing.links['link_id']}").json()["state"] == "live"
    assert {share["user"]["username"] for share in world._shares(thing)} == {NAMES["reader"], NAMES["writer"]}


def test_a_token_for_a_folder_does_in_it_what_its_owner_may(world):
    for door in DOORS:
        elsewhere = re.search("alone|link|{token}|form|new_path", f"{door.path} {REQUESTS.get(door.label)}")
        if needed(door) in {"read", "write"} and not elsewhere:
            thing = world.thing()
            token = world.holder("owner", folder=thing.folder.rpartition("/")[0])
            answer = token.request(**request_of(door, thing, "owner"))
            kept_out = door.label in {"PATCH /api/files/{file_id}#out", "POST /api/files"}
            assert answer.status_code == (403 if kept_out else door.statuses["owner"]), (door.label, answer.text)


def test_every_operation_says_what_a_token_needs_and_nothing_is_said_of_others():
    paths = create_api().openapi()["paths"]
    described = {(method.upper(), path) for path, methods in paths.items() for method in methods if method != "head"}
    assert described - NEEDS.keys() == set(), "operations without a row: src/aishare/api/http/token_scopes.py"
    assert NEEDS.keys() - described == {("GET", "/metrics")}, "rows without an operation"
    for door in DOORS:
        if door.described and door.method not in {"HEAD", "RANGE"}:
            assert NEEDS[door.method, door.path].value in {needed(door), "read", "write"}, door.label
