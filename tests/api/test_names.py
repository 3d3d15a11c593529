"""Names of every nasty kind: refused, or given back as they are in JSON and harmless in headers, through every door."""

import re
import unicodedata
from http.client import HTTPConnection
from urllib.parse import quote, unquote

import pytest

REFUSED = {
    "climbs": b"../secret.txt",
    "climbs encoded": b"%2e%2e/secret.txt",
    "climbs with an encoded slash": b"..%2fsecret.txt",
    "climbs in the middle": b"a/../../secret.txt",
    "is a dot": b"a/./b.txt",
    "is absolute": b"%2fetc/passwd",
    "is absolute twice": b"/etc/passwd",
    "has an empty part": b"a//b.txt",
    "ends with a slash": b"a/",
    "NUL": b"a%00.txt",
    "CR LF": b"a%0d%0aSet-Cookie:%20x=1.txt",
    "LF": b"a%0ab.txt",
    "tab": b"a%09b.txt",
    "escape": b"%1b[2J.txt",
    "next line": b"a%c2%85b.txt",
    "10,000 long": b"a" * 10_000,
    "256 long": b"a" * 256,
    "deep": b"/".join([b"d"] * 1500),
    "no UTF-8": b"%ff.txt",
    "overlong": b"%c0%ae%c0%ae/x.txt",
    "half a character": b"%ed%a0%80.txt",
}
KEPT = {
    "climbs twice encoded": "%2e%2e%2fsecret.txt",
    "backslashes": "..\\..\\secret.txt",
    "a drive": "C:\\secret.txt",
    "a stream": "a.txt:stream",
    "dots": "...",
    "dots and a mark": "..\u200e",
    "bidi override": "invoice\u202egpj.exe",
    "bidi isolates": "a\u2066\u2067b\u2069.txt",
    "separators of lines": "a\u2028b\u2029c.txt",
    "zero width": "a\u200bb\ufeff.txt",
    "quotes": "a\"b'c.txt",
    "parameters": 'a"; filename="evil.exe',
    "semicolon": "a;b=c.txt",
    "percent": "100%.txt",
    "markup": "<script>alert(1)<.script>.html",
    "shell": "$(reboot)`id`;&|.sh",
    "option": "-rf",
    "spaces": "  a  ",
    "ends with a dot": "a.",
    "hidden": ".bashrc",
    "reserved": "CON",
    "reserved with an extension": "aux.txt",
    "reserved with a raised digit": "com¹.log",
    "emoji": "👩\u200d👩\u200d👧.gif",
    "arabic": "صورة.png",
    "accents": "e\u0301te\u0301.txt",
    "255 long": "ä" * 127 + "a",
    "private": "\ue000\U000f0000.txt",
    "wide": "\uff0e\uff0e\uff0fsecret.txt",
}
HARMFUL = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_name_that_no_file_may_have_is_refused(ada, kind):
    status, text = _put_raw(ada, b"/api/files/by-path/" + REFUSED[kind])
    assert status in {400, 414, 422}, text
    assert ada.get("/api/files", params={"q": "secret.txt"}).json()["items"] == []


def _put_raw(client, target: bytes) -> tuple[int, bytes]:
    """As it is: clients resolve `..` before they send it."""
    connection = HTTPConnection(client.base_url.host, client.base_url.port, timeout=30)
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    connection.putrequest("PUT", target.decode("ascii"))
    connection.putheader("Cookie", cookie)
    connection.putheader("Content-Length", "1")
    connection.endheaders(b"x")
    answer = connection.getresponse()
    try:
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("kind", KEPT)
def test_a_strange_name_comes_back_safe(ada, kind):
    name = unicodedata.normalize("NFC", KEPT[kind])
    answer = ada.put(f"/api/files/by-path/strange/{quote(KEPT[kind], safe='')}", content=b"content")
    assert answer.status_code in {200, 201}, answer.text
    file = answer.json()
    assert (file["name"], file["path"]) == (name, f"strange/{name}")
    listed = ada.get("/api/files", params={"folder": "strange", "limit": 1000}).json()["items"]
    assert [item["path"] for item in listed if item["id"] == file["id"]] == [f"strange/{name}"]
    link = ada.post(f"/api/files/{file['id']}/links", json={}).json()["token"]
    folder = ada.post("/api/links", json={"folder": "strange", "kind": "folder"}).json()["token"]
    for door in (f"/api/files/{file['id']}/content?download=1", f"/d/{link}", f"/d/{folder}/{quote(name, safe='')}"):
        answer = ada.get(door)
        assert answer.status_code == 200, (door, answer.text)
        assert answer.content == b"content"
        _assert_safe(answer.headers)
    assert ada.delete(f"/api/files/{file['id']}").status_code == 204


def _assert_safe(headers) -> None:
    """One line of plain ASCII with one name and perhaps its full form, neither of which leads anywhere."""
    (disposition,) = headers.get_list("content-disposition")
    assert disposition.isascii()
    assert disposition.isprintable()
    form = r"""(?:attachment|inline); filename="([^"\\/%]+)"(?:; filename\*=UTF-8''([A-Za-z0-9!#$&+.^_`|~%-]+))?"""
    plain, full = re.fullmatch(form, disposition).groups()
    for name in (plain, unquote(full) if full else plain):
        assert name.strip(". ")
        assert not set(name) & set("/\\")
        assert not {unicodedata.category(character) for character in name} & HARMFUL
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers or "x=1" not in headers["set-cookie"]


def test_twins_in_both_forms_of_unicode_are_one_file(ada):
    composed, decomposed = "caf\u00e9.txt", "cafe\u0301.txt"
    first = ada.put(f"/api/files/by-path/twins/{quote(composed)}", content=b"1")
    second = ada.put(f"/api/files/by-path/twins/{quote(decomposed)}", content=b"2")
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json()["id"] == first.json()["id"]
    assert second.json()["name"] == composed


def test_the_name_of_a_form_is_checked_like_any_other(ada):
    for name in ("../../secret.txt", "/etc/passwd"):
        answer = ada.post("/api/files", files={"file": (name, b"x")})
        assert answer.status_code == 422 or answer.json()["path"] == name.rpartition("/")[2]
    assert ada.get("/api/files", params={"q": "secret"}).json()["items"] in ([], [*_named(ada, "secret.txt")])


def _named(client, path):
    return [item for item in client.get("/api/files", params={"q": path}).json()["items"] if item["path"] == path]


def test_a_rename_is_checked_like_an_upload(ada):
    file = ada.put("/api/files/by-path/renamed.txt", content=b"x").json()
    for change in ({"name": "../x"}, {"name": ".."}, {"path": "/x"}, {"path": "a\r\nb"}, {"name": "a\x00b"}):
        assert ada.patch(f"/api/files/{file['id']}", json=change).status_code == 422, change
