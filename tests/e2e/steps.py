"""What people do on the pages, as the tests say it."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from axe_playwright_python.sync_playwright import DEFAULT_OPTIONS, Axe
from playwright.sync_api import Page, expect

from tests.support.server import wait_until

_DROP = """([files, kind]) => {
    const transfer = new DataTransfer();
    for (const [name, content] of Object.entries(files)) {
        const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name));
    }
    document.body.dispatchEvent(
        new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }),
    );
}"""


def drag(page: Page, files: Mapping[str, bytes], *, kind: str = "drop") -> None:
    """Fires one event of dragging files from outside the browser."""
    page.evaluate(_DROP, [{name: b64encode(content).decode() for name, content in files.items()}, kind])


def drop_paths(page: Page, paths: Iterable[Path]) -> None:
    """Drops real files and folders, as the desktop does it: once the page has said that it takes them."""
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}

    def drag_event(kind: str) -> None:
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})

    def accepted() -> bool:
        drag_event("dragOver")
        return page.get_by_text("Drop to upload", exact=True).is_visible()

    drag_event("dragEnter")
    wait_until(accepted)
    drag_event("drop")
    session.detach()


def transfers(page: Page):
    """The panel of uploads."""
    return page.get_by_role("region", name="Transfers")


def transfer(page: Page, path: str):
    """The row of an upload."""
    return transfers(page).get_by_role("listitem").filter(has=page.get_by_title(path, exact=True))


def row(page: Page, path: str):
    """The row of a file or folder, in a list of one folder or of a search."""
    return page.get_by_role("row").filter(has=page.get_by_role("checkbox", name=f"Select {path}", exact=True))


def select(page: Page, path: str) -> None:
    page.get_by_role("checkbox", name=f"Select {path}", exact=True).click()


def open_folder(page: Page, path: str) -> None:
    """From its parent, by a click on its name."""
    row(page, path).get_by_role("link", name=path.rpartition("/")[2], exact=True).click()
    page.get_by_role("heading", level=1, name=path.rpartition("/")[2], exact=True).wait_for()


def put(page: Page, path: str, content: bytes = b"x") -> None:
    """A file of the person who is signed in, past the pages."""
    host = page.url.split("/")[2]
    assert page.request.put(f"http://{host}/api/files/by-path/{quote(path)}", data=content).status in {200, 201}


def open_menu(page: Page, path: str) -> None:
    page.get_by_role("button", name=f"More actions for {path}", exact=True).click()


def expect_title(page: Page, title: str) -> None:
    """What the tab is called."""
    expect(page).to_have_title(f"{title} \N{EN DASH} aishare")


def focus(page: Page) -> None:
    """Somebody turns to the window; a browser without a screen never says so by itself."""
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")


def slow_uploads(page: Page, *, bytes_per_second: int) -> None:
    """Bytes leave the browser at this speed; a negative number lifts the limit."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second}
    session.send("Network.emulateNetworkConditions", conditions)


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    settle(page)
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


_NOTHING_DIMMED = """() => !document.querySelector("[role=dialog]") ||
    !document.querySelector(".mantine-Notification-root")"""

_AT_REST = """() => document.getAnimations().every((animation) =>
    animation.playState !== "running" || animation.effect.getComputedTiming().iterations === Infinity)"""

_UNTIL_QUIET = """() => new Promise((resolve) => {
    const begin = performance.now();
    let changed = begin;
    const observer = new MutationObserver(() => { changed = performance.now(); });
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    const look = () => {
        const now = performance.now();
        if (now - changed < 150 && now - begin < 1000) return requestAnimationFrame(look);
        observer.disconnect();
        resolve();
    };
    requestAnimationFrame(look);
})"""
"""Nothing has changed for a moment; a page with a running upload always changes, and has a second."""


def settle(page: Page) -> None:
    """Waits until the page is as it will stay. Without motion, so nothing is caught half-way: colours that fade in, a
    sidebar that slides, a tooltip that appears beside the mouse a little later.
    """
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(_UNTIL_QUIET)
    page.wait_for_function(_AT_REST)


_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
"""Rules whose outcome depends on the colour scheme."""


def assert_accessible(page: Page) -> None:
    """As the page is, and with the colours of the other scheme."""
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    schemes = ("dark", "light") if dark else ("light", "dark")
    for scheme, options in zip(schemes, (DEFAULT_OPTIONS, _COLOURS), strict=True):
        page.emulate_media(color_scheme=scheme)
        settle(page)
        page.wait_for_function(_NOTHING_DIMMED)
        found = Axe().run(page, options=options)
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"
    page.emulate_media(color_scheme=schemes[0], reduced_motion="no-preference")
