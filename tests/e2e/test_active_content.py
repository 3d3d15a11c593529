"""What people upload is data: whatever it holds, and however a page opens it, nothing of it runs."""

from contextlib import suppress
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Error, Page

RUN = """
(() => {
    new Image().src = "/ran/image";
    fetch("/api/files/by-path/ran.txt", { method: "PUT", body: "ran" });
    for (const view of [window.parent, window.opener, window.top]) if (view) view.postMessage("ran", "*");
    document.title = "ran";
    alert("ran");
})()
"""
"""Any of these is seen, wherever the script runs: a request, a file, a message, a title, a dialog."""

HTML = f"<!doctype html><title>x</title><img src=x onerror='{RUN}'><script>{RUN}</script><body onload='{RUN}'>"
SVG = (
    "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' id='a' onload='{run}'>"
    "<script>{run}</script><foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' srcdoc='x'/></foreignObject>"
    "<animate onbegin='{run}' attributeName='x' dur='1s'/></svg>"
).format(run=RUN.replace("&&", "and").replace("&", "&amp;").replace("<", "&lt;"))
XHTML = f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><script>{RUN}</script></body></html>'
FILES = {
    "page.html": HTML,
    "page": HTML,
    "picture.png": HTML,
    "drawing.svg": SVG,
    "commented.svg": f"<!-- a drawing -->\n{SVG}",
    "page.xhtml": XHTML,
    "style.xml": f'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#x"?>{XHTML[21:]}',
    "polyglot.gif": f"GIF89a/*{HTML}*/=0;{RUN}",
    "notes.txt": f"just a text {HTML}",
    "script.js": RUN,
    "table.csv": f"a,b\n{HTML},1\n",
}
THROUGH_ALL = ("page.html", "drawing.svg", "page.xhtml", "script.js")
WAYS = {
    "iframe": '<iframe src="{}"></iframe>',
    "object": '<object data="{}"></object>',
    "object as a page": '<object data="{}" type="text/html"></object>',
    "embed": '<embed src="{}">',
    "embed as a drawing": '<embed src="{}" type="image/svg+xml">',
    "img": '<img src="{}">',
    "script": '<script src="{}"></script>',
    "module": '<script type="module" src="{}"></script>',
    "style": '<link rel="stylesheet" href="{}">',
    "use": '<svg><use href="{}#a"/></svg>',
    "refresh": '<iframe srcdoc="&lt;meta http-equiv=refresh content=&quot;0;url={}&quot;&gt;"></iframe>',
}
HOST = "<!doctype html><script>window.heard = []; addEventListener('message', (e) => heard.push(e.data));</script>"
"""A page at the address of aishare, without any of its rules."""


@pytest.fixture
def context(new_context) -> BrowserContext:
    """Of each test alone, so that nobody else hears what runs in it."""
    return new_context()


class Ears:
    """Hears whatever a script that runs would do."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        self._address = address
        self.heard: list[str] = []
        page.context.on("request", self._request)
        page.context.on("dialog", self._dialog)

    def _request(self, request) -> None:
        if "/ran/" in request.url or "ran.txt" in request.url:
            self.heard.append(request.url)

    def _dialog(self, dialog) -> None:
        self.heard.append(dialog.message)
        dialog.dismiss()

    def after(self, milliseconds: int = 120) -> list[str]:
        self._page.wait_for_timeout(milliseconds)
        self.heard += self._page.evaluate("window.heard ?? []")
        if self._page.title() == "ran":
            self.heard.append("title")
        return self.heard


@pytest.fixture
def ears(page: Page, server, signed_in, watch):
    # browsers say in the console what they refuse
    watch.expected += [
        "Refused to",
        "blocked",
        "Not allowed to",
        "Failed to load",
        "violates",
        "Unsafe attempt",
        "MIME",
    ]
    page.route("**/ran/**", lambda route: route.fulfill(status=204))
    return Ears(page, server.address)


def _upload(page: Page, address: str) -> dict[str, str]:
    ids = {}
    for name, content in FILES.items():
        answer = page.request.put(f"{address}/api/files/by-path/active/{quote(name)}", data=content.encode())
        assert answer.ok, answer.text()
        ids[name] = answer.json()["id"]
    return ids


def _doors(page: Page, address: str, ids: dict[str, str]) -> dict[str, str]:
    """Name -> address: every file through the first door, the worst through all."""
    answer = page.request.post(f"{address}/api/links", data={"folder": "active", "kind": "folder"})
    assert answer.ok, answer.text()
    folder = answer.json()["token"]
    doors = {"archive": f"/api/archives?id={ids['page.html']}", "link archive": f"/d/{folder}"}
    for name, file_id in ids.items():
        doors[f"{name} content"] = f"/api/files/{file_id}/content"
        if name in THROUGH_ALL:
            link = page.request.post(f"{address}/api/files/{file_id}/links", data={})
            assert link.ok, link.text()
            token = link.json()["token"]
            doors |= {
                f"{name} preview": f"/api/files/{file_id}/preview",
                f"{name} link": f"/d/{token}",
                f"{name} link preview": f"/api/d/{token}/preview",
                f"{name} folder link": f"/d/{folder}/{name}",
            }
    return doors


def _open(page: Page, url: str) -> None:
    """A page that comes to be, or a download instead of one."""
    with suppress(Error):
        page.goto(url, wait_until="commit")


def _serve(page: Page, path: str, body: str, kind: str = "text/html") -> None:
    """In the place of aishare."""
    page.unroute(f"**{path}")
    page.route(f"**{path}", lambda route: route.fulfill(content_type=kind, body=body))


def _host(page: Page, address: str, body: str) -> None:
    _serve(page, "/host", HOST + body)
    page.goto(f"{address}/host")


def test_without_our_rules_each_of_these_files_would_run(page: Page, server, ears):
    for name, kind in [("page.html", "text/html"), ("drawing.svg", "image/svg+xml"), ("page.xhtml", "application/xml")]:
        _serve(page, "/bare", FILES[name], kind)
        for open_it in (
            lambda: page.goto(f"{server.address}/bare"),
            lambda: _host(page, server.address, WAYS["iframe"].format("/bare")),
        ):
            ears.heard.clear()
            open_it()
            assert ears.after(), name


def test_nothing_runs_that_is_opened_through_any_door(page: Page, server, ears):
    doors = _doors(page, server.address, _upload(page, server.address))
    for name, path in doors.items():
        _open(page, server.address + path)
        assert ears.after() == [], name
    assert page.request.get(f"{server.address}/api/files?q=ran.txt").json()["items"] == []


def test_nothing_runs_that_another_page_embeds(page: Page, server, ears):
    doors = _doors(page, server.address, _upload(page, server.address))
    for way, markup in WAYS.items():
        _host(page, server.address, "".join(markup.format(path) for path in doors.values()))
        assert ears.after(500) == [], way
    assert page.request.get(f"{server.address}/api/files?q=ran.txt").json()["items"] == []


def test_a_window_that_opens_them_hears_nothing(page: Page, server, ears):
    doors = _doors(page, server.address, _upload(page, server.address))
    _host(page, server.address, "")
    for name, path in doors.items():
        page.evaluate("path => { window.opened = window.open(path); }", path)
        assert ears.after(100) == [], name
    for other in page.context.pages:
        if other is not page:
            other.close()
