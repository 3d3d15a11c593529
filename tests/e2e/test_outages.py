"""The server is away for a while: pages say so, keep what they show, and fill by themselves when it is back."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Watch
from tests.e2e.steps import assert_accessible, focus, put, row
from tests.support.door import Door, door_to

AWAY = ["ERR_CONNECTION", "ERR_EMPTY_RESPONSE", "502", "503", "504", "Failed to load", "404"]
NOTE = "The server cannot be reached. Trying again …"

all_outages = pytest.mark.parametrize("outage", ["refused", 502, 503, 504])
more = [pytest.param(status, marks=pytest.mark.slow) for status in (502, 504)]
outages = pytest.mark.parametrize("outage", ["refused", 503, *more])


def _begin(door: Door, outage: str | int) -> None:
    if isinstance(outage, int):
        door.answer(outage)
    else:
        door.shut()


def note(page: Page):
    return page.get_by_role("status").filter(has_text=NOTE)


@pytest.fixture
def door(server, watch: Watch) -> Iterator[Door]:
    with door_to(server.address) as door:
        watch.origin = urlsplit(door.address).netloc
        watch.expected += AWAY
        yield door


def _sign_in(page: Page, door: Door, name: str) -> None:
    answer = page.request.post(f"{door.address}/api/auth/demo-login", data={"username": name})
    assert answer.ok, answer.text()


@pytest.fixture
def inside(page: Page, door: Door, newcomer: str) -> str:
    """The files page of somebody with a file, seen through the door."""
    _sign_in(page, door, newcomer)
    page.goto(door.address)
    page.get_by_role("heading", name="Files", exact=True).wait_for()
    put(page, "lab/a.txt", b"text")
    page.goto(f"{door.address}/files/lab")
    expect(row(page, "lab/a.txt")).to_be_visible()
    return newcomer


@all_outages
def test_a_list_stays_and_is_brought_up_to_date(page: Page, server, door: Door, inside, outage):
    _begin(door, outage)
    focus(page)
    expect(note(page)).to_be_visible()
    expect(row(page, "lab/a.txt")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()
    with server.client(inside) as client:
        assert client.put("/api/files/by-path/lab/meanwhile.txt", content=b"x").status_code == 201
    door.open()
    expect(row(page, "lab/meanwhile.txt")).to_be_visible()
    expect(note(page)).to_be_hidden()


@outages
def test_what_is_opened_meanwhile_appears_by_itself(page: Page, door: Door, inside, outage):
    _begin(door, outage)
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="Files").click()
    expect(page.get_by_role("status", name="Loading files")).to_be_visible()
    expect(note(page)).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()
    door.open()
    expect(row(page, "lab")).to_be_visible()
    expect(note(page)).to_be_hidden()


def _click(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("link", name=name, exact=True).click()


@pytest.mark.parametrize(
    ("page_name", "content"),
    [("Shared with me", "Nothing is shared with you yet."), ("My links", "Go to your files")],
)
def test_pages_whose_code_is_not_there_yet_wait_too(page: Page, door: Door, inside, page_name, content):
    door.shut()
    page.get_by_role("link", name=page_name, exact=True).click()
    expect(note(page)).to_be_visible()
    door.open()
    expect(page.get_by_role("heading", level=1, name=page_name)).to_be_visible()
    expect(page.get_by_text(content, exact=True)).to_be_visible()
    expect(note(page)).to_be_hidden()


def test_a_preview_whose_code_is_not_there_yet_waits_too(page: Page, door: Door, inside):
    door.shut()
    row(page, "lab/a.txt").get_by_role("link", name="a.txt", exact=True).click()
    expect(note(page)).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()
    door.open()
    expect(page.get_by_role("dialog", name="a.txt").get_by_text("text", exact=True).first).to_be_visible()


@outages
def test_a_file_page_and_pages_of_administrators_recover(page: Page, door: Door, inside, outage):
    found = page.request.get(f"{door.address}/api/files", params={"path": "lab/a.txt"}).json()["items"]
    _sign_in(page, door, "admin")
    for path in ("admin/users", "admin/audit", "admin/env", "admin/migrations", "admin/jobs", "admin/storage"):
        _recovers(page, door, outage, f"/{path}")
    _sign_in(page, door, inside)
    _recovers(page, door, outage, f"/file/{found[0]['id']}")


def _recovers(page: Page, door: Door, outage: str | int, path: str) -> None:
    """Loaded while the questions to the service fail, as the document of the page comes from a cache or a proxy."""
    page.goto(f"{door.address}{path}")
    page.get_by_role("heading", level=1).first.wait_for()
    shown = page.get_by_role("main").inner_text()
    _begin(door, outage)
    focus(page)
    expect(note(page)).to_be_visible()
    assert page.get_by_role("main").inner_text().splitlines()[0] == shown.splitlines()[0]
    door.open()
    expect(note(page)).to_be_hidden()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_page_that_starts_during_an_outage_starts_when_it_is_over(page: Page, door: Door, inside):
    page.route(re.compile(r"/api/"), lambda route: route.fulfill(status=503, body="no"))
    page.reload()
    expect(note(page)).to_be_visible()
    page.unroute_all()
    expect(row(page, "lab/a.txt")).to_be_visible()
    expect(note(page)).to_be_hidden()


@outages
def test_the_page_of_a_link_recovers(page: Page, server, door: Door, inside, browser: Browser, outage):
    with server.client(inside) as client:
        link = client.post("/api/links", json={"folder": "lab"}).json()["url"]
    with browser.new_context() as context:
        visitor = context.new_page()
        visitor.goto(door.address + urlsplit(link).path)
        expect(visitor.get_by_text("a.txt").first).to_be_visible()
        _begin(door, outage)
        focus(visitor)
        expect(note(visitor)).to_be_visible()
        expect(visitor.get_by_text("a.txt").first).to_be_visible()
        with server.client(inside) as client:
            assert client.put("/api/files/by-path/lab/meanwhile.txt", content=b"x").status_code == 201
        door.open()
        expect(visitor.get_by_text("meanwhile.txt").first).to_be_visible()
        expect(note(visitor)).to_be_hidden()


@pytest.mark.parametrize("status", [403, 404, 409, 422, 500])
def test_a_refusal_is_shown_at_once_and_not_tried_again(page: Page, door: Door, inside, watch, status):
    watch.expected.append(str(status))
    asked: list[str] = []

    def refuse(route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=status, json={"code": "no", "title": "No", "detail": "Not this time.", "status": status})

    page.route(re.compile(r"/api/links"), refuse)
    page.get_by_role("link", name="My links", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Not this time.")
    expect(note(page)).to_be_hidden()
    assert len(asked) == 1


def test_the_note_is_accessible(page: Page, door: Door, inside):
    door.shut()
    focus(page)
    expect(note(page)).to_be_visible()
    assert_accessible(page)
