import re

from playwright.sync_api import Page, expect

from tests.support.server import run_cli


def test_one_click_on_a_demo_user_signs_in(page: Page, server):
    page.goto(server.address)
    expect(page).to_have_url(re.compile("/login"))
    page.get_by_role("button", name="Ada").click()
    expect(page.get_by_role("heading", name="Files", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="datasets", exact=True)).to_be_visible()


def test_a_user_created_on_the_command_line_is_offered_after_a_reload(page: Page, server):
    page.goto(f"{server.address}/login")
    expect(page.get_by_role("button", name="Ada")).to_be_visible()
    made = run_cli(server.data_dir, "user", "create", "radia", "--demo", "--display-name", "Radia, networks")
    assert made.returncode == 0, made.stderr
    page.reload()
    card = page.get_by_role("button", name="Radia")
    expect(card).to_contain_text("networks")
    card.click()
    expect(page.get_by_role("heading", name="No files yet")).to_be_visible()
    assert run_cli(server.data_dir, "user", "disable", "radia").returncode == 0


def test_a_password_signs_in_and_a_wrong_one_says_so(page: Page, server, watch):
    watch.expected.append("/api/auth/login")
    made = run_cli(server.data_dir, "user", "create", "hedy", "--password-stdin", stdin="frequency hopping\n")
    assert made.returncode == 0, made.stderr
    page.goto(f"{server.address}/login")
    page.get_by_label("User name").fill("hedy")
    page.get_by_label("Password", exact=True).fill("guess")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The user name or password is wrong.")
    page.get_by_label("Password", exact=True).fill("frequency hopping")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="No files yet")).to_be_visible()


def test_the_keyboard_alone_leads_through_signing_in(page: Page, server):
    page.goto(f"{server.address}/login")
    expect(page.get_by_role("button", name="Ada")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ada")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Files", exact=True)).to_be_visible()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()


def test_the_form_can_be_filled_and_sent_from_the_keyboard(page: Page, server, watch):
    watch.expected.append("/api/auth/login")
    page.goto(f"{server.address}/login")
    page.get_by_label("User name").focus()
    page.keyboard.type("nobody")
    page.keyboard.press("Tab")
    page.keyboard.type("nothing")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The user name or password is wrong.")


def test_signing_out_leads_back_and_closes_the_door(page: Page, server, signed_in):
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/login$"))
    page.goto(f"{server.address}/files")
    expect(page).to_have_url(re.compile("/login"))


def test_a_session_that_ends_midway_leads_back_to_the_same_view(page: Page, server, signed_in, watch):
    watch.expected.append("401")
    page.context.clear_cookies()
    page.get_by_label("Search files").fill("penguin")
    expect(page.get_by_text("Your session has ended", exact=True)).to_be_visible()
    page.get_by_role("button", name=signed_in).click()
    expect(page).to_have_url(re.compile(r"/files\?q=penguin"))
    expect(page.get_by_role("heading", name="No file matches")).to_be_visible()


def test_a_link_to_another_site_is_not_followed_after_signing_in(page: Page, server):
    page.goto(f"{server.address}/login?next=//box.lan/files")
    page.get_by_role("button", name="Ada").click()
    expect(page).to_have_url(f"{server.address}/files")


def test_the_colour_scheme_is_remembered(page: Page, server):
    page.emulate_media(color_scheme="light")
    page.goto(f"{server.address}/login")
    root = page.locator("html")
    expect(root).to_have_attribute("data-mantine-color-scheme", "light")
    page.get_by_text("Dark", exact=True).locator("..").click()
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")
    page.reload()
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")
