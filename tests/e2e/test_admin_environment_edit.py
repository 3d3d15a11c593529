"""Editing variables on their page: review, apply, keep or undo, compare and roll back."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import assert_accessible, overflow
from tests.support.server import Server, serving

CANARY = "canary-secret-of-the-editor"
ENV = f"""\
# kept as it is
SESSION_IDLE_HOURS=36
AWS_ACCESS_KEY_ID=AKIAEXAMPLE7Q
AWS_SECRET_ACCESS_KEY={CANARY}
"""


@pytest.fixture(scope="module")
def own(server, tmp_path_factory) -> Iterator[Server]:
    """A service of this module alone, for its files are edited."""
    folder = tmp_path_factory.mktemp("edited")
    (folder / ".env").write_text(ENV)
    with serving(folder) as running:
        yield running


@pytest.fixture
def editor(page: Page, own: Server, watch) -> Iterator[Page]:
    watch.origin = urlsplit(own.address).netloc
    assert page.request.post(f"{own.address}/api/auth/demo-login", data={"username": "admin"}).ok
    page.set_default_timeout(8000)
    _start_again(page, own)
    page.goto(f"{own.address}/admin/env")
    expect(page.get_by_role("heading", name="Security")).to_be_visible()
    yield page
    assert CANARY not in page.content()


def _start_again(page: Page, own: Server) -> None:
    address = f"{own.address}/api/environment-variables"
    for change in page.request.get(f"{address}/changes").json()["items"]:
        if change["state"] == "waiting":
            page.request.post(f"{address}/changes/{change['id']}/revert")
    (own.data_dir / ".env").write_text(ENV)
    assert page.request.post(f"{address}/reload").json()["errors"] == []


def _variable(page: Page, name: str):
    return page.get_by_role("listitem").filter(has=page.get_by_role("button", name=f"Copy {name}", exact=True))


def _edit(page: Page, name: str, value: str) -> None:
    page.get_by_role("button", name=f"Edit {name}", exact=True).click()
    page.get_by_label(f"New value of {name}", exact=True).fill(value)


def _review(page: Page):
    page.get_by_role("region", name="Pending changes").get_by_role("button", name="Review").click()
    return page.get_by_role("dialog", name="Review changes to .env")


def _apply(page: Page) -> None:
    dialog = _review(page)
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog).to_have_count(0)


def test_a_value_is_edited_reviewed_and_applied(editor: Page, own: Server):
    _edit(editor, "SESSION_IDLE_HOURS", "48")
    dialog = _review(editor)
    expect(dialog.get_by_role("list", name="Differences")).to_contain_text("SESSION_IDLE_HOURS")
    expect(dialog).to_contain_text("36")
    expect(dialog).to_contain_text("48")
    assert (own.data_dir / ".env").read_text() == ENV
    dialog.get_by_role("button", name="Apply").click()
    expect(editor.get_by_text("1 variable changed", exact=True)).to_be_visible()
    expect(editor.get_by_role("list", name="Processes")).to_contain_text("Applied")
    expect(_variable(editor, "SESSION_IDLE_HOURS")).to_contain_text("48")
    expect(editor.get_by_role("region", name="Pending changes")).to_have_count(0)
    assert (own.data_dir / ".env").read_text() == ENV.replace("=36", "=48")


def test_a_line_is_removed(editor: Page, own: Server):
    editor.get_by_role("button", name="Edit SESSION_IDLE_HOURS").click()
    editor.get_by_role("button", name="Remove SESSION_IDLE_HOURS").click()
    expect(_variable(editor, "SESSION_IDLE_HOURS")).to_contain_text("To be removed from .env")
    _apply(editor)
    expect(_variable(editor, "SESSION_IDLE_HOURS")).to_contain_text("Default")
    assert "SESSION_IDLE_HOURS" not in (own.data_dir / ".env").read_text()


def test_a_wrong_value_shows_its_problem_beside_the_field(editor: Page, own: Server):
    _edit(editor, "SESSION_IDLE_HOURS", "much")
    dialog = _review(editor)
    expect(dialog.get_by_role("alert")).to_contain_text("Cannot be applied: 1 problem")
    expect(dialog.get_by_role("button", name="Apply")).to_be_disabled()
    dialog.get_by_role("button", name="Back to the fields").click()
    field = editor.get_by_label("New value of SESSION_IDLE_HOURS")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(_variable(editor, "SESSION_IDLE_HOURS")).to_contain_text("must be a whole number")
    assert (own.data_dir / ".env").read_text() == ENV
    editor.get_by_role("button", name="Discard all").click()
    expect(field).to_have_count(0)


def test_a_secret_is_replaced_and_never_shown(editor: Page, own: Server):
    fresh = "canary-of-the-new-secret"
    editor.get_by_role("button", name="Edit AWS_SECRET_ACCESS_KEY").click()
    field = editor.get_by_label("New value of AWS_SECRET_ACCESS_KEY", exact=True)
    expect(field).to_have_value("")
    expect(field).to_have_attribute("type", "password")
    expect(editor.get_by_role("region", name="Pending changes")).to_have_count(0)
    field.fill(fresh)
    dialog = _review(editor)
    expect(dialog.get_by_role("list", name="Differences")).to_contain_text("AWS_SECRET_ACCESS_KEY")
    expect(dialog).to_contain_text("Secret")
    assert fresh not in dialog.inner_html()
    dialog.get_by_role("button", name="Apply").click()
    editor.get_by_role("button", name="Keep", exact=True).click()
    expect(editor.get_by_role("region", name="Change waiting for confirmation")).to_have_count(0)
    assert f"AWS_SECRET_ACCESS_KEY={fresh}\n" in (own.data_dir / ".env").read_text()
    editor.goto(f"{own.address}/admin/env/history")
    editor.get_by_role("button", name="Compare").first.click()
    expect(editor.get_by_role("region", name="Comparison")).to_contain_text("AWS_SECRET_ACCESS_KEY=")
    assert fresh not in editor.content()


def test_leaving_with_edits_is_asked_about_and_nothing_is_lost_by_staying(editor: Page, own: Server):
    pending = editor.get_by_role("region", name="Pending changes")
    editor.goto(f"{own.address}/admin")
    editor.get_by_role("navigation", name="Main").get_by_role("link", name="Environment").click()
    _edit(editor, "SESSION_IDLE_HOURS", "40")
    editor.get_by_label("Filter variables").fill("SESSION")  # the address changes, the page stays
    expect(pending).to_be_visible()
    editor.get_by_role("link", name="Users", exact=True).click()
    dialog = editor.get_by_role("dialog", name="Leave without applying?")
    expect(dialog).to_contain_text("1 change would be lost")
    assert_accessible(editor)
    dialog.get_by_role("button", name="Stay").click()
    expect(dialog).to_be_hidden()
    expect(pending).to_contain_text("1 change")
    editor.evaluate("history.back()")
    expect(dialog).to_be_visible()
    editor.keyboard.press("Escape")
    expect(pending).to_contain_text("1 change")
    asked = []
    editor.on("dialog", lambda shown: (asked.append(shown.type), shown.dismiss()))
    with editor.expect_event("dialog"):
        editor.evaluate("setTimeout(() => location.reload())")
    assert asked == ["beforeunload"]
    expect(pending).to_contain_text("1 change")
    editor.get_by_role("link", name="Users", exact=True).click()
    dialog.get_by_role("button", name="Leave").click()
    expect(editor.get_by_role("heading", name="Users", exact=True)).to_be_visible()
    assert "40" not in (own.data_dir / ".env").read_text()


def test_leaving_without_edits_is_not_asked_about(editor: Page):
    _edit(editor, "SESSION_IDLE_HOURS", "40")
    editor.get_by_role("button", name="Discard all").click()
    editor.get_by_role("link", name="Users", exact=True).click()
    expect(editor.get_by_role("heading", name="Users", exact=True)).to_be_visible()


def test_what_the_process_sets_is_locked(editor: Page):
    row = _variable(editor, "LOG_FORMAT")
    expect(row).to_contain_text("Locked: it is set by the process environment")
    expect(editor.get_by_role("button", name="Edit LOG_FORMAT")).to_have_count(0)


def test_a_file_that_somebody_else_changed_is_loaded_and_the_edits_stay(editor: Page, own: Server, watch):
    watch.expected.append("409")
    _edit(editor, "SESSION_IDLE_HOURS", "48")
    (own.data_dir / ".env").write_text(ENV + "# of another hand\n")
    dialog = _review(editor)
    expect(dialog.get_by_role("alert")).to_contain_text(".env has changed since it was loaded")
    dialog.get_by_role("button", name="Load the current values").click()
    expect(dialog.get_by_role("list", name="Differences")).to_contain_text("48")
    dialog.get_by_role("button", name="Apply").click()
    expect(editor.get_by_text("1 variable changed", exact=True)).to_be_visible()
    assert (own.data_dir / ".env").read_text() == ENV.replace("=36", "=48") + "# of another hand\n"


def test_a_change_on_disk_is_noted_and_applied(editor: Page, own: Server):
    (own.data_dir / ".env").write_text(ENV.replace("=36", "=24"))
    editor.reload()
    expect(editor.get_by_text("A file was changed on disk", exact=True)).to_be_visible()
    editor.get_by_role("button", name="Apply changes").click()
    expect(_variable(editor, "SESSION_IDLE_HOURS")).to_contain_text("24")
    expect(editor.get_by_text("A file was changed on disk", exact=True)).to_have_count(0)


def test_another_storage_is_tested_waits_and_is_undone(editor: Page, own: Server):
    _edit(editor, "AWS_DEFAULT_REGION", "eu-central-1")
    dialog = _review(editor)
    expect(dialog.get_by_role("list", name="Steps of the test")).to_contain_text("Read a part")
    dialog.get_by_role("button", name="Apply").click()
    waiting = editor.get_by_role("region", name="Change waiting for confirmation")
    expect(waiting.get_by_role("timer")).to_contain_text("unless you keep it")
    assert "AWS_DEFAULT_REGION=eu-central-1" in (own.data_dir / ".env").read_text()
    editor.reload()
    waiting.get_by_role("button", name="Undo now").click()
    expect(waiting).to_have_count(0)
    expect(_variable(editor, "AWS_DEFAULT_REGION")).to_contain_text("Not set")
    assert (own.data_dir / ".env").read_text() == ENV


def _waits(page: Page, own: Server, *, seconds: int) -> str:
    """Another one has changed a variable, and has not kept it yet; the id of the change."""
    address = f"{own.address}/api/environment-variables"
    version = page.request.get(address).json()["version"]
    body = {"changes": {"SESSION_IDLE_HOURS": "48"}, "version": version, "confirm_seconds": seconds}
    return page.request.patch(address, data=body).json()["change"]["id"]


@pytest.fixture
def tabs(editor: Page, own: Server) -> Iterator[list[Page]]:
    """The page in two tabs, each of which knows the newest change."""
    other = editor.context.new_page()
    for path in ["/admin/env", "/admin/env/history"]:
        with other.expect_response("**/changes?limit=1"):
            other.goto(f"{own.address}{path}")
    yield [editor, other]
    other.close()


def _news(page: Page):
    return page.get_by_role("status").filter(has_text="SESSION_IDLE_HOURS")


def test_what_is_kept_is_called_kept_everywhere(tabs: list[Page], editor: Page, own: Server):
    _waits(editor, own, seconds=600)
    for tab in tabs:
        expect(tab.get_by_role("timer")).to_contain_text("unless you keep it")
    editor.get_by_role("button", name="Keep", exact=True).click()
    for tab in tabs:
        expect(_news(tab)).to_contain_text("Change kept by admin")
        expect(tab.get_by_role("timer")).to_have_count(0)
        tab.reload()
        expect(_news(tab)).to_contain_text("Change kept by admin")
        expect(tab.get_by_text("unless you keep it", exact=False)).to_have_count(0)


def test_keeping_what_was_applied_here_leaves_no_warning(editor: Page, own: Server):
    """As the first to do it: the notice of the apply itself turns."""
    _edit(editor, "AWS_DEFAULT_REGION", "eu-central-1")
    _apply(editor)
    warning = editor.get_by_text("is undone automatically unless you keep it", exact=False)
    expect(warning).to_be_visible()
    editor.get_by_role("button", name="Keep", exact=True).click()
    expect(editor.get_by_role("status").filter(has_text="Change kept by admin")).to_contain_text("AWS_DEFAULT_REGION")
    expect(warning).to_have_count(0)
    assert "AWS_DEFAULT_REGION=eu-central-1" in (own.data_dir / ".env").read_text()


def test_when_the_time_runs_out_every_tab_says_so_by_itself(tabs: list[Page], editor: Page, own: Server):
    _waits(editor, own, seconds=4)
    expect(_variable(editor, "SESSION_IDLE_HOURS")).to_contain_text("48")
    for tab in tabs:
        expect(_news(tab)).to_contain_text("Undone automatically: not confirmed in time")
        expect(_news(tab)).to_contain_text("The old values are in use again.")
    expect(_variable(editor, "SESSION_IDLE_HOURS")).to_contain_text("36")
    newest = tabs[1].get_by_role("list", name="Changes").get_by_role("listitem").first
    expect(newest).to_contain_text("Undone automatically: not confirmed in time")
    expect(newest).to_contain_text("Changed by admin")
    assert (own.data_dir / ".env").read_text() == ENV


def test_a_server_that_was_away_meanwhile_does_not_hide_it(editor: Page, own: Server, watch):
    watch.expected.append("ERR_CONNECTION_REFUSED")
    change = _waits(editor, own, seconds=600)
    expect(editor.get_by_role("timer")).to_be_visible()
    editor.route("**/api/**", lambda route: route.abort("connectionrefused"))
    editor.context.request.post(f"{own.address}/api/environment-variables/changes/{change}/revert")
    with editor.expect_event("requestfailed"):
        pass
    editor.unroute("**/api/**")
    expect(_news(editor)).to_contain_text("Change undone by admin")
    expect(_variable(editor, "SESSION_IDLE_HOURS")).to_contain_text("36")


def test_a_backup_is_compared_and_brought_back(editor: Page, own: Server):
    _edit(editor, "SESSION_IDLE_HOURS", "12")
    _apply(editor)
    editor.get_by_role("link", name="History").click()
    expect(editor.get_by_role("list", name="Changes").get_by_role("listitem").first).to_contain_text("Applied")
    editor.get_by_role("button", name="Compare").first.click()
    comparison = editor.get_by_role("region", name="Comparison")
    expect(comparison.get_by_role("cell", name="Only in the current file: SESSION_IDLE_HOURS=12")).to_be_visible()
    expect(comparison.get_by_role("cell", name="Only in the backup: SESSION_IDLE_HOURS=36")).to_be_visible()
    editor.get_by_role("button", name="Roll back").click()
    question = editor.get_by_role("dialog", name="Roll back .env?")
    expect(question).to_contain_text("SESSION_IDLE_HOURS")
    question.get_by_role("button", name="Roll back").click()
    expect(editor.get_by_text("1 variable changed", exact=True)).to_be_visible()
    assert (own.data_dir / ".env").read_text() == ENV


def test_lists_that_can_not_be_loaded_say_so(editor: Page, own: Server, watch):
    watch.expected.append("500")
    broken = {"detail": "The service met an error.", "request_id": "request-7"}
    editor.route("**/api/environment-variables/*s", lambda route: route.fulfill(status=500, json=broken))
    editor.goto(f"{own.address}/admin/env/history")
    expect(editor.get_by_text("Could not load changes", exact=True)).to_be_visible()
    expect(editor.get_by_text("Could not load backups", exact=True)).to_be_visible()


def test_every_face_is_accessible_and_fits_a_phone(editor: Page, own: Server):
    editor.set_viewport_size({"width": 360, "height": 800})
    _edit(editor, "AWS_SECRET_ACCESS_KEY", "new-value-of-the-key")
    _edit(editor, "AWS_DEFAULT_REGION", "eu-" + "long" * 10)
    _faces(editor)
    _review(editor)
    expect(editor.get_by_role("list", name="Differences")).to_be_visible()
    _faces(editor)
    editor.get_by_role("button", name="Apply").click()
    expect(editor.get_by_role("region", name="Change waiting for confirmation")).to_be_visible()
    _faces(editor)
    editor.get_by_role("button", name="Keep", exact=True).click()
    editor.get_by_role("link", name="History").click()
    editor.get_by_role("button", name="Compare").first.click()
    expect(editor.get_by_role("region", name="Comparison")).to_be_visible()
    _faces(editor)


def _faces(page: Page) -> None:
    assert overflow(page) == 0
    assert_accessible(page)
