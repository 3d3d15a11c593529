"""A client that is generated from the OpenAPI document works: no warning, and bytes go up and down."""

import importlib
import json
import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from aishare.api.app import create_api
from tests.support.pictures import photo

PACKAGE = "aishare_generated_client"
GENERATE = ("generate", "--path", "openapi.json", "--meta", "none", "--output-path", PACKAGE, "--fail-on-warning")
_VERBS = """act cancel change check collect compare confirm create delete download end export get head limit list log
move plan preview reload replace restore retire revert revoke search start take unlock upload validate visit"""
VERBS = frozenset(_VERBS.split())


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """Its folder of operations, by which they are imported."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_text(json.dumps(create_api().openapi()))
    binaries = Path(sys.executable).parent
    made = subprocess.run(
        [binaries / "openapi-python-client", *GENERATE],
        cwd=folder,
        env={**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "warning" not in (made.stdout + made.stderr).lower()
    sys.path.insert(0, str(folder))
    yield PACKAGE
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
        del sys.modules[name]


@pytest.fixture
def call(package, server, ada):
    """Calls an operation by its tag and name, with a token of ada's."""
    module = importlib.import_module(f"{package}.client")
    token = ada.post("/api/tokens", json={"name": "generated"}).json()["token"]
    with module.AuthenticatedClient(base_url=server.address, token=token) as client:

        def run(tag, name, *values, **named):
            operation = importlib.import_module(f"{package}.api.{tag}.{name}")
            return operation.sync_detailed(*values, client=client, **named)

        yield run


@pytest.fixture
def model(package):
    return lambda kind, **values: getattr(importlib.import_module(f"{package}.models"), kind)(**values)


@pytest.fixture
def file_of(package):
    return lambda content: importlib.import_module(f"{package}.types").File(payload=BytesIO(content))


def test_files_go_up_and_come_down(call, file_of):
    uploaded = call("files", "upload_file", "client/a b.txt", body=file_of(b"content"))
    assert (uploaded.status_code, uploaded.parsed.path) == (201, "client/a b.txt")
    assert uploaded.parsed in call("files", "list_files", folder="client").parsed.items
    whole = call("files", "download_file", uploaded.parsed.id)
    assert (whole.status_code, whole.parsed.payload.read()) == (200, b"content")
    part = call("files", "download_file", uploaded.parsed.id, range_="bytes=0-2")
    assert (part.status_code, part.parsed.payload.read()) == (206, b"con")
    assert call("files", "head_file", uploaded.parsed.id).headers["content-length"] == "7"
    archive = call("files", "download_archive", folder="client")
    assert [ZipFile(archive.parsed.payload).read(name) for name in ZipFile(archive.parsed.payload).namelist()]
    assert call("files", "delete_file", uploaded.parsed.id).status_code == 204


def test_pictures_have_thumbnails(call, file_of):
    picture = call("files", "upload_file", "client/p.png", body=file_of(photo("png", 400, 300))).parsed
    thumbnail = call("files", "get_thumbnail", picture.id)
    assert thumbnail.parsed.payload.read()[8:12] == b"WEBP"


def test_links_are_made_and_followed(call, file_of, model):
    file = call("files", "upload_file", "client/linked.txt", body=file_of(b"linked")).parsed
    link = call("links", "create_file_link", file.id, body=model("NewLinkBody")).parsed
    assert call("link_doors", "download_link", link.token).parsed.payload.read() == b"linked"
    assert call("links", "revoke_link", link.id).status_code == 204
    gone = call("link_doors", "download_link", link.token)
    assert (gone.status_code, gone.parsed.code) == (410, "link_revoked")


def test_a_problem_is_a_problem(call, model):
    missing = call("files", "download_file", "nothing")
    assert (missing.status_code, missing.parsed.code) == (404, "not_found")
    wish = {"name": "ro", "scopes": ["read"]}
    made = call("tokens", "create_token", body=model("NewTokenBody", **wish).from_dict(wish)).parsed
    assert made.scopes == ["read"]


def test_operations_have_names_of_one_kind():
    paths = create_api().openapi()["paths"]
    names = [operation["operationId"] for methods in paths.values() for operation in methods.values()]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch("[a-z]+(_[a-z]+)+", name)] == []
    assert {name.partition("_")[0] for name in names} <= VERBS
