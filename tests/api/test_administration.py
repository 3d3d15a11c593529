"""Every route of administration, whoever adds one, is for superusers alone."""

import json
import subprocess
import sys

import pytest

from aishare.api.app import create_api


def administration():
    document = create_api().openapi()
    return sorted(
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if path.startswith(("/api/admin", "/api/environment")) or "administration" in operation.get("tags", ())
    )


ROUTES = administration()
BODIES = {"POST /api/admin/users": {"username": "zoe"}, "PATCH /api/admin/users/{user_id}": {"demo": False}}


def ask(client, method, path):
    body = BODIES.get(f"{method} {path}", {})
    return client.request(method, path.replace("{user_id}", "nobody"), json=body or None)


def test_there_are_such_routes():
    assert len(ROUTES) >= 7


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_signed_out_401_ordinary_user_403(server, ada, method, path):
    with server.client() as nobody:
        refused = ask(nobody, method, path)
    assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")
    refused = ask(ada, method, path)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_token_may_what_its_user_may(server, ada, method, path):
    token = ada.post("/api/tokens", json={"name": "t"}).json()["token"]
    with server.client() as program:
        program.headers["authorization"] = f"Bearer {token}"
        assert ask(program, method, path).status_code == 403


def test_the_command_line_shows_what_the_api_shows(server):
    command = [sys.executable, "-m", "aishare", "storage", "info", "--json", "--data-dir", str(server.data_dir)]
    shown = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    with server.client("admin") as admin:
        info = admin.get("/api/admin/storage-service/info").json()
    assert {name: shown[name] for name in ("storage_type", "location_id", "status")} == {
        name: info[name] for name in ("storage_type", "location_id", "status")
    }
