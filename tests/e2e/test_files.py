import re
from hashlib import sha256
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.steps import drag, open_menu, row, slow_uploads


def test_a_dropped_file_comes_back_byte_for_byte(page: Page, signed_in):
    content = bytes(range(256)) * 4096
    drag(page, {"täbelle 1 #%.bin": content}, kind="dragenter")
    expect(page.get_by_text("Drop to upload")).to_be_visible()
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
    expect(bar).to_have_attribute("aria-valuenow", re.compile(r"^[1-9]\d(\.\d+)?$"), timeout=10_000)
    expect(page.get_by_text(re.compile(r"of 3\.00 MB · .*B/s · .* left"))).to_be_visible()
    expect(row(page, "slow.bin")).to_be_visible(timeout=15_000)


def test_several_files_and_a_folder_keep_their_tree(page: Page, signed_in, tmp_path):
    tree = tmp_path / "set"
    (tree / "train").mkdir(parents=True)
    (tree / "train" / "a.csv").write_text("1\n")
    (tree / "readme.md").write_text("about\n")
    page.get_by_label("Folder to upload").first.set_input_files(tree)
    expect(row(page, "set/train/a.csv")).to_be_visible()
    expect(row(page, "set/readme.md")).to_be_visible()
    drag(page, {f"part-{number}.bin": bytes(1000 * number) for number in range(1, 8)})
    expect(page.get_by_role("region", name="Transfers")).to_contain_text("9 files uploaded")
    expect(row(page, "part-7.bin")).to_contain_text("7.00 kB")


def test_a_cancelled_upload_leaves_nothing_and_can_be_tried_again(page: Page, signed_in):
    slow_uploads(page, bytes_per_second=500_000)
    drag(page, {"big.bin": bytes(5_000_000)})
    expect(page.get_by_text(re.compile(r"of 5\.00 MB"))).to_be_visible()
    page.get_by_role("button", name="Cancel upload of big.bin").click()
    expect(page.get_by_text("Cancelled")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="No files yet")).to_be_visible()


def test_a_cancelled_upload_succeeds_when_tried_again(page: Page, signed_in):
    slow_uploads(page, bytes_per_second=500_000)
    drag(page, {"again.bin": bytes(3_000_000)})
    page.get_by_role("button", name="Cancel upload of again.bin").click()
    slow_uploads(page, bytes_per_second=-1)
    page.get_by_role("button", name="Try upload of again.bin again").click()
    expect(row(page, "again.bin")).to_contain_text("3.00 MB", timeout=15_000)


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
    expect(page.get_by_text("Your session ended")).to_be_visible()
    page.get_by_role("button", name=signed_in).click()
    page.get_by_role("button", name="Try upload of kept.bin again").click()
    expect(row(page, "kept.bin")).to_be_visible()


def test_a_refused_upload_says_why(page: Page, signed_in, watch):
    watch.expected.append("/api/files/by-path/")
    drag(page, {"x" * 300: b"name too long"})
    panel = page.get_by_role("region", name="Transfers")
    expect(panel).to_contain_text("1 file failed")
    expect(panel.get_by_role("listitem")).to_contain_text(re.compile("long|bytes|characters"))


def test_deleting_asks_first_and_then_deletes(page: Page, signed_in):
    drag(page, {"old.txt": b"old", "keep.txt": b"keep"})
    expect(row(page, "old.txt")).to_be_visible()
    open_menu(page, "old.txt")
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(row(page, "old.txt")).to_be_visible()
    open_menu(page, "old.txt")
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row(page, "old.txt")).to_be_hidden()
    expect(row(page, "keep.txt")).to_be_visible()


def test_search_is_in_the_url_and_survives_a_reload(page: Page, signed_in):
    drag(page, {"alpha.csv": b"1", "beta.csv": b"22"})
    expect(row(page, "beta.csv")).to_be_visible()
    page.get_by_label("Search files").fill("ALPH")
    expect(row(page, "beta.csv")).to_be_hidden()
    expect(row(page, "alpha.csv")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?q=ALPH"))
    page.reload()
    expect(page.get_by_label("Search files")).to_have_value("ALPH")
    expect(row(page, "alpha.csv")).to_be_visible()
    page.get_by_label("Search files").fill("gamma")
    expect(page.get_by_role("heading", name="No file matches “gamma”")).to_be_visible()
    page.get_by_role("button", name="Show all files").click()
    expect(row(page, "beta.csv")).to_be_visible()
    expect(page.get_by_label("Search files")).to_have_value("")


def test_columns_sort(page: Page, signed_in):
    drag(page, {"b.bin": bytes(10), "a.bin": bytes(3000), "c.bin": bytes(200)})
    expect(page.get_by_role("row")).to_have_count(4)
    names = page.get_by_role("link", name=re.compile("^Download "))
    page.get_by_role("button", name="Size").click()
    expect(names.first).to_have_accessible_name("Download a.bin")
    page.get_by_role("button", name="Size").click()
    expect(names.first).to_have_accessible_name("Download b.bin")
    expect(page.get_by_role("columnheader", name="Size")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("button", name="Name").click()
    expect(names.last).to_have_accessible_name("Download c.bin")


def test_more_than_one_page_is_loaded_on_request(page: Page, signed_in):
    for number in range(105):
        path = f"many/{number:03}.txt"
        assert page.request.put(page.url.replace("/files", f"/api/files/by-path/{path}"), data="x").status == 201
    page.reload()
    expect(page.get_by_role("row")).to_have_count(101)
    page.get_by_role("button", name="Load more").click()
    expect(page.get_by_role("row")).to_have_count(106)
    expect(page.get_by_role("button", name="Load more")).to_be_hidden()


def test_the_digest_is_copied_also_on_plain_http_from_another_host(page: Page, server, signed_in, watch):
    drag(page, {"digest.bin": b"digest"})
    expect(row(page, "digest.bin")).to_be_visible()
    watch.origin = watch.origin.replace("127.0.0.1", "box.lan")
    page.goto(server.address.replace("127.0.0.1", "box.lan"))
    page.get_by_role("button", name=signed_in).click()
    assert page.evaluate("navigator.clipboard") is None
    open_menu(page, "digest.bin")
    page.get_by_role("menuitem", name="Copy SHA-256").click()
    expect(page.get_by_text("SHA-256 copied")).to_be_visible()
    page.get_by_label("Search files").focus()
    page.keyboard.press("Control+V")
    expect(page.get_by_label("Search files")).to_have_value(sha256(b"digest").hexdigest())


def test_an_error_of_the_server_names_its_request_and_can_be_retried(page: Page, signed_in, watch):
    watch.expected.append("500")
    problem = {"title": "Internal Server Error", "status": 500, "code": "internal", "detail": "It broke."}
    path = re.compile(r"/api/files\?")
    page.route(path, lambda route: route.fulfill(status=500, json={**problem, "request_id": "r-4711"}))
    page.reload()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("It broke.")
    expect(alert).to_contain_text("r-4711")
    page.unroute(path)
    alert.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="No files yet")).to_be_visible()


def test_a_server_that_is_away_is_named_as_that(page: Page, signed_in, watch):
    watch.expected.append("ERR_CONNECTION_REFUSED")
    page.route(re.compile(r"/api/"), lambda route: route.abort("connectionrefused"))
    drag(page, {"a.bin": b"a"})
    expect(page.get_by_role("region", name="Transfers")).to_contain_text("The server can not be reached.")
