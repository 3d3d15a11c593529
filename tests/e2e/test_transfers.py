"""Uploads, from choosing files to the panel that follows them."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.steps import drag, open_folder, put, row, slow_uploads, transfer, transfers


def test_a_dropped_file_comes_back_byte_for_byte(page: Page, signed_in):
    content = bytes(range(256)) * 4096
    drag(page, {"täbelle 1 #%.bin": content}, kind="dragenter")
    expect(page.get_by_text("Drop to upload", exact=True)).to_be_visible()
    drag(page, {"täbelle 1 #%.bin": content})
    expect(page.get_by_role("region", name="Transfers")).to_contain_text("1 file uploaded")
    with page.expect_download() as started:
        page.get_by_role("link", name="Download täbelle 1 #%.bin").click()
    assert started.value.suggested_filename == "täbelle 1 #%.bin"
    assert Path(started.value.path()).read_bytes() == content


def test_progress_is_shown_while_a_file_is_on_its_way(page: Page, signed_in):
    slow_uploads(page, bytes_per_second=1_000_000)
    drag(page, {"slow.bin": bytes(3_000_000)})
    bar = page.get_by_role("progressbar", name="Upload of slow.bin")
    expect(bar).to_have_attribute("aria-valuenow", re.compile(r"^[1-9]\d(\.\d+)?$"))
    expect(page.get_by_text(re.compile(r"of 3\.00 MB · .*B/s · .* left"))).to_be_visible()
    expect(row(page, "slow.bin")).to_be_visible(timeout=15_000)


def test_several_files_and_a_folder_keep_their_tree(page: Page, signed_in, tmp_path):
    tree = tmp_path / "set"
    (tree / "train").mkdir(parents=True)
    (tree / "train" / "a.csv").write_text("1\n")
    (tree / "readme.md").write_text("about\n")
    page.get_by_label("Folder to upload").first.set_input_files(tree)
    expect(row(page, "set")).to_contain_text("2 files")
    drag(page, {f"part-{number}.bin": bytes(1000 * number) for number in range(1, 8)})
    expect(page.get_by_role("region", name="Transfers")).to_contain_text("9 files uploaded")
    expect(row(page, "part-7.bin")).to_contain_text("7.00 kB")
    open_folder(page, "set")
    expect(row(page, "set/readme.md")).to_be_visible()
    open_folder(page, "set/train")
    expect(row(page, "set/train/a.csv")).to_be_visible()


def test_a_drop_lands_in_the_folder_that_is_open(page: Page, signed_in):
    put(page, "sets/täg 1/first.txt")
    page.reload()
    open_folder(page, "sets")
    open_folder(page, "sets/täg 1")
    drag(page, {"second.txt": b"2"}, kind="dragenter")
    expect(page.get_by_text("into sets/täg 1", exact=True)).to_be_visible()
    drag(page, {"second.txt": b"2"})
    expect(row(page, "sets/täg 1/second.txt")).to_be_visible()
    page.reload()
    expect(row(page, "sets/täg 1/second.txt")).to_be_visible()


def test_transfers_go_on_while_one_walks_through_pages(page: Page, signed_in):
    put(page, "away/note.txt", b"hello")
    page.reload()
    slow_uploads(page, bytes_per_second=1_000_000)
    drag(page, {"long.bin": bytes(4_000_000)})
    open_folder(page, "away")
    page.get_by_role("link", name="note.txt", exact=True).click()
    page.get_by_role("link", name="Open full page").click()
    expect(page.get_by_role("heading", level=1, name="note.txt")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Upload of long.bin")).to_be_visible()
    expect(page.get_by_role("button", name="Transfers, 1 running")).to_be_visible()
    expect(page.get_by_role("region", name="Transfers")).to_contain_text("1 file uploaded")
    expect(page.get_by_role("button", name="Transfers", exact=True)).to_be_visible()


def test_all_are_cancelled_and_what_ended_is_cleared(page: Page, signed_in):
    slow_uploads(page, bytes_per_second=200_000)
    drag(page, {f"part-{number}.bin": bytes(2_000_000) for number in range(5)})
    panel = page.get_by_role("region", name="Transfers")
    panel.get_by_role("button", name="Cancel all").click()
    expect(panel.get_by_text("Cancelled", exact=True)).to_have_count(5)
    panel.get_by_role("button", name="Clear finished").click()
    expect(panel).to_contain_text("Nothing uploaded")
    panel.get_by_role("button", name="Close transfers").click()
    expect(panel).to_be_hidden()
    page.get_by_role("button", name="Transfers", exact=True).click()
    expect(panel).to_be_visible()


def test_what_failed_is_retried_with_one_button(page: Page, signed_in, watch):
    watch.expected.append("/api/files/by-path/")
    page.route("**/api/files/by-path/**", lambda route: route.fulfill(status=507))
    drag(page, {"a.bin": b"a", "b.bin": b"b"})
    panel = page.get_by_role("region", name="Transfers")
    expect(panel).to_contain_text("2 files failed")
    expect(page.get_by_role("button", name="Transfers, 2 failed")).to_be_visible()
    page.unroute("**/api/files/by-path/**")
    panel.get_by_role("button", name="Retry failed").click()
    expect(panel).to_contain_text("2 files uploaded")
    expect(page.get_by_role("status").filter(has_text="2 files uploaded")).to_be_attached()


def test_a_cancelled_upload_leaves_nothing_and_can_be_tried_again(page: Page, signed_in):
    slow_uploads(page, bytes_per_second=500_000)
    drag(page, {"big.bin": bytes(5_000_000)})
    expect(page.get_by_text(re.compile(r"of 5\.00 MB"))).to_be_visible()
    page.get_by_role("button", name="Cancel upload of big.bin").click()
    expect(page.get_by_text("Cancelled", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="No files yet")).to_be_visible()


def test_a_cancelled_upload_succeeds_when_tried_again(page: Page, signed_in):
    slow_uploads(page, bytes_per_second=500_000)
    drag(page, {"again.bin": bytes(3_000_000)})
    page.get_by_role("button", name="Cancel upload of again.bin").click()
    slow_uploads(page, bytes_per_second=-1)
    page.get_by_role("button", name="Try upload of again.bin again").click()
    expect(row(page, "again.bin")).to_contain_text("3.00 MB")


def test_leaving_with_running_uploads_asks_first(page: Page, signed_in):
    slow_uploads(page, bytes_per_second=200_000)
    drag(page, {"big.bin": bytes(5_000_000)})
    expect(page.get_by_text(re.compile(r"of 5\.00 MB"))).to_be_visible()
    # browsers ask only on pages that somebody has touched
    page.get_by_role("heading", name="Files", exact=True).click()
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.close(run_before_unload=True)
    page.wait_for_event("close")
    assert asked == ["beforeunload"]


def test_uploads_survive_the_end_of_the_session(page: Page, signed_in, watch):
    watch.expected.append("401")
    page.context.clear_cookies()
    drag(page, {"kept.bin": b"kept"})
    expect(page.get_by_text("Your session has ended", exact=True)).to_be_visible()
    page.get_by_role("button", name=signed_in).click()
    expect(row(page, "kept.bin")).to_be_visible()
    expect(transfers(page)).to_contain_text("1 file uploaded")


def test_a_refused_upload_says_why(page: Page, signed_in, watch):
    watch.expected.append("/api/files/by-path/")
    drag(page, {"x" * 300: b"name too long"})
    panel = page.get_by_role("region", name="Transfers")
    expect(panel).to_contain_text("1 file failed")
    expect(panel.get_by_role("listitem")).to_contain_text(re.compile("long|bytes|characters"))


def test_a_server_that_is_away_is_named_as_that(page: Page, signed_in, watch):
    watch.expected.append("ERR_CONNECTION_REFUSED")
    page.route(re.compile(r"/api/"), lambda route: route.abort("connectionrefused"))
    drag(page, {"a.bin": b"a"})
    expect(transfer(page, "a.bin")).to_contain_text("Waiting for the server …")
    page.unroute(re.compile(r"/api/"))
    page.get_by_role("button", name="Try upload of a.bin now").click()
    expect(transfers(page)).to_contain_text("1 file uploaded")
