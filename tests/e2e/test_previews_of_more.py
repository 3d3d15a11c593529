"""Notebooks, archives, JSON Lines and documents as pages show them, and what a folder says of itself."""

import io
import json
import re
import tarfile
import zipfile
from base64 import b64encode

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import assert_accessible, overflow, put
from tests.e2e.test_previews import is_drawn, listed, show
from tests.support.lookable import picture
from tests.support.server import Server

README = (
    b"# The set\n\n![Sunrise](images/sun%20rise.png) ![Above](../../above.png) ![Far](https://example.org/far.png)\n"
)
PAGE = (
    b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page"
)
PDF = b"%PDF-1.4\n" + PAGE + b"/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def notebook() -> bytes:
    outputs = [
        {"output_type": "stream", "text": "loss 0.25\n"},
        {"output_type": "display_data", "data": {"image/png": b64encode(picture(size=(60, 40))).decode()}},
        {"output_type": "display_data", "data": {"text/html": "<img src=x onerror='window.ran = true'>"}},
        {"output_type": "display_data", "data": {"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'/>"}},
    ]
    cells = [
        {"cell_type": "markdown", "source": "# Training\n\n<script>window.ran = true</script>"},
        {"cell_type": "code", "source": "train()", "execution_count": 3, "outputs": outputs},
    ]
    return json.dumps({"cells": cells, "metadata": {"language_info": {"name": "python"}}}).encode()


@pytest.mark.usefixtures("signed_in")
def test_a_notebook_is_drawn_and_never_run(page: Page):
    put(page, "train.ipynb", notebook())
    show(page, "train.ipynb")
    shown = page.get_by_role("region", name="Notebook train.ipynb")
    expect(shown.get_by_role("heading", name="Training")).to_be_visible()
    expect(shown.get_by_text("[3]")).to_be_visible()
    expect(shown.get_by_text("loss 0.25")).to_be_visible()
    expect(shown.get_by_text("HTML output is not shown here.")).to_be_visible()
    images = shown.get_by_role("img")
    expect(images).to_have_count(2)
    assert is_drawn(images.first)
    assert page.evaluate("window.ran") is None
    assert_accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) <= 0


@pytest.mark.usefixtures("signed_in")
def test_archives_show_their_names(page: Page):
    packed, tarball = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("data/<b>one</b>.csv", b"x" * 2000)
        archive.writestr("../up.txt", b"")
    with tarfile.open(fileobj=tarball, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("inside.txt"))
    put(page, "set.zip", packed.getvalue())
    put(page, "set.tar.gz", tarball.getvalue())
    show(page, "set.zip")
    contents = page.get_by_role("region", name="Contents of set.zip")
    expect(contents.get_by_role("cell", name="data/<b>one</b>.csv", exact=True)).to_be_visible()
    expect(contents.get_by_role("cell", name="2.00 kB", exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile("Entries 1.2 of 2 · 2.00 kB unpacked"))).to_be_visible()
    assert_accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) <= 0
    show(page, "set.tar.gz")
    expect(page.get_by_role("cell", name="inside.txt", exact=True)).to_be_visible()


@pytest.mark.usefixtures("signed_in")
def test_json_lines_are_a_table(page: Page):
    put(page, "rows.jsonl", b'{"id": 1, "text": "a"}\n{"id": 2, "tags": ["x"]}\n')
    show(page, "rows.jsonl")
    table = page.get_by_role("region", name="Rows of rows.jsonl")
    expect(table.get_by_role("columnheader")).to_have_text(["#", "idinteger", "texttext", "tagslist"])
    expect(table.get_by_role("cell", name='["x"]')).to_be_visible()


@pytest.mark.usefixtures("signed_in")
def test_a_document_opens_in_the_page(page: Page):
    put(page, "paper.pdf", PDF)
    show(page, "paper.pdf")
    expect(page.get_by_role("link", name="Open in a new tab")).to_be_visible()
    if page.evaluate("navigator.pdfViewerEnabled"):
        frame = page.locator("iframe[title='paper.pdf']")
        expect(frame).to_be_visible()
        assert frame.get_attribute("src").startswith("blob:")
    assert_accessible(page)


@pytest.mark.usefixtures("signed_in")
def test_a_folder_shows_what_it_says_of_itself_with_its_pictures(page: Page, server: Server):
    put(page, "the set/README.md", README)
    put(page, "the set/images/sun rise.png", picture())
    put(page, "above.png", picture())
    page.goto(f"{server.address}/files/the%20set")
    readme = page.get_by_role("region", name="README.md", exact=True)
    sunrise = readme.get_by_role("img", name="Sunrise")
    expect(sunrise).to_be_visible()
    sunrise.scroll_into_view_if_needed()
    page.wait_for_function("() => [...document.images].every((image) => image.complete)")
    assert is_drawn(sunrise)
    assert "/by-path/the%20set/images/sun%20rise.png" in sunrise.get_attribute("src")
    expect(readme.get_by_text("Above")).to_be_visible()
    expect(readme.get_by_role("link", name="Far")).to_be_visible()
    expect(readme.get_by_role("img")).to_have_count(1)
    assert_accessible(page)
    show(page, "the set/README.md")
    expect(page.get_by_role("img", name="Sunrise")).to_be_visible()
    answer = page.request.post(f"{server.address}/api/links", data={"folder": "the set", "kind": "folder"}).json()
    page.goto(f"{server.address}/s/{answer['token']}")
    shared = page.get_by_role("region", name="README.md", exact=True).get_by_role("img", name="Sunrise")
    expect(shared).to_be_visible()
    assert is_drawn(shared)
    assert page.request.get(f"{server.address}/api/links/{answer['id']}/uses").json()["items"] == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) <= 0


MUXED = """async () => {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/mp4" });
    const pieces = [];
    recorder.ondataavailable = (event) => pieces.push(event.data);
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    for (let frame = 0; frame < 25; frame += 1) {
        context.fillRect(frame * 9, 0, 9, 150);
        await new Promise(requestAnimationFrame);
    }
    recorder.stop();
    await stopped;
    return Array.from(new Uint8Array(await new Blob(pieces).arrayBuffer()));
}"""


@pytest.mark.usefixtures("signed_in")
def test_a_quicktime_film_plays(page: Page):
    assert page.evaluate("MediaRecorder.isTypeSupported('video/mp4')"), "needs a Chromium that writes MP4"
    film = bytearray(page.evaluate(MUXED))
    film[8:12] = b"qt  "
    put(page, "film.mov", bytes(film))
    assert listed(page, "film.mov")["media_type"] == "video/quicktime"
    show(page, "film.mov")
    page.wait_for_function("() => document.querySelector('video').readyState >= HTMLMediaElement.HAVE_METADATA")
    assert page.evaluate("() => document.querySelector('video').videoWidth") > 0
