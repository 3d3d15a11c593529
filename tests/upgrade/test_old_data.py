"""The present version starts on what older versions left behind; `tools/old_data.py` makes these data, see there."""

import asyncio
import hashlib
import json
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import httpx
import pytest

from tests.support.postgres import fresh_database
from tests.support.server import Server, run_cli, serving, wait_until

DATA = sorted((Path(__file__).parent / "data").glob("*.tar.xz"))
DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Upgraded:
    server: Server
    environ: Mapping[str, str]
    expected: Mapping[str, Any]

    def as_user(self, name: str) -> httpx.Client:
        """By the API token that the older version gave out."""
        token = self.expected["tokens"][name]
        return httpx.Client(base_url=self.server.address, headers={"Authorization": f"Bearer {token}"}, timeout=60)

    def link(self, name: str) -> str:
        return f"/d/{self.expected['links'][name]}"


def _named(param: tuple[Path, str]) -> str:
    return f"{param[0].name.removesuffix('.tar.xz')}-{param[1]}"


@pytest.fixture(scope="module", params=[(path, kind) for path in DATA for kind in DATABASES], ids=_named)
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    packed, kind = request.param
    folder = tmp_path_factory.mktemp("old")
    with tarfile.open(packed) as archive:
        archive.extractall(folder)
    expected = json.loads((folder / "expected.json").read_text())[kind]
    with _database(kind, folder) as environ, serving(folder / kind, demo=False, environ=environ) as server:
        yield Upgraded(server, environ, expected)


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    if kind == "sqlite":
        yield {}
        return
    with asyncio.Runner() as runner:
        opened = AsyncExitStack()
        url = runner.run(opened.enter_async_context(fresh_database()))
        runner.run(_restore(url, (folder / "postgresql.sql").read_text()))
        yield {"DATABASE_URL": url}
        runner.run(opened.aclose())


async def _restore(url: str, script: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(script)
    await connection.close()


def _listed(client: httpx.Client) -> dict[str, list[object]]:
    answer = client.get("/api/files", params={"recursive": "true"})
    assert answer.status_code == 200, answer.text
    return {file["path"]: [file["size"], file["sha256"]] for file in answer.json()["items"]}


@pytest.mark.parametrize("owner", ["ada", "grace"])
def test_every_file_is_there_byte_for_byte(upgraded: Upgraded, owner: str) -> None:
    wanted = upgraded.expected["files"][owner]
    with upgraded.as_user(owner) as client:
        assert _listed(client) == wanted
        for path, facts in wanted.items():
            content = client.get(f"/api/files/by-path/{quote(path)}").content
            assert [len(content), hashlib.sha256(content).hexdigest()] == facts, path


def test_everybody_can_sign_in_and_nobody_with_a_wrong_password(upgraded: Upgraded) -> None:
    for name, password in upgraded.expected["passwords"].items():
        with upgraded.server.client() as client:
            wrong = client.post("/api/auth/login", json={"username": name, "password": "not the password"})
            assert wrong.status_code == 401
            right = client.post("/api/auth/login", json={"username": name, "password": password})
            assert right.status_code == 200, right.text
            me = client.get("/api/auth/me").json()
            assert (me["username"], me["role"]) == (name, "superuser" if name == "root" else "user")


def test_links_lead_where_they_led(upgraded: Upgraded) -> None:
    wanted = upgraded.expected["files"]["ada"]
    with upgraded.server.client() as nobody:
        for name in ("plain", "locked"):
            if name == "locked":
                assert nobody.get(upgraded.link(name)).status_code == 401
                word = {"password": upgraded.expected["link_password"]}
                assert nobody.post(f"{upgraded.link(name)}/unlock", json=word).status_code == 204
            content = nobody.get(upgraded.link(name)).content
            assert hashlib.sha256(content).hexdigest() == wanted["models/weights.bin"][1]
        entries = nobody.get(f"/api{upgraded.link('folder')}/entries").json()
        assert [folder["name"] for folder in entries["folders"]] == ["deep"]
        below = {path.removeprefix("data/"): facts for path, facts in wanted.items() if path.startswith("data/")}
        assert [file["name"] for file in entries["items"]] == [path for path in below if "/" not in path]


def test_links_refuse_whom_they_refused(upgraded: Upgraded) -> None:
    with upgraded.server.client() as nobody, upgraded.as_user("grace") as grace:
        assert nobody.get(upgraded.link("named")).status_code == 401
        assert grace.get(upgraded.link("named")).status_code == 200
        assert nobody.get(upgraded.link("revoked")).status_code == 410
    first, second, third = (httpx.get(upgraded.server.address + upgraded.link("counted")) for _ in range(3))
    assert (first.status_code, second.status_code, third.status_code) == (200, 410, 410)


def test_a_request_link_still_takes_files(upgraded: Upgraded) -> None:
    with upgraded.server.client() as nobody, upgraded.as_user("ada") as ada:
        sent = nobody.put(f"/api{upgraded.link('request')}/files/reply.txt", content=b"here you are")
        assert sent.status_code == 201, sent.text
        [got] = ada.get("/api/files", params={"folder": "nothing here"}).json()["items"]
        assert got["name"] == "reply.txt"
        assert ada.delete(f"/api/files/{got['id']}").status_code == 204


def test_shares_give_what_they_gave(upgraded: Upgraded) -> None:
    with upgraded.as_user("grace") as grace:
        shares = {share["kind"]: share for share in grace.get("/api/shares/with-me").json()["items"]}
        assert {kind: share["right"] for kind, share in shares.items()} == {"folder": "read", "file": "write"}
        entries = grace.get(f"/api/shares/{shares['folder']['id']}/entries").json()["items"]
        by_name = {file["name"]: file["id"] for file in entries}
        assert by_name.keys() == {"README.md", "weights.bin"}
        assert grace.get(f"/api/files/{by_name['README.md']}/content").content == b"# Weights\n"
        assert grace.put(f"/api/files/{by_name['README.md']}/content", content=b"no").status_code == 403
        written = grace.put(f"/api/files/{shares['file']['file']['id']}/content", content=b"")
        assert written.status_code == 200, written.text


def test_work_that_was_done_stays_done(upgraded: Upgraded) -> None:
    with upgraded.as_user("root") as root:
        migration = root.get(f"/api/admin/migrations/{upgraded.expected['migration']}").json()
        assert (migration["state"], migration["failures"]) == ("completed", 0)
        assert migration["objects_done"] == migration["objects_total"] > 0
        assert "completed" in [scrub["state"] for scrub in root.get("/api/admin/scrubs").json()["items"]]
        states = sorted(place["state"] for place in root.get("/api/admin/locations").json()["items"])
        assert states == ["active", "retired"]


def test_the_checks_find_nothing_wrong(upgraded: Upgraded) -> None:
    files = sum(len(files) for files in upgraded.expected["files"].values())
    with upgraded.as_user("root") as root:
        begun = root.post("/api/admin/scrubs", json={"percent": 100}).json()["id"]
        wait_until(lambda: root.get(f"/api/admin/scrubs/{begun}").json()["state"] != "running")
        done = root.get(f"/api/admin/scrubs/{begun}").json()
        assert (done["state"], done["objects"], done["damages"]) == ("completed", files, 0)
        plan = root.post("/api/admin/garbage/plan").json()
        assert (plan["orphans"], plan["leftovers"]) == (0, 0)
        ready = root.get("/api/health/ready")
        assert (ready.status_code, ready.json()["status"]) == (200, "ok")
    doctor = run_cli(upgraded.server.data_dir, "storage", "doctor", environ=upgraded.environ)
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr


def test_new_work_can_be_done(upgraded: Upgraded) -> None:
    with upgraded.as_user("ada") as ada:
        made = ada.put("/api/files/by-path/new/file.txt", content=b"new")
        assert made.status_code == 201, made.text
        assert ada.delete(f"/api/files/{made.json()['id']}").status_code == 204
