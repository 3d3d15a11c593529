"""What is done to files and folders, in the audit log; and what lists say of names, searches and sharing. Over HTTP."""

import time

import pytest

AUDIT = "/api/admin/audit"
BY_PATH = "/api/files/by-path"


@pytest.fixture
def events(admin, request):
    """A folder of the test's own, and what was noted about it, the oldest first."""
    top = f"{request.node.name[:40]}-{time.time_ns()}"

    def noted(*fields):
        items = admin.get(AUDIT, params={"target": top, "limit": 1000}).json()["items"]
        return [tuple(row[field] for field in fields) for row in reversed(items)]

    noted.top = top
    return noted


def put(client, path, content=b"abc"):
    answer = client.put(f"{BY_PATH}/{path}", content=content)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def test_a_file_s_life_is_noted_with_its_names_and_its_id(ada, events):
    top = events.top
    file = put(ada, f"{top}/a.txt")
    put(ada, f"{top}/a.txt", b"four")
    ada.put(f"/api/files/{file['id']}/content", content=b"12345")
    ada.patch(f"/api/files/{file['id']}", json={"name": "b.txt"})
    ada.patch(f"/api/files/{file['id']}", json={"folder": f"{top}/sub"})
    ada.patch(f"/api/files/{file['id']}", json={"folder": f"{top}/sub"})  # where it is already
    ada.delete(f"/api/files/{file['id']}")
    assert events("actor", "action", "target", "detail") == [
        ("ada", "file_uploaded", f"{top}/a.txt", "3 bytes"),
        ("ada", "file_replaced", f"{top}/a.txt", "4 bytes"),
        ("ada", "file_replaced", f"{top}/a.txt", "5 bytes"),
        ("ada", "file_renamed", f"{top}/a.txt", f"to {top}/b.txt"),
        ("ada", "file_moved", f"{top}/b.txt", f"to {top}/sub/b.txt"),
        ("ada", "file_deleted", f"{top}/sub/b.txt", "5 bytes"),
    ]
    assert set(events("target_id", "owner")) == {(file["id"], "ada")}


def test_every_way_to_change_a_file_is_noted(ada, grace, admin, events):
    top = events.top
    ada.post("/api/files", files={"file": ("form.txt", b"1")}, data={"folder": top})
    ada.delete(f"{BY_PATH}/{top}/form.txt")
    share = ada.post("/api/shares", json={"folder": top, "username": "grace", "right": "write"}).json()
    shared = grace.put(f"/api/shares/{share['id']}/by-path/of-grace.txt", content=b"22").json()
    grace.patch(f"/api/files/{shared['id']}", json={"name": "renamed.txt"})
    admin.delete(f"/api/files/{shared['id']}")
    assert events("actor", "action", "target", "owner") == [
        ("ada", "file_uploaded", f"{top}/form.txt", "ada"),
        ("ada", "file_deleted", f"{top}/form.txt", "ada"),
        ("ada", "share_created", top, "ada"),
        ("grace", "file_uploaded", f"{top}/of-grace.txt", "ada"),
        ("grace", "file_renamed", f"{top}/of-grace.txt", "ada"),
        ("admin", "file_deleted", f"{top}/renamed.txt", "ada"),
    ]


def test_what_comes_by_a_request_link_is_noted_with_the_link(server, ada, events):
    top = events.top
    ada.post("/api/folders", json={"path": top})
    link = ada.post("/api/links", json={"folder": top, "kind": "request"}).json()
    with server.client() as visitor:
        assert visitor.put(f"/api/d/{link['token']}/files/gift.txt", content=b"333").status_code == 201
    ada.delete(f"/api/links/{link['id']}")
    name = f"request link to {top}"
    assert set(events("actor", "action", "target", "detail", "owner")) == {
        ("ada", "folder_created", top, None, "ada"),
        ("ada", "link_created", name, None, "ada"),
        ("link visitor", "link_uploaded", name, f"{top}/gift.txt", "ada"),
        ("link visitor", "file_uploaded", f"{top}/gift.txt", f"3 bytes, through the {name}", "ada"),
        ("ada", "link_revoked", name, None, "ada"),
    }


def test_links_have_names_that_stay_when_the_file_is_gone(server, ada, admin, events):
    file = put(ada, f"{events.top}/data.csv")
    link = ada.post(f"/api/files/{file['id']}/links", json={}).json()
    with server.client() as visitor:
        assert visitor.get(f"/d/{link['token']}").content == b"abc"
    ada.delete(f"/api/files/{file['id']}")
    name = f"link to {events.top}/data.csv"
    links = [(action, target) for action, target in events("action", "target") if action.startswith("link_")]
    assert links == [("link_created", name), ("link_downloaded", name)]
    by_id = admin.get(AUDIT, params={"target": link["id"]}).json()["items"]
    assert {row["target"] for row in by_id} == {name}


def test_a_folder_is_one_row_however_many_files_are_in_it(ada, events):
    top = events.top
    for number in range(12):
        put(ada, f"{top}/{number}/x.txt")
    before = len(events("id"))
    ada.patch("/api/folders", json={"path": top, "new_path": f"{top}-b"})
    ada.patch("/api/folders", json={"path": f"{top}-b", "new_path": f"{top}-c/b"})
    ada.delete("/api/folders", params={"path": f"{top}-c"})
    assert events("action", "target", "detail")[before:] == [
        ("folder_renamed", top, f"to {top}-b, 12 files, 36 bytes"),
        ("folder_moved", f"{top}-b", f"to {top}-c/b, 12 files, 36 bytes"),
        ("folder_deleted", f"{top}-c", "12 files, 36 bytes"),
    ]


def test_what_did_not_happen_is_not_noted(ada, grace, events):
    file = put(ada, f"{events.top}/a.txt")
    put(ada, f"{events.top}/b.txt")
    assert ada.patch(f"/api/files/{file['id']}", json={"name": "b.txt"}).status_code == 409
    assert grace.delete(f"/api/files/{file['id']}").status_code == 404
    assert ada.put(f"{BY_PATH}/{events.top}/a.txt", content=b"x", headers={"if-none-match": "*"}).status_code == 412
    assert events("action") == [("file_uploaded",), ("file_uploaded",)]


def test_the_export_has_the_events_and_others_do_not_see_them(ada, admin, events):
    put(ada, f"{events.top}/a.txt")
    export = admin.get(f"{AUDIT}/export", params={"action": "file_uploaded", "target": events.top}).text
    assert f'"{events.top}/a.txt"' in export
    assert ada.get(AUDIT, params={"action": "file_uploaded"}).status_code == 403


def test_names_sort_naturally_and_words_find_files_and_folders(ada, events):
    top = events.top
    names = ["ä.csv", "analysis.ipynb", "img_2", "img_10", "r.txt", "README.md", "s"]
    for name in names[::-1]:
        put(ada, f"{top}/train 2/{name}")
    put(ada, f"{top}/Train 10/cats.csv")
    for sort in ("path", "name"):
        listing = {"folder": f"{top}/train 2", "sort": sort}
        found, cursor = [], None
        while True:
            page = ada.get(
                "/api/files", params={**listing, "limit": 3, **({"cursor": cursor} if cursor else {})}
            ).json()
            found += [file["name"] for file in page["items"]]
            if (cursor := page["next_cursor"]) is None:
                break
        assert found == names
        down = ada.get("/api/files", params={**listing, "sort": f"-{sort}"}).json()["items"]
        assert [file["name"] for file in down] == names[::-1]
    folders = ada.get("/api/folders", params={"parent": top}).json()["items"]
    assert [folder["name"] for folder in folders] == ["train 2", "Train 10"]
    cats = ada.get("/api/files", params={"q": f"CAT train {top}"}).json()["items"]
    assert [file["path"] for file in cats] == [f"{top}/Train 10/cats.csv"]
    assert ada.get("/api/files", params={"q": "cat train", "folder": f"{top}/train 2"}).json()["items"] == []
    put(ada, f"{top}/val/faces/x.txt")
    found = ada.get("/api/folders", params={"q": "FACES val", "parent": top}).json()["items"]
    assert [folder["path"] for folder in found] == [f"{top}/val/faces"]
    assert ada.get("/api/folders", params={"q": top}).json()["items"][0]["path"] == top


def test_links_and_shared_folders_list_names_in_the_same_order(server, ada, grace, events):
    top, names = events.top, ["a1", "A2", "a10", "b"]
    for name in names[::-1]:
        put(ada, f"{top}/{name}")
        put(ada, f"{top}/D{name}/x")
    share = ada.post("/api/shares", json={"folder": top, "username": "grace", "right": "read"}).json()
    link = ada.post("/api/links", json={"folder": top, "kind": "folder"}).json()
    for client, address in ((grace, f"/api/shares/{share['id']}/entries"), (server, f"/api/d/{link['token']}/entries")):
        if client is server:
            with server.client() as nobody:
                page = nobody.get(address).json()
        else:
            page = client.get(address).json()
        assert [item["name"] for item in page["items"]] == names
        assert [folder["name"] for folder in page["folders"]] == [f"D{name}" for name in names]


def test_rows_say_how_many_links_work_and_how_many_people_were_given_it(ada, grace, events):
    top = events.top
    file, plain = put(ada, f"{top}/a.txt"), put(ada, f"{top}/b.txt")

    def shared(which="files", **wanted):
        items = ada.get(f"/api/{which}", params=wanted).json()["items"]
        return {item["name"]: (item["shared"]["links"], item["shared"]["people"]) for item in items}

    assert shared(folder=top) == {"a.txt": (0, 0), "b.txt": (0, 0)}
    kept = ada.post(f"/api/files/{file['id']}/links", json={}).json()
    ended = ada.post(f"/api/files/{file['id']}/links", json={}).json()
    used = ada.post(f"/api/files/{file['id']}/links", json={"max_downloads": 1}).json()
    given = ada.post("/api/shares", json={"file_id": file["id"], "username": "grace", "right": "read"}).json()
    assert shared(folder=top) == {"a.txt": (3, 1), "b.txt": (0, 0)}
    ada.delete(f"/api/links/{ended['id']}")
    grace.get(f"/d/{used['token']}")
    assert shared(folder=top)["a.txt"] == (1, 1)
    whole = ada.get(f"/api/files/{file['id']}").json()
    assert whole["shared"] == {"links": 1, "people": 1}
    assert put(ada, f"{top}/a.txt")["shared"] == whole["shared"]
    assert ada.patch(f"/api/files/{file['id']}", json={"name": "a.txt"}).json()["shared"] == whole["shared"]
    assert grace.get(f"/api/files/{file['id']}").json()["shared"] is None
    assert ada.get(f"/api/files/{plain['id']}").json()["shared"] == {"links": 0, "people": 0}
    ada.delete(f"/api/links/{kept['id']}")
    ada.delete(f"/api/shares/{given['id']}")
    assert shared(q=f"{top} a.txt")["a.txt"] == (0, 0)
    ada.post("/api/links", json={"folder": top, "kind": "request"})
    ada.post("/api/shares", json={"folder": top, "username": "grace", "right": "write"})
    assert shared("folders")[top] == (1, 1)
    assert shared(folder=top)["b.txt"] == (0, 0)
