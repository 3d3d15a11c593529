"""What is in a file, as pages show it: thumbnails, pictures, text, tables, models; and lines to use it elsewhere."""

import ast
import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import assert_accessible, overflow, put, row
from tests.support.lookable import parquet, picture, safetensors, sound
from tests.support.server import wait_until


def origin(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


def listed(page: Page, path: str) -> dict:
    """The file as the API lists it."""
    files = page.request.get(f"{origin(page)}/api/files?limit=100").json()["items"]
    return next(file for file in files if file["path"] == path)


def show(page: Page, path: str) -> None:
    """The page of a file."""
    page.goto(f"{origin(page)}/file/{listed(page, path)['id']}")
    page.get_by_role("heading", level=1, name=path.rpartition("/")[2]).wait_for()


def is_drawn(image) -> bool:
    return image.evaluate("image => image.complete && image.naturalWidth > 0")


def test_lists_have_thumbnails_and_hold_their_place(page: Page, signed_in):
    put(page, "wide.png", picture(size=(1600, 800), colour="#aa3300"))
    put(page, "scan.tiff", picture("TIFF"))
    put(page, "broken.png", picture()[:200])
    # Looked at in the background; whoever comes earlier asks for it, and the browser reports the answer 404.
    wait_until(lambda: listed(page, "broken.png")["thumbnail_problem"])
    page.goto(page.url + "?view=grid&sort=path")
    images = page.get_by_role("gridcell").locator("img")
    expect(images.first).to_be_visible()
    page.wait_for_function("() => [...document.querySelectorAll('[role=gridcell] img')].every(image => image.complete)")
    page.reload()
    card = page.get_by_role("gridcell").filter(has_text="wide.png")
    page.wait_for_function("() => document.querySelectorAll('[role=gridcell] img').length === 2")
    thumbnail = card.locator("img")
    assert re.fullmatch(r"/api/files/\w+/thumbnail\?v=\S+ 1x, \S+&scale=2 2x", thumbnail.get_attribute("srcset"))
    assert re.search(r"aspect-ratio: 1600 ?/ ?800", thumbnail.get_attribute("style"))
    assert is_drawn(thumbnail)
    assert is_drawn(page.get_by_role("gridcell").filter(has_text="scan.tiff").locator("img"))
    sign = page.get_by_role("gridcell").filter(has_text="broken.png").locator("[title]:has(svg)").first
    assert len(sign.get_attribute("title")) > 10
    assert_accessible(page)
    page.get_by_role("button", name="List", exact=True).click()
    expect(row(page, "wide.png").locator("img")).to_be_visible()
    expect(row(page, "scan.tiff").locator("img")).to_be_visible()


def test_a_place_is_as_large_before_the_picture_is_there_as_after(page: Page, signed_in):
    put(page, "late.png", picture(size=(900, 1500)))
    page.goto(page.url + "?view=grid")
    expect(page.get_by_role("gridcell").locator("img")).to_have_count(1)
    page.wait_for_function("() => document.querySelector('[role=gridcell] img').complete")
    waiting = []
    page.route("**/thumbnail*", lambda route, _: waiting.append(route))
    page.reload()
    thumbnail = page.get_by_role("gridcell").locator("img")
    expect(thumbnail).to_have_count(1)
    before = thumbnail.bounding_box()
    assert thumbnail.evaluate("image => image.style.backgroundColor") == "rgb(30, 90, 160)"
    assert before["height"] > 100
    page.wait_for_function("() => !document.querySelector('[role=gridcell] img').complete")
    for route in waiting:
        route.continue_()
    page.wait_for_function("() => document.querySelector('[role=gridcell] img').naturalWidth > 0")
    assert thumbnail.bounding_box() == pytest.approx(before, abs=1)


def test_pictures_fill_the_window_zoom_and_lead_to_the_next(page: Page, signed_in):
    for number in (1, 2, 3):
        put(page, f"pics/p{number}.png", picture(colour=f"#{number}{number}5588"))
    put(page, "pics/between.txt", b"no picture")
    show(page, "pics/p2.png")
    expect(page.get_by_role("button", name="Next image")).to_be_enabled()
    page.keyboard.press("ArrowRight")
    page.get_by_role("heading", level=1, name="p3.png").wait_for()
    page.get_by_role("button", name="Previous image").click()
    page.get_by_role("heading", level=1, name="p2.png").wait_for()
    page.get_by_role("button", name="Zoom p2.png").click()
    window = page.get_by_role("dialog", name="p2.png")
    expect(window.get_by_text("2 of 3", exact=True)).to_be_visible()
    expect(window.get_by_text("100 %", exact=True)).to_be_visible()
    page.keyboard.press("+")
    expect(window.get_by_text("150 %", exact=True)).to_be_visible()
    box = window.get_by_role("img", name="p2.png").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, -200)
    expect(window.get_by_text("247 %", exact=True)).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("0")
    expect(window.get_by_text("100 %", exact=True)).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("dialog", name="p1.png").get_by_text("1 of 3", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Previous image", exact=True).last).to_be_disabled()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("heading", level=1, name="p1.png")).to_be_visible()


def test_the_drawer_walks_through_pictures_in_the_whole_window(page: Page, signed_in):
    put(page, "a.png", picture())
    put(page, "b.txt", b"text")
    put(page, "c.jpg", picture("JPEG"))
    page.goto(page.url + "?sort=path")
    page.get_by_role("link", name="a.png", exact=True).click()
    page.get_by_role("button", name="Zoom a.png").click()
    expect(page.get_by_text("1 of 2", exact=True)).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("2 of 2", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("2 of 2", exact=True)).to_be_hidden()
    expect(page.get_by_role("dialog", name="c.jpg")).to_be_visible()


MARKDOWN = b"""---
license: mit
---
# Birds &amp; friends

Some **strong** words, a [link](https://example.org/x), a [trap](javascript:window.ran=1).
<script>window.ran = 1</script><img src=x onerror="window.ran = 1">

<iframe srcdoc="<script>parent.ran = 1</script>"></iframe>

### Load

```python
import os  # comment
```

| a | b |
|---|--:|
| 1 | 2 |

- [x] done

![elsewhere](https://example.org/x.png)
"""


def test_markdown_is_drawn_and_nothing_in_it_runs(page: Page, signed_in):
    put(page, "README.md", MARKDOWN)
    show(page, "README.md")
    text = page.get_by_role("region", name="Text of README.md")
    expect(text.get_by_role("heading", name="Birds & friends", level=3)).to_be_visible()
    expect(text.get_by_role("heading", name="Load", level=4)).to_be_visible()
    expect(text.get_by_role("cell", name="2")).to_be_visible()
    expect(text.get_by_role("link", name="link")).to_have_attribute("href", "https://example.org/x")
    expect(text.get_by_role("link", name="trap")).to_have_count(0)
    expect(text.locator("img, script, iframe")).to_have_count(0)
    expect(text.locator("code span").first).to_be_visible()
    assert page.evaluate("window.ran") is None
    assert_accessible(page)


def test_code_and_json_are_coloured_and_readable(page: Page, signed_in):
    put(page, "net.py", b'import os\n\n\nclass Net:\n    def f(self, x: int = 3) -> str:  # why\n        return "a"\n')
    put(page, "config.json", b'{"layers":[1,2],"name":"x <b>","on":true}')
    show(page, "net.py")
    code = page.get_by_role("region", name="Text of net.py")
    expect(code.locator("span").filter(has_text=re.compile("^class$"))).to_be_visible()
    assert_accessible(page)
    show(page, "config.json")
    expect(page.get_by_role("region", name="Text of config.json")).to_contain_text('"layers": [\n')
    expect(page.get_by_role("region", name="Text of config.json")).to_contain_text("x <b>")
    assert_accessible(page)


def test_a_table_has_types_and_pages(page: Page, signed_in):
    put(page, "train.parquet", parquet(1234))
    show(page, "train.parquet")
    rows = page.get_by_role("region", name="Rows of train.parquet")
    expect(rows.get_by_role("columnheader", name="score")).to_contain_text("double")
    expect(rows.get_by_role("row").nth(1).get_by_role("cell")).to_have_text(["1", "0", "null", re.compile("^0")])
    expect(page.get_by_text(re.compile("Rows 1.100 of 1,234 · 3 columns"))).to_be_visible()
    page.get_by_role("button", name="Next rows").click()
    expect(page.get_by_text(re.compile("Rows 101.200 of 1,234"))).to_be_visible()
    expect(page.get_by_text("Page 2 of 13", exact=True)).to_be_visible()
    expect(rows.get_by_role("row").nth(1)).to_contain_text("row 100")
    assert_accessible(page)


def test_a_model_shows_its_tensors_without_its_weights(page: Page, signed_in):
    put(page, "m.safetensors", safetensors())
    show(page, "m.safetensors")
    tensors = page.get_by_role("region", name="Tensors of m.safetensors")
    first = tensors.get_by_role("row").nth(1).get_by_role("cell")
    expect(first).to_have_text(["embed.weight", "F16", re.compile("30 . 20")])
    expect(page.get_by_text("625", exact=True)).to_be_visible()
    expect(page.get_by_text("author", exact=True)).to_be_visible()
    expect(page.get_by_text("Ada", exact=True)).to_be_visible()
    assert_accessible(page)


def test_broken_files_say_why(page: Page, signed_in, watch):
    watch.expected.append("404")
    put(page, "broken.parquet", parquet(100)[:300])
    put(page, "broken.safetensors", b"\xff" * 4 + bytes(4) + b"{" + bytes(60))
    put(page, "broken.gif", b"GIF89a" + bytes(20))
    for path in ("broken.parquet", "broken.safetensors"):
        show(page, path)
        reason = page.get_by_role("region", name="Preview")
        expect(reason).to_have_text(re.compile(r"\w+ \w+ \w+.*\."))
        expect(reason.get_by_role("table")).to_have_count(0)
    show(page, "broken.gif")
    expect(page.get_by_role("region", name="Preview").get_by_text(re.compile("picture|image|browser"))).to_be_visible()
    expect(page.get_by_role("link", name="Download")).to_be_visible()


def test_sound_comes_in_ranges(page: Page, signed_in):
    put(page, "long.wav", sound(60))
    show(page, "long.wav")
    player = page.get_by_label("long.wav")
    page.wait_for_function("() => document.querySelector('audio').readyState > 0")
    assert player.evaluate("audio => Math.round(audio.duration)") == 60
    assert page.request.get(player.evaluate("audio => audio.src"), headers={"Range": "bytes=0-9"}).status == 206


@pytest.mark.parametrize("width", [1280, 360])
def test_pages_fit_and_are_accessible(page: Page, signed_in, width):
    page.set_viewport_size({"width": width, "height": 740})
    put(page, "a.png", picture())
    put(page, "t.csv", b"city,population\nRome,1\n")
    for path in ("a.png", "t.csv"):
        show(page, path)
        expect(page.get_by_role("tab", name="curl")).to_be_visible()
        assert overflow(page) == 0
        assert_accessible(page)


CONTENT = b"city,population\nRome,2750000\n" * 3000
NAME = 'it\'s $(a) "table".csv'


@pytest.fixture
def lines(page: Page, signed_in) -> dict[str, str]:
    """Name -> what the page offers to copy."""
    put(page, NAME, CONTENT)
    show(page, NAME)
    found = {}
    for tab in page.get_by_role("tablist", name="Ways to use this file").get_by_role("tab").all():
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        found[tab.inner_text()] = page.get_by_role("tabpanel").locator("pre").inner_text()
    return found


@pytest.fixture
def environ(page: Page, server, lines, tmp_path) -> dict[str, str]:
    """Of a shell with a token, in which `aishare` and `python` are these."""
    token = page.request.post(f"{server.address}/api/tokens", data={"name": "lines"}).json()["token"]
    for name, line in {"aishare": "-m aishare", "python": ""}.items():
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\nexec {sys.executable} {line} "$@"\n')
        program.chmod(0o755)
    return {**os.environ, "AISHARE_TOKEN": token, "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def test_the_lines_fetch_the_file(lines, environ, tmp_path):
    for name in ("aishare", "curl", "wget", "Python"):
        folder = tmp_path / name
        folder.mkdir()
        code = lines[name]
        shell = ["python", "-c", code] if name == "Python" else ["sh", "-c", code]
        if name in {"curl", "wget"}:
            # the beginning is there already: they go on behind it
            (folder / NAME).write_bytes(CONTENT[:1000])
        done = subprocess.run(shell, cwd=folder, env=environ, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"{name}: {done.stderr}"
        assert [path.name for path in folder.iterdir()] == [NAME]
        assert (folder / NAME).read_bytes() == CONTENT, name
        if name in {"curl", "wget"}:
            assert "SHA-256 OK" in done.stdout


def test_the_lines_for_libraries_are_whole_programs(lines):
    for name, call in {"pandas": "pd.read_csv", "polars": "pl.read_csv", "DuckDB": "read_csv('http"}.items():
        ast.parse(lines[name])
        assert call in lines[name]
        assert "/content" in lines[name]
    assert [name for name in lines if "aishare_" in lines[name]] == []
