"""The environment page: every variable with its origin, and the reload."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import assert_accessible, overflow
from tests.support.server import Server, serving

CANARY = "canary-secret-of-the-environment"
ENV = f"""\
MAX_UPLOAD_SIZE_MB=2048
S3_COMPATIBLE_ACCESS_KEY=AKIAEXAMPLE7Q
S3_COMPATIBLE_SECRET_KEY={CANARY}
"""


@pytest.fixture(scope="module")
def own(server, tmp_path_factory) -> Iterator[Server]:
    """A service of this module alone, for its files are edited."""
    folder = tmp_path_factory.mktemp("environment")
    (folder / ".env").write_text(ENV)
    with serving(folder) as running:
        yield running


@pytest.fixture
def environment(page: Page, own: Server, watch) -> Iterator[Page]:
    watch.origin = urlsplit(own.address).netloc
    answer = page.request.post(f"{own.address}/api/auth/demo-login", data={"username": "admin"})
    assert answer.ok
    page.goto(f"{own.address}/admin/env")
    expect(page.get_by_role("heading", name="Security")).to_be_visible()
    yield page
    (own.data_dir / ".env").write_text(ENV)
    page.request.post(f"{own.address}/api/environment-variables/reload")


def _variable(page: Page, name: str):
    return page.get_by_role("listitem").filter(has=page.get_by_role("button", name=f"Copy {name}", exact=True))


def test_values_origins_and_masks_are_shown(environment: Page, own: Server):
    upload = _variable(environment, "MAX_UPLOAD_SIZE_MB")
    expect(upload).to_contain_text("2048 MiB")
    expect(upload).to_contain_text(".env, line 1")
    expect(upload).to_contain_text("applies live")
    expect(_variable(environment, "DATA_DIR")).to_contain_text("Command line")
    expect(_variable(environment, "DATA_DIR")).to_contain_text("Needs a restart")
    expect(_variable(environment, "LOG_FORMAT")).to_contain_text("Environment")
    expect(_variable(environment, "S3_COMPATIBLE_ACCESS_KEY")).to_contain_text("AK…7Q")
    expect(_variable(environment, "S3_COMPATIBLE_SECRET_KEY")).to_contain_text("••••••••")
    assert CANARY not in environment.content()


def test_the_list_is_filtered_and_the_address_keeps_it(environment: Page, own: Server):
    environment.get_by_label("Filter variables").fill("thumbnail")
    expect(_variable(environment, "IMAGE_THUMBNAIL_SIZE")).to_be_visible()
    expect(_variable(environment, "MAX_UPLOAD_SIZE_MB")).to_have_count(0)
    environment.get_by_label("Only set variables").click()
    expect(environment).to_have_url(f"{own.address}/admin/env?q=thumbnail&set=true")
    environment.reload()
    expect(environment.get_by_label("Filter variables")).to_have_value("thumbnail")
    environment.get_by_label("Filter variables").fill("nothing like this")
    expect(environment.get_by_text(re.compile(r"^No variable matches"))).to_be_visible()
    environment.get_by_role("button", name="Show all variables").click()
    expect(_variable(environment, "MAX_UPLOAD_SIZE_MB")).to_be_visible()


def test_a_category_is_jumped_to(environment: Page):
    environment.get_by_role("navigation", name="Categories").get_by_role("link", name="Server").click()
    expect(environment.get_by_role("heading", name="Server")).to_be_in_viewport()


def test_a_reload_says_what_changed_and_what_waits(environment: Page, own: Server):
    changed = ENV.replace("2048", "4096") + "SHUTDOWN_TIMEOUT_SECONDS=31\n"
    (own.data_dir / ".env").write_text(changed)
    environment.reload()
    expect(_variable(environment, "MAX_UPLOAD_SIZE_MB")).to_contain_text("Reload pending")
    environment.get_by_role("button", name="Reload").click()
    report = environment.get_by_role("alert")
    expect(report.filter(has_text="1 variable changed")).to_contain_text("MAX_UPLOAD_SIZE_MB")
    expect(report.filter(has_text="Restart aishare")).to_contain_text("SHUTDOWN_TIMEOUT_SECONDS")
    expect(_variable(environment, "MAX_UPLOAD_SIZE_MB")).to_contain_text("4096")
    expect(_variable(environment, "SHUTDOWN_TIMEOUT_SECONDS")).to_contain_text("Restart pending")
    environment.get_by_role("button", name="Reload").click()
    expect(report.filter(has_text="Nothing to apply")).to_be_visible()


def test_a_broken_file_changes_nothing_and_names_every_line(environment: Page, own: Server):
    (own.data_dir / ".env").write_text(ENV.replace("2048", "much") + "LOG_LEVEL=loud\n")
    environment.get_by_role("button", name="Reload").click()
    report = environment.get_by_role("alert").filter(has_text="Nothing was changed: 2 problems")
    expect(report).to_contain_text("line 1")
    expect(report).to_contain_text("MAX_UPLOAD_SIZE_MB")
    expect(report).to_contain_text("line 4")
    expect(report).to_contain_text("LOG_LEVEL")
    expect(_variable(environment, "MAX_UPLOAD_SIZE_MB")).to_contain_text("2048")
    expect(_variable(environment, "MAX_UPLOAD_SIZE_MB")).to_contain_text("Problem")
    assert_accessible(environment)
    assert CANARY not in environment.content()


def test_a_service_that_does_not_answer_is_told(environment: Page, watch):
    watch.expected.append("503")
    broken = {"code": "catalogue_unavailable", "detail": "The database does not answer.", "request_id": "request-9"}
    environment.route("**/reload", lambda route: route.fulfill(status=503, json=broken))
    environment.get_by_role("button", name="Reload").click()
    expect(environment.get_by_role("alert")).to_contain_text("The database does not answer.")
    expect(environment.get_by_role("alert")).to_contain_text("request-9")


def test_every_report_is_accessible_and_fits_a_phone(environment: Page, own: Server):
    environment.set_viewport_size({"width": 360, "height": 800})
    (own.data_dir / ".env").write_text(ENV.replace("2048", "4096") + "SHUTDOWN_TIMEOUT_SECONDS=31\n")
    environment.get_by_role("button", name="Reload").click()
    expect(environment.get_by_text("1 variable changed", exact=True)).to_be_visible()
    assert overflow(environment) == 0
    assert_accessible(environment)
    (own.data_dir / ".env").write_text("this is no line of such a file\n")
    environment.get_by_role("button", name="Reload").click()
    expect(environment.get_by_text(re.compile(r"^Nothing was changed"))).to_be_visible()
    assert overflow(environment) == 0
    assert_accessible(environment)
