"""The real service, driven through a real browser."""

import asyncio
import os
import random
import shutil
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect

from aishare.api.http.web import WEB_ROOT
from aishare.api.http.web_source import SourceCheckout
from aishare.catalogue.people.users import list_users
from aishare.cli import options
from aishare.runtime import Runtime, open_runtime
from tests.support.catalogue import make_many_files
from tests.support.server import Server, serving

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # a name of another host for this machine: there the browser treats the page as insecure
    "--host-resolver-rules=MAP box.lan 127.0.0.1",
]
expect.set_options(timeout=30_000)  # a slow machine is no fault of the page

NO_BROWSER = """
The browser tests need Chromium and found none. Install it with one of
    apt-get install chromium
    python -m playwright install chromium
or name the program in CHROMIUM.
"""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Last: Playwright keeps an event loop in this thread, and asynchronous tests cannot start theirs beside it."""
    here = Path(__file__).parent
    items.sort(key=lambda item: item.path.is_relative_to(here))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict, playwright: Playwright) -> dict:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None and not Path(playwright.chromium.executable_path).exists():
        pytest.fail(NO_BROWSER, pytrace=False)
    own = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **own, "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    checkout = SourceCheckout.around(WEB_ROOT)
    if checkout is not None:
        checkout.build()
    with serving(tmp_path_factory.mktemp("service")) as running:
        yield running


class Profile:
    """One of the browser's for all tests: in a new one it would read and compile all the code of the pages again, which
    takes longer than most tests. Nothing else stays in it from one test to the next.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self._blank = context.new_page()  # with the last page the compiled code would go
        self._devtools = context.new_cdp_session(self._blank)
        self._origins: set[str] = set()
        context.on("request", lambda request: self._origins.add("/".join(request.url.split("/")[:3])))

    def empty(self) -> None:
        kept = self._blank.evaluate("Object.keys(globalThis).filter((name) => name.startsWith('__pw'))")
        assert kept == [], f"{kept}: scripts and clocks stay in a context, so take `new_context` for them"
        for page in self.context.pages:
            if page is not self._blank:
                page.close()
        self.context.clear_cookies()
        self.context.clear_permissions()
        for origin in self._origins:
            if origin.startswith("http"):
                self._devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        self._origins.clear()


@pytest.fixture(scope="session")
def profile(browser: Browser, browser_context_args: dict) -> Iterator[Profile]:
    with browser.new_context(**browser_context_args) as context:
        yield Profile(context)


@pytest.fixture
def context(profile: Profile) -> Iterator[BrowserContext]:
    """For tests that change what cannot be changed back, `new_context` is there still."""
    yield profile.context
    profile.empty()


@dataclass
class Watch:
    """Everything a page did that it should not have done."""

    origin: str
    """Host and port that requests may go to."""
    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    """Parts of console errors that the test itself provokes."""

    def console(self, message: ConsoleMessage) -> None:
        # the browser itself reports every 401, and asking who is signed in is how the page learns that nobody is
        about = f"{message.text} {message.location.get('url', '')}"
        known = "/api/auth/me" in about and "401" in about
        if message.type in {"error", "warning"} and not known and not any(part in about for part in self.expected):
            self.complaints.append(f"console {message.type}: {about}")

    def request(self, url: str) -> None:
        parts = urlsplit(url)
        # the browser shows documents (PDF) by an extension of its own
        if parts.scheme not in {"data", "blob", "chrome-extension", "chrome"} and parts.netloc != self.origin:
            self.complaints.append(f"request to another host: {url}")


@pytest.fixture(autouse=True)
def watch(page: Page, server: Server) -> Iterator[Watch]:
    """No page ever logs an error or asks another host."""
    seen = Watch(urlsplit(server.address).netloc)
    page.on("console", seen.console)
    page.on("pageerror", lambda error: seen.complaints.append(f"exception: {error}"))
    page.on("request", lambda request: seen.request(request.url))
    yield seen
    assert seen.complaints == []


_numbers = count(1)


@pytest.fixture(scope="module")
def people(server: Server) -> Iterator[httpx.Client]:
    """Makes and disables users, as an administrator."""
    with server.client("admin") as client:
        yield client


@contextmanager
def _person(people: httpx.Client, **wish: object) -> Iterator[str]:
    """A user for this test alone; disabled afterwards, so that the login page stays as short as it is for everybody."""
    made = people.post("/api/admin/users", json=wish)
    assert made.status_code == 201, made.text
    yield made.json()["username"]
    gone = people.patch(f"/api/admin/users/{made.json()['id']}", json={"disabled": True})
    assert gone.status_code == 200, gone.text


@pytest.fixture
def newcomer(people: httpx.Client) -> Iterator[str]:
    """A demo user, made while the service runs."""
    with _person(people, username=f"person{next(_numbers):02}", demo=True) as name:
        yield name


@pytest.fixture
def signed_in(page: Page, server: Server, newcomer: str) -> str:
    """The page shows the (empty) files of a person of its own; returns the name."""
    answer = page.request.post(f"{server.address}/api/auth/demo-login", data={"username": newcomer})
    assert answer.ok, answer.text()
    page.goto(server.address)
    page.get_by_role("heading", name="Files", exact=True).wait_for()
    return newcomer


@pytest.fixture
def member(people: httpx.Client) -> Iterator[tuple[str, str]]:
    """Name and password of a user who is no demo user."""
    password = "correct horse battery"
    with _person(people, username=f"member{next(_numbers):02}", password=password) as name:
        yield name, password


@pytest.fixture
def colleague(browser: Browser, server: Server) -> Iterator[Page]:
    """The browser of grace, who is signed in."""
    with browser.new_context() as context:
        answer = context.request.post(f"{server.address}/api/auth/demo-login", data={"username": "grace"})
        assert answer.ok, answer.text()
        yield context.new_page()


@pytest.fixture
def administrator(page: Page, server: Server) -> str:
    """The browser is signed in as a superuser; nothing is shown yet."""
    answer = page.request.post(f"{server.address}/api/auth/demo-login", data={"username": "admin"})
    assert answer.ok, answer.text()
    return "admin"


@pytest.fixture
def ten_thousand_files(server: Server, newcomer: str) -> str:
    """Rows without bytes, because they are only listed, never read. Returns their folder."""
    folder = "many"
    numbers = random.Random(7).sample(range(100_000), 10_000)

    async def seed(runtime: Runtime) -> None:
        users = await runtime.catalogue.read(list_users)
        owner = next(user for user in users if user.username == newcomer)
        paths = [f"{folder}/{number:05}.txt" for number in numbers]
        await make_many_files(runtime.catalogue, owner, runtime.content.storage.active.row, paths)

    _with_runtime(server, seed)
    return folder


def _with_runtime(server: Server, act: Callable[[Runtime], Awaitable[object]]) -> None:
    """Beside the running service, as the command line does it."""
    settings = options.load(data_dir=server.data_dir).settings

    async def run() -> None:
        async with open_runtime(settings) as runtime:
            await act(runtime)

    # in a thread, for this one holds the event loop of Playwright
    with ThreadPoolExecutor(max_workers=1) as threads:
        threads.submit(asyncio.run, run()).result()
