"""Uploads when something goes wrong: on this computer, on the way, in the server."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.e2e.steps import drag, drop_paths, put, slow_uploads, transfer, transfers
from tests.support.server import serving

NOBODY = 65534


def files(page: Page) -> dict[str, int]:
    host = page.url.split("/")[2]
    found = page.request.get(f"http://{host}/api/files").json()["items"]
    return {file["path"]: file["size"] for file in found}


def folders(page: Page, parent: str) -> list[str]:
    host = page.url.split("/")[2]
    return [item["path"] for item in page.request.get(f"http://{host}/api/folders?parent={parent}").json()["items"]]


def test_empty_folders_of_a_dropped_folder_are_created_and_counted(page: Page, signed_in, tmp_path):
    for folder in ("set/a/b", "set/c", "hollow/x"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "set" / "one.txt").write_text("1")
    drop_paths(page, [tmp_path / "set", tmp_path / "hollow"])
    expect(transfers(page)).to_contain_text("1 file uploaded, 3 folders created")
    expect(transfer(page, "set/a/b")).to_contain_text("Empty folder")
    assert (folders(page, "set"), folders(page, "set/a")) == (["set/a", "set/c"], ["set/a/b"])
    assert folders(page, "hollow") == ["hollow/x"]
    drop_paths(page, [tmp_path / "hollow"])  # what is there already is no failure
    expect(transfers(page)).to_contain_text("1 file uploaded, 4 folders created")


def test_an_empty_folder_in_whose_place_a_file_is_says_so(page: Page, signed_in, tmp_path):
    put(page, "notes")
    (tmp_path / "notes").mkdir()
    drop_paths(page, [tmp_path / "notes"])
    expect(transfer(page, "notes")).to_contain_text("A file with this name already exists")


@pytest.fixture
def unprivileged(playwright: Playwright, browser_type_launch_args, server, newcomer, tmp_path) -> Iterator[Page]:
    """A browser that may not read everything, which root may."""
    profile = tmp_path / "profile"
    profile.mkdir()
    options = dict(browser_type_launch_args)
    if os.geteuid() == 0:
        os.chown(profile, NOBODY, NOBODY)
        for folder in (tmp_path, *tmp_path.parents):
            if folder.stat().st_mode & 0o001 == 0:
                folder.chmod(folder.stat().st_mode | 0o011)
        program = tmp_path / "browser"
        drop_rights = f"exec setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups"
        original = options.get("executable_path") or playwright.chromium.executable_path
        homes = f"HOME='{profile}' XDG_CONFIG_HOME='{profile}' XDG_CACHE_HOME='{profile}'"
        program.write_text(f"#!/bin/sh\nexport {homes}\n{drop_rights} '{original}' \"$@\"\n")
        program.chmod(0o755)
        options["executable_path"] = str(program)
    context = playwright.chromium.launch_persistent_context(str(profile), **options)
    answer = context.request.post(f"{server.address}/api/auth/demo-login", data={"username": newcomer})
    assert answer.ok, answer.text()
    page = context.new_page()
    page.goto(server.address)
    page.get_by_role("heading", name="Files", exact=True).wait_for()
    yield page
    context.close()


def test_what_may_not_be_read_is_named_and_the_rest_is_uploaded(unprivileged: Page, tmp_path):
    tree = tmp_path / "set"
    (tree / "locked").mkdir(parents=True)
    (tree / "open").mkdir()
    for name in ("a.txt", "secret.txt", "locked/inside.txt", "open/b.txt"):
        (tree / name).write_text("text")
    (tree / "secret.txt").chmod(0)
    (tree / "locked").chmod(0)
    drop_paths(unprivileged, [tree])
    expect(transfers(unprivileged)).to_contain_text("2 files uploaded, 2 failed")
    expect(transfer(unprivileged, "set/secret.txt")).to_contain_text("You do not have permission to read this file.")
    expect(transfer(unprivileged, "set/locked")).to_contain_text("You do not have permission to read this folder.")
    expect(transfers(unprivileged).get_by_role("button", name="Retry failed")).to_have_count(1)
    assert files(unprivileged) == {"set/a.txt": 4, "set/open/b.txt": 4}
    (tree / "locked").chmod(0o755)


_WAIT_BEFORE_READING = """() => {
    window.listed = new Promise((resolve) => { window.goOn = resolve; });
    const { webkitGetAsEntry } = DataTransferItem.prototype;
    DataTransferItem.prototype.webkitGetAsEntry = function () {
        const entry = webkitGetAsEntry.call(this);
        const reader = Object.getPrototypeOf(entry.createReader());
        const { readEntries } = reader;
        reader.readEntries = function (found, failed) {
            readEntries.call(this, (some) => { window.read = true; window.listed.then(() => found(some)); }, failed);
        };
        return entry;
    };
}"""


def test_what_vanishes_while_a_folder_is_read_is_named_and_the_rest_is_uploaded(page: Page, signed_in, tmp_path):
    tree = tmp_path / "set"
    (tree / "sub").mkdir(parents=True)
    for name in ("a.txt", "gone.txt", "sub/b.txt"):
        (tree / name).write_text("text")
    page.evaluate(_WAIT_BEFORE_READING)
    drop_paths(page, [tree])
    page.wait_for_function("window.read")
    (tree / "gone.txt").unlink()
    shutil.rmtree(tree / "sub")
    page.evaluate("window.goOn()")
    expect(transfers(page)).to_contain_text("1 file uploaded, 2 failed")
    expect(transfer(page, "set/gone.txt")).to_contain_text("It is no longer there.")
    expect(transfer(page, "set/sub")).to_contain_text("It is no longer there.")
    assert files(page) == {"set/a.txt": 4}


CHANGED = "The file was changed on this computer since you chose it"
Choose = Callable[[Page, list[Path]], None]


def _by_input(page: Page, paths: list[Path]) -> None:
    page.get_by_label("Files to upload").first.set_input_files(paths)


@pytest.mark.parametrize("choose", [_by_input, drop_paths])
def test_a_file_that_changes_or_vanishes_before_its_turn_is_called_so(
    page: Page, signed_in, watch, tmp_path, choose: Choose
):
    watch.expected.append("ERR_")
    sent = []
    page.on("request", lambda request: sent.append(request.url.rpartition("/")[2]) if request.method == "PUT" else None)
    put(page, "replaced.txt", b"old")
    slow_uploads(page, bytes_per_second=100_000)
    drag(page, {f"large-{number}.bin": bytes(3_000_000) for number in range(3)})
    expect(page.get_by_role("progressbar", name="Upload of large-2.bin")).to_be_visible()
    names = (
        "changed.txt",
        "longer.txt",
        "shorter.txt",
        "emptied.txt",
        "filled.txt",
        "gone.txt",
        "replaced.txt",
        "kept.txt",
    )
    paths = [tmp_path / name for name in names]
    for path in paths:
        path.write_text("" if path.name == "filled.txt" else "as it was")
    choose(page, paths)
    page.get_by_role("dialog").get_by_role("button", name="Replace").click()
    expect(transfer(page, "kept.txt")).to_contain_text("Waiting, 9 B")
    for name, text in {
        "changed.txt": "as it is.",
        "longer.txt": "as it was, and more",
        "shorter.txt": "as",
        "emptied.txt": "",
        "filled.txt": "x",
        "replaced.txt": "otherwise",
    }.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "gone.txt").unlink()
    for number in range(3):
        page.get_by_role("button", name=f"Cancel upload of large-{number}.bin").click()
    expect(transfer(page, "kept.txt").get_by_text("9 B", exact=True)).to_be_visible()
    for name in ("changed.txt", "longer.txt", "shorter.txt", "emptied.txt", "replaced.txt"):
        expect(transfer(page, name)).to_contain_text(CHANGED)
    expect(transfer(page, "gone.txt")).to_contain_text("The file is no longer there.")
    expect(page.get_by_role("button", name=re.compile("Try upload of (changed|gone)"))).to_have_count(0)
    stored = files(page)
    assert stored.pop("filled.txt", 0) == 0  # as it was chosen, or not at all
    assert stored == {"kept.txt": 9, "replaced.txt": 3}
    assert max(sent.count(name) for name in names) == 1


def test_a_file_that_changes_while_it_is_sent_is_not_stored_half_changed(page: Page, signed_in, watch, tmp_path):
    watch.expected.append("ERR_")
    put(page, "replaced.bin", b"old")
    for name in ("new.bin", "replaced.bin", "vanishes.bin"):
        (tmp_path / name).write_bytes(b"a" * 2_000_000)
    slow_uploads(page, bytes_per_second=300_000)
    drop_paths(page, [tmp_path / name for name in ("new.bin", "replaced.bin", "vanishes.bin")])
    page.get_by_role("dialog").get_by_role("button", name="Replace").click()
    for name in ("new.bin", "replaced.bin", "vanishes.bin"):
        bar = page.get_by_role("progressbar", name=f"Upload of {name}")
        expect(bar).to_have_attribute("aria-valuenow", re.compile(r"^[1-9]"))
    for name in ("new.bin", "replaced.bin"):
        with (tmp_path / name).open("r+b") as file:
            file.write(b"z" * 2_000_000)
    (tmp_path / "vanishes.bin").unlink()
    for name in ("new.bin", "replaced.bin"):
        expect(transfer(page, name)).to_contain_text(CHANGED, timeout=60_000)
    expect(transfer(page, "vanishes.bin")).to_contain_text("The file is no longer there.")
    assert files(page) == {"replaced.bin": 3}


def test_uploads_go_on_by_themselves_when_the_server_is_back(browser: Browser, tmp_path_factory):
    """Killed while they run, and started again on the same port."""
    data_dir = tmp_path_factory.mktemp("killed")
    contents = {f"small-{number}.bin": bytes([number]) * (1000 + number) for number in range(6)}
    contents["large.bin"] = os.urandom(3_000_000)
    with ExitStack() as stack, browser.new_context() as context:
        first = stack.enter_context(serving(data_dir))
        page = context.new_page()
        assert page.request.post(f"{first.address}/api/auth/demo-login", data={"username": "ada"}).ok
        page.goto(first.address)
        page.get_by_role("heading", name="Files", exact=True).wait_for()
        before = files(page)
        slow_uploads(page, bytes_per_second=300_000)
        drag(page, {"large.bin": contents["large.bin"], **contents})
        bar = page.get_by_role("progressbar", name="Upload of large.bin")
        expect(bar).to_have_attribute("aria-valuenow", re.compile(r"^[1-9]"))
        first.kill()
        expect(transfer(page, "large.bin")).to_contain_text("Waiting for the server …")
        expect(transfers(page).get_by_role("paragraph").filter(has_text="Waiting for the server …")).to_be_visible()
        slow_uploads(page, bytes_per_second=-1)
        second = stack.enter_context(serving(data_dir, port=urlsplit(first.address).port or 0))
        assert second.address == first.address
        expect(transfers(page)).to_contain_text("7 files uploaded", timeout=60_000)
        assert files(page) == before | {name: len(content) for name, content in contents.items()}
        for name, content in contents.items():
            assert page.request.get(f"{first.address}/api/files/by-path/{name}").body() == content


def test_an_upload_whose_answer_is_lost_is_stored_once_and_asks_nothing(page: Page, signed_in, watch):
    watch.expected += ["ERR_FAILED", "412"]

    sent = []

    def lose(route):
        sent.append(route.fetch().status)
        route.abort()

    page.route("**/api/files/by-path/**", lose, times=1)
    drag(page, {"once.bin": b"bytes"})
    expect(transfers(page)).to_contain_text("1 file uploaded")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert files(page) == {"once.bin": 5}
    assert sent[0] == 201


def test_a_busy_server_is_asked_again_when_it_said_so_and_a_full_one_is_not(page: Page, signed_in, watch):
    watch.expected.append("/api/files/by-path/")
    answers = {"busy.bin": iter([429, 503]), "full.bin": iter([507, 507])}
    sent = []

    def refuse(route):
        name = route.request.url.rpartition("/")[2]
        sent.append(name)
        status = next(answers[name], None)
        if status is None:
            route.continue_()
        else:
            route.fulfill(status=status, headers={"Retry-After": "1"})

    page.route("**/api/files/by-path/**", refuse)
    drag(page, {"busy.bin": b"busy", "full.bin": b"full"})
    expect(transfers(page)).to_contain_text("1 file uploaded, 1 failed")
    assert (sent.count("busy.bin"), sent.count("full.bin")) == (3, 1)
    expect(page.get_by_role("button", name="Try upload of full.bin again")).to_be_visible()


def test_what_waits_for_the_server_can_be_cancelled(page: Page, signed_in, watch):
    watch.expected.append("ERR_CONNECTION_REFUSED")
    page.route(re.compile(r"/api/"), lambda route: route.abort("connectionrefused"))
    drag(page, {"a.bin": b"a", "b.bin": b"b"})
    expect(transfer(page, "a.bin")).to_contain_text("Waiting for the server …")
    page.get_by_role("button", name="Cancel upload of a.bin").click()
    expect(transfer(page, "a.bin")).to_contain_text("Cancelled")
    page.unroute(re.compile(r"/api/"))
    expect(transfers(page)).to_contain_text("1 file uploaded")
    assert files(page) == {"b.bin": 1}


_HEADER_AND_ROW = """() => {
    const panel = document.querySelector("section[aria-label=Transfers]");
    const value = (name) => Number(panel.querySelector(`[role=progressbar][aria-label="${name}"]`)?.ariaValueNow);
    return [panel.querySelector("header").innerText, value("All uploads"), value("Upload of large.bin")];
}"""


def test_header_and_row_agree_and_leave_out_what_was_uploaded_before(page: Page, signed_in):
    drag(page, {f"small-{number}.bin": bytes(1_000_000) for number in range(4)})
    expect(transfers(page)).to_contain_text("4 files uploaded")
    slow_uploads(page, bytes_per_second=300_000)
    drag(page, {"large.bin": bytes(3_000_000)})
    bar = page.get_by_role("progressbar", name="Upload of large.bin")
    expect(bar).to_have_attribute("aria-valuenow", re.compile(r"^[1-9]"))
    header, all_uploads, this_one = page.evaluate(_HEADER_AND_ROW)
    assert header.startswith(f"Uploading 1 file, {int(this_one)} %")
    assert all_uploads == int(this_one) < 75  # with the four before it would begin at 57
    drag(page, {"tiny.bin": b"t"})
    expect(transfers(page)).to_contain_text(re.compile(r"Uploading 2 of 2 files, \d+ %"))
    slow_uploads(page, bytes_per_second=-1)
    expect(transfers(page)).to_contain_text("6 files uploaded")
