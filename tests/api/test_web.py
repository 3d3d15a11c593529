import gzip
from pathlib import Path

import httpx
import pytest

from aishare.api.http.web import WebApp
from aishare.api.http.web_source import SourceCheckout
from aishare.core.errors import AishareError, NotAllowed, NotFound

PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SCRIPT = b"console.log('aishare');" * 100


@pytest.fixture
def root(tmp_path: Path) -> Path:
    web = tmp_path / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_bytes(b"<!doctype html><title>aishare</title>")
    (web / "theme.js").write_bytes(b"1")
    (web / ".digest").write_bytes(b"secret of the builder")
    (web / "assets" / "index-abc.js").write_bytes(SCRIPT)
    (web / "assets" / "index-abc.js.gz").write_bytes(gzip.compress(SCRIPT))
    (web / "assets" / "index-abc.js.br").write_bytes(b"pretend this is brotli")
    return web


async def ask(app: WebApp, path: str, *, method: str = "GET", **headers: str) -> httpx.Response:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
    async with client:
        request = client.build_request(method, path, headers={"accept-encoding": "identity", **headers})
        return await client.send(request)


@pytest.mark.parametrize("path", ["/", "/login", "/files", "/index.html", "/s/token", "/data", "/apiary"])
async def test_every_page_of_the_application_is_the_index(root, path):
    answer = await ask(WebApp(root), path, **PAGE)
    assert answer.status_code == 200
    assert b"<title>aishare</title>" in answer.content
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


async def test_the_page_may_load_and_be_loaded_by_nothing_foreign(root):
    headers = (await ask(WebApp(root), "/files", **PAGE)).headers
    policy = headers["content-security-policy"].split("; ")
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert [part for part in policy if part.startswith("script-src")] == ["script-src 'self'"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/api", "/api/nothing", "/d/token", "/assets/gone.js", "/metrics", "/.digest"])
async def test_other_addresses_are_not_the_applications(root, path):
    headers = PAGE if path != "/.digest" else {"accept": "*/*"}
    with pytest.raises(NotFound):
        await ask(WebApp(root), path, **headers)


async def test_only_browsers_are_shown_a_page(root):
    with pytest.raises(NotFound):
        await ask(WebApp(root), "/files", accept="application/json")


@pytest.mark.parametrize("accept", ["*/*", "", "application/json"])
async def test_whoever_asks_for_the_root_gets_the_page(root, accept):
    assert (await ask(WebApp(root), "/", accept=accept)).status_code == 200


async def test_hidden_and_compressed_files_have_no_address_of_their_own(root):
    for path in ("/.digest", "/assets/index-abc.js.gz", "/../web/.digest"):
        with pytest.raises(NotFound):
            await ask(WebApp(root), path, accept="*/*")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip, br;q=0", "gzip"),
        ("br;q=0.5", "br"),
        ("GZIP", "gzip"),
        ("gzip;q=0.000", None),
        ("identity", None),
        ("", None),
    ],
)
async def test_an_asset_comes_in_the_best_encoding_that_is_accepted(root, accepted, encoding):
    app = WebApp(root)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
    async with client, client.stream("GET", "/assets/index-abc.js", headers={"accept-encoding": accepted}) as answer:
        raw = b"".join([piece async for piece in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["vary"] == "accept-encoding"
    assert int(answer.headers["content-length"]) == len(raw)
    if encoding != "br":
        assert (gzip.decompress(raw) if encoding else raw) == SCRIPT


async def test_head_answers_as_get_without_the_body(root):
    got = await ask(WebApp(root), "/theme.js")
    headed = await ask(WebApp(root), "/theme.js", method="HEAD")
    assert headed.content == b""
    assert headed.headers == got.headers


async def test_nothing_is_ever_changed_here(root):
    with pytest.raises(NotAllowed):
        await ask(WebApp(root), "/", method="POST", **PAGE)


def test_an_installation_without_the_application_refuses_to_start(tmp_path):
    with pytest.raises(AishareError, match="missing from this installation"):
        WebApp(tmp_path)


@pytest.fixture
def checkout(tmp_path: Path, root: Path) -> Path:
    """A source tree with the real builder, whose build output is `root`."""
    builder = Path(__file__).parents[2] / "frontend" / "build.py"
    frontend = tmp_path / "checkout" / "frontend"
    (frontend / "src").mkdir(parents=True)
    (frontend.parent / "hatch_build.py").touch()
    (frontend / "build.py").write_bytes(builder.read_bytes())
    for name in ("api-docs.html", "compress.mjs", "index.html", "package-lock.json", "tsconfig.json", "vite.config.ts"):
        (frontend / name).write_text(name)
    web = frontend.parent / "src" / "aishare" / "web"
    web.parent.mkdir(parents=True)
    root.rename(web)
    return frontend.parent


def _stamp(checkout: Path) -> Path:
    found = SourceCheckout.around(checkout / "src" / "aishare" / "web")
    assert found is not None
    web = checkout / "src" / "aishare" / "web"
    (web / ".digest").write_text(found.builder().source_digest())
    return web


async def test_a_checkout_with_a_stale_build_names_the_one_command(checkout):
    web = _stamp(checkout)
    (checkout / "frontend" / "src" / "page.tsx").write_text("changed")
    app = WebApp(web)
    answer = await ask(app, "/files", **PAGE)
    assert answer.status_code == 200
    assert b"uv run aishare ui build" in answer.content
    with pytest.raises(NotFound):
        await ask(app, "/api/nothing", **PAGE)


async def test_a_build_is_seen_without_a_new_start(checkout):
    web = checkout / "src" / "aishare" / "web"
    app = WebApp(web)
    assert b"not built" in (await ask(app, "/", **PAGE)).content
    _stamp(checkout)
    assert b"<title>aishare</title>" in (await ask(app, "/", **PAGE)).content


async def test_a_checkout_without_any_build_still_starts(checkout):
    web = _stamp(checkout)
    for path in sorted(web.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert b"not built" in (await ask(WebApp(web), "/", **PAGE)).content


def test_a_changed_test_or_type_declaration_asks_for_no_build(checkout):
    web = _stamp(checkout)
    (checkout / "frontend" / "src" / "page.test.ts").write_text("test")
    (checkout / "frontend" / "src" / "schema.d.ts").write_text("types")
    found = SourceCheckout.around(web)
    assert found is not None
    assert found.is_fresh()
