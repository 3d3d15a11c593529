"""Tokens with scopes, a folder and an end. What each scope opens is in test_doors."""

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import httpx
import pytest


@pytest.fixture
def token_of(server):
    """A client with a token of this user's."""
    clients = []

    def make(owner, **wish):
        made = owner.post("/api/tokens", json={"name": "made", **wish})
        assert made.status_code == 201, made.text
        headers = {"Authorization": f"Bearer {made.json()['token']}"}
        clients.append(httpx.Client(base_url=server.address, headers=headers, timeout=30))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def put(client, path, content=b"x"):
    answer = client.put(f"/api/files/by-path/{path}", content=content)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def test_a_token_shows_what_it_was_made_for(ada):
    wish = {"name": "ci", "scopes": ["write", "read", "read"], "folder": "/lab/ci/", "expires_in": 3600}
    made = ada.post("/api/tokens", json=wish)
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    token = made.json()
    secret = token.pop("token")
    assert (token["scopes"], token["folder"]) == (["read", "write"], "lab/ci")
    assert datetime.fromisoformat(token["expires_at"]) > datetime.now(UTC)
    assert ada.get(f"/api/tokens/{token['id']}").json() == token
    assert token in ada.get("/api/tokens").json()["items"]
    assert secret not in ada.get("/api/tokens").text
    everything = ada.post("/api/tokens", json={"name": "all"}).json()
    assert (everything["scopes"], everything["folder"], everything["expires_at"]) == (None, None, None)
    in_folder = ada.post("/api/tokens", json={"name": "all of it", "folder": "lab"}).json()
    assert in_folder["scopes"] == ["read", "write"]


@pytest.mark.parametrize(
    "wish",
    [
        {"scopes": []},
        {"scopes": ["delete"]},
        {"scopes": "read"},
        {"scopes": ["READ"]},
        {"folder": ""},
        {"folder": "/"},
        {"folder": "a/../b"},
        {"folder": "lab", "scopes": ["admin"]},
        {"expires_in": 0},
        {"expires_in": -1},
        {"expires": 5},
        {"name": ""},
    ],
)
def test_a_wish_that_cannot_be_met_makes_no_token(grace, wish):
    refused = grace.post("/api/tokens", json={"name": "x", **wish})
    assert refused.status_code == 422, refused.text
    assert grace.get("/api/tokens").json()["items"] == []


def test_a_reader_reads_and_a_writer_writes(ada, token_of):
    """What a script of each kind does, from beginning to end."""
    file = put(ada, "scopes/a.txt", b"content")
    reader, writer = token_of(ada, scopes=["read"]), token_of(ada, scopes=["write"])
    assert reader.get(f"/api/files/{file['id']}/content").content == b"content"
    refused = reader.put("/api/files/by-path/scopes/b.txt", content=b"b")
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert 'scope="write"' in refused.headers["www-authenticate"]
    assert reader.delete(f"/api/files/{file['id']}").status_code == 403
    assert put(writer, "scopes/a.txt", b"anew")["id"] == file["id"]
    assert writer.get(f"/api/files/{file['id']}/content").content == b"anew"
    assert writer.post("/api/tokens", json={"name": "more"}).status_code == 403
    assert ada.get("/api/files", params={"folder": "scopes"}).json()["items"][0]["size"] == 4


def test_no_token_with_scopes_makes_another_or_changes_the_account(server, token_of):
    with server.client("admin") as admin:
        strongest = token_of(admin, scopes=["read", "write", "admin"])
    assert strongest.get("/api/admin/users").status_code == 200
    password = {"current_password": "x" * 8, "new_password": "y" * 8}
    for answer in (
        strongest.post("/api/tokens", json={"name": "more", "scopes": ["read"]}),
        strongest.post("/api/auth/password", json=password),
        strongest.get("/api/auth/sessions"),
        strongest.patch("/api/auth/me", json={"display_name": "x"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")


def test_an_administrators_token_reads_files_of_others_only_to_administer(server, ada, token_of):
    file = put(ada, "private.txt")
    with server.client("admin") as admin:
        reader, administrator = token_of(admin, scopes=["read"]), token_of(admin, scopes=["read", "admin"])
    assert reader.get(f"/api/files/{file['id']}").status_code == 404
    assert administrator.get(f"/api/files/{file['id']}").status_code == 200
    assert token_of(ada, scopes=["admin"]).get("/api/admin/users").json()["code"] == "forbidden"


def test_rights_that_the_owner_lost_are_lost_to_the_token(server, token_of):
    with server.client("admin") as admin:
        made = admin.post("/api/admin/users", json={"username": "deputy", "demo": True, "superuser": True}).json()
        token = admin.get("/api/auth/me").json()
        assert token["role"] == "superuser"
        with server.client("deputy") as deputy:
            administrator = token_of(deputy, scopes=["admin"])
        assert administrator.get("/api/admin/jobs").status_code == 200
        admin.patch(f"/api/admin/users/{made['id']}", json={"superuser": False})
        assert administrator.get("/api/admin/jobs").status_code == 403
        admin.patch(f"/api/admin/users/{made['id']}", json={"disabled": True})
        assert administrator.get("/api/admin/jobs").status_code == 401


def test_lists_searches_and_archives_end_at_the_folder(ada, token_of):
    """`f` and `f2` begin alike, `f%` and `f_` would match more than they say if they were taken for patterns."""
    for folder in ("f", "f2", "f%", "f_", "above/f"):
        put(ada, f"{folder}/deep/a.txt", folder.encode())
    for folder in ("f", "f%", "f_", "above/f"):
        token = token_of(ada, folder=folder)
        for query in ({}, {"q": "a.txt"}, {"folder": f"{folder}/deep"}):
            found = token.get("/api/files", params=query).json()["items"]
            assert [file["path"] for file in found] == [f"{folder}/deep/a.txt"], query
        assert token.get("/api/files", params={"folder": "f2/deep"}).json()["items"] == []
        assert [one["path"] for one in token.get("/api/folders").json()["items"]] == [folder]
        below = token.get("/api/folders", params={"parent": folder}).json()["items"]
        assert [one["path"] for one in below] == [f"{folder}/deep"]
        assert token.get("/api/folders", params={"parent": "f2"}).status_code == 404
        assert token.get("/api/archives", params={"folder": "f2"}).status_code == 404
        archive = ZipFile(BytesIO(token.get("/api/archives", params={"folder": folder}).content))
        assert [archive.read(name) for name in archive.namelist()] == [folder.encode()]


def test_nothing_is_put_beside_the_folder(ada, token_of):
    file = put(ada, "ground/a.txt")
    token = token_of(ada, folder="ground")
    refused = token.put("/api/files/by-path/elsewhere/a.txt", content=b"x")
    assert (refused.status_code, refused.json()["code"]) == (403, "outside_folder")
    assert token.post("/api/files", files={"file": ("root.txt", b"x")}).status_code == 403
    assert token.put("/api/files/by-path/ground", content=b"x").status_code == 403
    assert token.put("/api/files/by-path/ground2/a.txt", content=b"x").status_code == 403
    assert token.patch(f"/api/files/{file['id']}", json={"path": "out.txt"}).status_code == 403
    assert token.post("/api/folders", json={"path": "ground-2"}).status_code == 403
    put(token, "ground/sub/b.txt")
    moved = token.patch("/api/folders", json={"path": "ground/sub", "new_path": "out"})
    assert (moved.status_code, moved.json()["code"]) == (403, "outside_folder")
    for change in ({"method": "PATCH", "json": {"path": "ground", "new_path": "ground/x"}}, {"method": "DELETE"}):
        answer = token.request(url="/api/folders", params={"path": "ground"} if "json" not in change else {}, **change)
        assert answer.status_code == 403, answer.text
    assert token.patch("/api/folders", json={"path": "ground/sub", "new_path": "ground/sub2"}).status_code == 200
    assert token.delete("/api/folders", params={"path": "ground/sub2"}).json() == {"deleted_files": 1}
    assert [one["path"] for one in ada.get("/api/files", params={"q": "ground"}).json()["items"]] == ["ground/a.txt"]


def test_a_reader_is_not_shown_the_address_of_a_link_that_takes_files(ada, token_of):
    """With it anybody writes."""
    put(ada, "box/a.txt")
    request, gift = (
        ada.post("/api/links", json={"folder": "box", "kind": kind}).json() for kind in ("request", "folder")
    )
    for wish, shown in (({"scopes": ["read"]}, {gift["id"]}), ({"scopes": ["write"]}, {gift["id"], request["id"]})):
        token = token_of(ada, folder="box", **wish)
        assert {link["id"] for link in token.get("/api/links").json()["items"]} == shown
        for path in ("", "/uses"):
            seen = token.get(f"/api/links/{request['id']}{path}").status_code
            assert seen == (200 if request["id"] in shown else 404)


def test_shares_and_links_outside_the_folder_are_none_of_its_business(ada, grace, token_of):
    inside, outside = put(ada, "part/a.txt"), put(ada, "rest/b.txt")
    token = token_of(ada, folder="part")
    given = put(grace, "given/c.txt")
    assert grace.post("/api/shares", json={"folder": "given", "username": "ada"}).status_code == 201
    outer = ada.post("/api/shares", json={"file_id": outside["id"], "username": "grace"}).json()
    assert token.get(f"/api/files/{given['id']}").status_code == 404
    assert token.get("/api/shares/with-me").json()["items"] == []
    assert token.get("/api/shares").json()["items"] == []
    assert token.delete(f"/api/shares/{outer['id']}").status_code == 404
    assert token.post("/api/shares", json={"file_id": outside["id"], "username": "grace"}).status_code == 404
    assert token.post("/api/shares", json={"folder": "part", "username": "grace"}).status_code == 201
    links = [ada.post(f"/api/files/{file['id']}/links", json={}).json() for file in (inside, outside)]
    folder_link = token.post("/api/links", json={"folder": "part"}).json()
    assert token.post("/api/links", json={"folder": "rest"}).status_code == 404
    shown = {link["id"] for link in token.get("/api/links").json()["items"]}
    assert shown == {links[0]["id"], folder_link["id"]}
    assert token.get(f"/api/links/{links[1]['id']}").status_code == 404
    ids = [link["id"] for link in links]
    assert token.post("/api/links/revoke", json={"ids": ids}).json() == {"revoked": 1}
    assert ada.get(f"/api/links/{links[1]['id']}").json()["state"] == "live"


def test_a_link_for_one_user_is_not_opened_by_a_token_for_a_folder(ada, grace, token_of):
    file = put(grace, "for-ada.txt", b"for ada")
    link = grace.post(f"/api/files/{file['id']}/links", json={"username": "ada"}).json()
    assert token_of(ada, scopes=["read"]).get(f"/d/{link['token']}").content == b"for ada"
    assert token_of(ada, folder="lab").get(f"/d/{link['token']}").status_code == 403
    assert token_of(ada, scopes=["admin"]).get(f"/d/{link['token']}").json()["code"] == "missing_scope"


def test_the_token_goes_with_its_folder(ada, token_of):
    """Moved by its owner, or with a folder above; another folder of the old name is another folder."""
    put(ada, "before/inner/a.txt")
    token = token_of(ada, folder="before/inner")
    ada.patch("/api/folders", json={"path": "before", "new_path": "after"})
    assert [file["path"] for file in token.get("/api/files").json()["items"]] == ["after/inner/a.txt"]
    put(ada, "before/inner/b.txt")
    assert len(token.get("/api/files").json()["items"]) == 1
    assert ada.get("/api/tokens").json()["items"][0]["folder"] == "after/inner"
    ada.delete("/api/folders", params={"path": "after"})
    assert token.get("/api/files").json()["items"] == []
    put(token, "after/inner/c.txt")  # a job that clears its folder goes on
    assert len(token.get("/api/files").json()["items"]) == 1


def test_an_end_is_an_end(ada, server):
    made = ada.post("/api/tokens", json={"name": "short", "expires_in": 1, "scopes": ["read"]}).json()
    headers = {"Authorization": f"Bearer {made['token']}"}
    while (answer := httpx.get(f"{server.address}/api/files", headers=headers)).status_code == 200:
        pass
    assert datetime.now(UTC) >= datetime.fromisoformat(made["expires_at"])
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


def test_the_audit_says_what_was_given_and_taken_back(server, ada):
    made = ada.post("/api/tokens", json={"name": "audited", "scopes": ["read"], "folder": "lab"}).json()
    ada.delete(f"/api/tokens/{made['id']}")
    with server.client("admin") as admin:
        entries = [one for one in admin.get("/api/admin/audit").json()["items"] if one["target"] == "audited"]
    assert [one["action"] for one in entries] == ["token_revoked", "token_created"]
    assert {one["detail"] for one in entries} == {f"of ada, id {made['id']}, read, folder lab"}
    assert made["token"] not in str(entries)
