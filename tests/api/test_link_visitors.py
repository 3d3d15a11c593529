"""Who comes to a link: browsers with cookies of neighbours, browsers ahead of their person, chats, programs, pages of
other origins, and who comes back for a download that broke.
"""

import io
import os
import time
import zipfile

import httpx
import pytest
from PIL import Image

from tests.support.links import code, downloads, of_file, of_folder, uses
from tests.support.server import wait_until

CONTENT = os.urandom(1_000_000)
MUCH = CONTENT * 24
"""More than the system keeps for a client that does not read."""
PASSWORD = "the password of the link"
PAGE = "text/html,application/xhtml+xml,*/*;q=0.8"

NEIGHBOURS = (
    "theme[x]=1",
    '{"a":1}',
    "a=b c",
    'a="x',
    "x=ü",
    "=; ; =x; @",
    "a" * 4000 + "=1",
    "; ".join(f"n{number}[]={number}" for number in range(1500)),
    "aishare_unlock=not-ours; aishare_download=not-ours; aishare_session=not-ours",
    "aishare_unlock; aishare_download; aishare_session",
)


@pytest.fixture
def folder(ada):
    name = f"set-{time.time_ns()}"
    ada.put(f"/api/files/by-path/{name}/data <1>.bin", content=CONTENT)
    return name


@pytest.fixture
def file(ada, folder):
    return ada.get("/api/files", params={"folder": folder}).json()["items"][0]


def cookie_of(answer, name):
    return next(one.partition(";")[0] for one in answer.headers.get_list("set-cookie") if one.startswith(name))


# --- cookies of neighbours --------------------------------------------------------------------------------------


def with_cookies(address, path, *cookies):
    """Asked as it stands: the jar of a client would tidy up. Each of `cookies` is a header of its own."""
    headers = [(b"cookie", cookie.encode()) for cookie in cookies]
    return httpx.head(f"{address}{path}", headers=headers, timeout=30)


@pytest.mark.parametrize("neighbour", NEIGHBOURS)
def test_cookies_of_neighbours_change_nothing(server, ada, file, neighbour):
    locked, limited = of_file(ada, file, password=PASSWORD), of_file(ada, file, max_downloads=1)
    unlocked = httpx.post(f"{server.address}/d/{locked['token']}/unlock", json={"password": PASSWORD})
    fetched = httpx.get(f"{server.address}/d/{limited['token']}")
    for path, ours in (
        (f"/d/{locked['token']}", cookie_of(unlocked, "aishare_unlock")),
        (f"/api/d/{locked['token']}/preview", cookie_of(unlocked, "aishare_unlock")),
        (f"/d/{limited['token']}", cookie_of(fetched, "aishare_download")),
        ("/api/auth/me", f"aishare_session={ada.cookies['aishare_session']}"),
    ):
        assert with_cookies(server.address, path, neighbour).status_code in {401, 410}
        for cookies in ((f"{neighbour}; {ours}",), (f"{ours}; {neighbour}",), (neighbour, ours), (ours, neighbour)):
            assert with_cookies(server.address, path, *cookies).status_code == 200, (path, cookies)


# --- those who only look ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("sec-purpose", "prefetch;anonymous-client-ip"),
        ("purpose", "prefetch"),
        ("x-moz", "prefetch"),
        ("x-purpose", "preview"),
    ],
)
def test_a_browser_ahead_of_its_person_takes_no_download(ada, nobody, folder, file, name, value):
    for link, path in (
        (of_file(ada, file, max_downloads=1), ""),
        (of_folder(ada, folder, max_downloads=1), ""),
        (of_folder(ada, folder, max_downloads=1), "/data%20%3C1%3E.bin"),
    ):
        for root, accept in (("d", PAGE), ("d", "*/*"), ("s", "*/*")):
            ahead = nobody.get(
                f"/{root}/{link['token']}{path}", headers={name: value, "accept": accept}, follow_redirects=True
            )
            assert ahead.status_code == 403
            assert "The link has not been clicked yet." in ahead.text
            assert accept == PAGE or code(ahead) == "link_prefetched"
            assert ahead.headers["cache-control"] == "no-store"
        assert downloads(ada, link) == 0
        assert nobody.get(f"/d/{link['token']}{path}").status_code == 200
        assert downloads(ada, link) == 1


AGENTS = (
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "WhatsApp/2.23.20.0 A",
    "TelegramBot (like TwitterBot)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Twitterbot/1.0",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Mastodon/4.3.1 (http.rb/5.2.0; +https://social.example/) Bot",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "Viber",
    "Mattermost-Bot/1.1",
    "Synapse (bot; +https://github.com/matrix-org/synapse)",
    "Mozilla/5.0 (compatible; ZulipURLPreview/9.0; +https://zulip.example)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/41.0.2227.0 Safari/537.36 Rocket.Chat/7.4.0",
    "Nextcloud-Server-Crawler/34.0.0",
)


@pytest.mark.parametrize("agent", AGENTS)
def test_a_chat_is_told_name_and_size_and_takes_no_download(ada, nobody, folder, file, agent):
    link, shared = of_file(ada, file, max_downloads=1), of_folder(ada, folder, max_downloads=1)
    name = "data &lt;1&gt;.bin"
    for path, expected in (
        (f"/d/{link['token']}", (name, "1 MB")),
        (f"/s/{link['token']}", (name, "1 MB")),
        (f"/d/{shared['token']}", (folder, "1 file · 1 MB")),
        (f"/d/{shared['token']}/data%20%3C1%3E.bin", (name, "1 MB")),
    ):
        for headers in ({}, {"range": "bytes=0-32768"}, {"accept": PAGE}):
            card = nobody.get(path, headers={"user-agent": agent, **headers})
            assert (card.status_code, card.headers["content-type"]) == (200, "text/html; charset=utf-8")
            assert f'property="og:title" content="{expected[0]}"' in card.text
            assert f'property="og:description" content="{expected[1]} · ' in card.text
            assert len(card.content) < 2000
            assert "set-cookie" not in card.headers
        head = nobody.head(path, headers={"user-agent": agent})
        assert (head.status_code, head.content) == (200, b"")
    assert [downloads(ada, one) for one in (link, shared)] == [0, 0]
    ada.delete(f"/api/links/{link['id']}")
    for root in ("d", "s"):
        assert code(nobody.get(f"/{root}/{link['token']}", headers={"user-agent": agent})) == "link_revoked"
        assert code(nobody.get(f"/{root}/{'a' * 43}", headers={"user-agent": agent})) == "link_not_found"


def test_a_chat_is_told_nothing_of_a_locked_link(ada, grace, nobody, folder, file):
    for link in (
        of_file(ada, file, password=PASSWORD, note="a note"),
        of_file(ada, file, username="grace", note="a note"),
        of_folder(ada, folder, password=PASSWORD),
    ):
        for root in ("d", "s"):
            card = nobody.get(f"/{root}/{link['token']}", headers={"user-agent": AGENTS[0]})
            assert card.status_code == 200
            for secret in ("data", "MB", folder, "a note", "grace", "Grace"):
                assert secret not in card.text


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Viber/21.0",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Slack/4.36.140 Chrome/120.0.0.0 Electron/28.1.1",
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 discord/1.0.9030 Chrome/108.0.5359.215 Electron/22.3.26",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Rocket.Chat/4.3.0 Chrome/130.0.6723.170 Electron/33.2.1",
        "curl/8.5.0",
        "aishare-download",
    ],
)
def test_who_fetches_for_a_person_gets_the_bytes(ada, nobody, file, agent):
    assert nobody.get(f"/d/{of_file(ada, file)['token']}", headers={"user-agent": agent}).content == CONTENT


# --- programs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accept", ["*/*", "", "application/octet-stream", "image/avif,image/webp,*/*"])
def test_the_address_of_the_page_leads_programs_to_the_bytes(ada, nobody, folder, file, accept):
    link, shared = of_file(ada, file), of_folder(ada, folder)
    for method in ("GET", "HEAD"):
        for path, query in (
            (link["token"], ""),
            (link["token"], "?download=1"),
            (shared["token"], ""),
            (f"{shared['token']}/data%20%3C1%3E.bin", ""),
        ):
            told = nobody.request(method, f"/s/{path}{query}", headers={"accept": accept})
            assert (told.status_code, told.headers["location"]) == (307, f"/d/{path}{query}")
            followed = nobody.request(method, f"/s/{path}", headers={"accept": accept}, follow_redirects=True)
            assert followed.status_code == 200
            if method == "GET" and path != shared["token"]:
                assert followed.content == CONTENT
    assert nobody.get(f"/s/{link['token']}?fbclid=1", headers={"accept": accept}).headers["location"] == (
        f"/d/{link['token']}"
    )
    assert code(nobody.get(f"/s/{'a' * 43}", headers={"accept": accept}, follow_redirects=True)) == "link_not_found"


def test_what_networks_append_to_an_address_that_is_sent_says_nothing(ada, nobody, file):
    link = of_file(ada, file)
    for name in ("fbclid", "utm_source", "gclid", "gad_source", "_gl", "mibextid", "ttclid", "mkt_tok", "_hsenc"):
        assert nobody.get(f"/d/{link['token']}", params={name: "x", "download": "1"}).content == CONTENT
    for name in ("UTM_Source", "FBCLID", "ScCid", "srsltid", "epik", "_ga", "vero_id", "_kx"):
        assert nobody.get(f"/d/{link['token']}?{name}").content == CONTENT
    assert nobody.get(f"/d/{link['token']}", params={"dwonload": "1"}).status_code == 422


@pytest.mark.parametrize("query", ["", "?utm_source=mail", "?download=1"])
def test_the_bare_address_of_a_thumbnail_is_that_of_a_file_and_a_name_in_a_folder(ada, nobody, query):
    top = f"bare-{time.time_ns()}"
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(picture, "PNG")
    file = ada.put(f"/api/files/by-path/{top}/a.png", content=picture.getvalue()).json()
    link, shared = of_file(ada, file), of_folder(ada, top)
    shown = nobody.get(f"/d/{link['token']}/thumbnail{query}")
    assert (shown.status_code, shown.headers.get("content-type")) == (200, "image/webp")
    assert shown.headers["access-control-allow-origin"] == "*"
    assert nobody.get(f"/d/{shared['token']}/thumbnail{query}").status_code == 404
    assert ada.put(f"/api/files/by-path/{top}/thumbnail", content=b"a file").status_code == 201
    assert nobody.get(f"/d/{shared['token']}/thumbnail{query}").content == b"a file"
    assert nobody.get(f"/d/{'a' * 43}/thumbnail{query}").headers["access-control-allow-origin"] == "*"
    assert downloads(ada, link) == 0


@pytest.mark.parametrize("accept", [PAGE, "Text/HTML, */*", "TEXT/HTML"])
def test_the_address_of_the_page_is_a_page_for_browsers(ada, nobody, file, accept):
    link = of_file(ada, file, max_downloads=1)
    page = nobody.get(f"/s/{link['token']}", headers={"accept": accept})
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert {"accept", "user-agent"} <= {name.strip() for name in page.headers["vary"].split(",")}
    assert nobody.post(f"/s/{link['token']}").status_code == 405
    assert downloads(ada, link) == 0


# --- pages of other origins -------------------------------------------------------------------------------------

ORIGIN = {"origin": "https://notebook.example"}
PREFLIGHT = {**ORIGIN, "access-control-request-method": "GET", "access-control-request-headers": "range,if-match"}


def is_readable(answer):
    """By a page of another origin, without credentials."""
    assert "access-control-allow-credentials" not in answer.headers
    allowed = answer.headers.get("access-control-allow-origin")
    assert allowed in {None, "*"}
    assert (allowed == "*") == (answer.headers.get("cross-origin-resource-policy") == "cross-origin")
    return allowed == "*"


def test_pages_of_other_origins_read_links_that_are_open_to_all(ada, nobody, folder, file):
    link, shared = of_file(ada, file), of_folder(ada, folder)
    etag = f'"{file["sha256"]}"'
    for path in (f"/d/{link['token']}", f"/d/{shared['token']}", f"/d/{shared['token']}/data%20%3C1%3E.bin"):
        for method in ("GET", "HEAD"):
            for headers in ({}, {"range": "bytes=0-9"}):
                answer = nobody.request(method, path, headers={**ORIGIN, **headers})
                assert answer.is_success
                assert is_readable(answer)
                exposed = {name.strip() for name in answer.headers["access-control-expose-headers"].split(",")}
                wanted = "content-range content-length etag accept-ranges content-disposition repr-digest"
                assert set(wanted.split()) <= exposed
        preflight = nobody.options(path, headers=PREFLIGHT)
        assert (preflight.status_code, is_readable(preflight)) == (204, True)
        sendable = {name.strip() for name in preflight.headers["access-control-allow-headers"].split(",")}
        assert {"range", "if-range", "if-match", "if-none-match"} <= sendable
        assert "authorization" not in sendable
        assert preflight.headers["access-control-allow-methods"] == "GET, HEAD"
    for headers in ({"if-none-match": etag}, {"if-match": '"other"'}, {"range": "bytes=99999999-"}):
        answer = nobody.get(f"/d/{link['token']}", headers={**ORIGIN, **headers})
        assert answer.status_code in {304, 412, 416}
        assert is_readable(answer)
    page = nobody.get(f"/s/{link['token']}", headers=ORIGIN)
    assert (page.status_code, is_readable(page)) == (307, True)
    assert is_readable(nobody.options(f"/s/{link['token']}", headers=PREFLIGHT))
    ada.delete(f"/api/links/{link['id']}")
    assert is_readable(nobody.get(f"/d/{link['token']}", headers=ORIGIN))


def test_pages_of_other_origins_do_not_read_links_that_ask_who_it_is(ada, grace, nobody, folder, file):
    locked, named = of_folder(ada, folder, password=PASSWORD), of_folder(ada, folder, username="grace")
    for client, link in ((nobody, locked), (grace, named)):
        for path in (f"/d/{link['token']}", f"/d/{link['token']}/data%20%3C1%3E.bin"):
            httpx_answer = httpx.get(str(client.base_url.join(path)), headers=ORIGIN)
            assert (httpx_answer.status_code, is_readable(httpx_answer)) == (401, False)
            client.post(f"/d/{link['token']}/unlock", json={"password": PASSWORD})
            for headers in ({}, {"range": "bytes=0-9"}, {"if-match": '"other"'}):
                answer = client.get(path, headers={**ORIGIN, **headers})
                assert answer.status_code in {200, 206, 412}
                assert not is_readable(answer)
            preflight = client.options(path, headers=PREFLIGHT)
            assert (preflight.status_code, is_readable(preflight)) == (204, False)
    assert not is_readable(ada.get(f"/d/{named['token']}", headers=ORIGIN))


def test_nothing_else_is_readable_by_pages_of_other_origins(ada, nobody, folder, file):
    link = of_file(ada, file)
    for path in (f"/api/d/{link['token']}", f"/api/files/{file['id']}/content", "/api/files", "/", "/api/health/live"):
        assert not is_readable(ada.get(path, headers=ORIGIN))
    assert not is_readable(nobody.post(f"/d/{link['token']}/unlock", json={"password": "x"}, headers=ORIGIN))


# --- who comes back ---------------------------------------------------------------------------------------------


def broken(client, path):
    """A download of which the client takes a little."""
    with client.stream("GET", path) as answer:
        assert answer.status_code == 200
        assert next(answer.iter_raw(65_536))


def test_an_archive_that_broke_is_begun_once_more_by_who_began_it(server, ada, nobody, folder):
    ada.put(f"/api/files/by-path/{folder}/much.bin", content=MUCH)
    link = of_folder(ada, folder, max_downloads=1)
    path = f"/d/{link['token']}"
    broken(nobody, path)
    wait_until(lambda: [use["bytes"] > 0 for use in uses(ada, link)] == [True])
    for headers in ({}, {"cookie": "aishare_download=made-up"}, {"range": "bytes=65536-"}):
        for method in ("GET", "HEAD"):  # a stranger, also of the same address
            assert httpx.request(method, f"{server.address}{path}", headers=headers).status_code == 410
    told = nobody.get(f"/api/d/{link['token']}").json()
    assert (told["downloads_left"], told["download_url"]) == (0, path)
    again = nobody.get(path)
    assert again.status_code == 200
    packed = zipfile.ZipFile(io.BytesIO(again.content))
    assert packed.testzip() is None
    assert len(packed.namelist()) >= 2
    assert downloads(ada, link) == 1
    wait_until(lambda: [use["complete"] for use in uses(ada, link)] == [True])
    for address in (path, f"/api/d/{link['token']}"):
        assert code(nobody.get(address)) == "link_used_up"
    assert downloads(ada, link) == 1


def test_a_file_that_broke_is_gone_on_with_from_its_page(server, ada, nobody, folder):
    file = ada.put(f"/api/files/by-path/{folder}/much.bin", content=MUCH).json()
    link = of_file(ada, file, max_downloads=1)
    broken(nobody, f"/d/{link['token']}")
    wait_until(lambda: [0 < use["bytes"] < len(MUCH) for use in uses(ada, link)] == [True])
    assert nobody.get(f"/api/d/{link['token']}").json()["downloads_left"] == 0
    assert httpx.get(f"{server.address}/api/d/{link['token']}").status_code == 410
    assert nobody.get(f"/d/{link['token']}").content == MUCH
    assert downloads(ada, link) == 1
    assert code(nobody.get(f"/api/d/{link['token']}")) == "link_used_up"
