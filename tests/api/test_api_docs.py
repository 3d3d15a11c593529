"""/api/docs: everything the page needs comes from this host."""

import re

import pytest

from aishare.api.http.web import WEB_ROOT
from aishare.api.http.web_source import SourceCheckout
from tests.support.server import serving

LOADED = re.compile(r'<(?:script|link)[^>]*\s(?:src|href)="([^"]+)"')


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    checkout = SourceCheckout.around(WEB_ROOT)
    if checkout is not None:
        checkout.build()
    with serving(tmp_path_factory.mktemp("aishare")) as server, server.client() as signed_out:
        yield signed_out


def test_the_page_and_every_asset_it_names_come_from_here(client):
    page = client.get("/api/docs")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    named = LOADED.findall(page.text)
    assert {name.rpartition(".")[2] for name in named} == {"js", "css", "svg"}
    for name in named:
        assert name.startswith("/"), name
        assert not name.startswith("//"), name
        answer = client.get(name)
        assert (answer.status_code, len(answer.content) > 0) == (200, True), name
    assert client.get("/api/openapi.json").json()["info"]["title"] == "aishare"


def test_the_page_runs_no_inline_script_and_asks_no_other_host(client):
    page = client.get("/api/docs")
    policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["script-src"] == "'self'"
    assert "connect-src" not in policy, "default-src must hold for it"
    assert re.findall(r"<script(?![^>]*\ssrc=)", page.text) == []
    assert re.findall(r'\son\w+="', page.text) == []
    styles = [name for name in LOADED.findall(page.text) if name.endswith(".css")]
    for name in styles:
        assert re.findall(r"url\((?![\"']?data:)[^)]*\)|@import", client.get(name).text) == []


def test_the_licences_of_what_is_bundled_are_there(client):
    licences = client.get("/licenses.txt").text
    for name in ("swagger-ui-dist", "react", "@mantine/core"):
        assert re.search(rf"^## {name} ", licences, re.MULTILINE), name


def test_only_reading_is_possible(client):
    assert client.post("/api/docs").status_code == 405
    head = client.head("/api/docs")
    assert (head.status_code, head.content) == (200, b"")
