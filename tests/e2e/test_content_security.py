"""The Content-Security-Policy in a real browser: our pages keep it, and script that somebody slips in does not run."""

import pytest
from playwright.sync_api import Page, expect

_LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
    window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
"""

_INJECT = """() => {
    const script = document.createElement("script");
    script.textContent = "window.ranInline = true";
    document.body.append(script);
    const picture = document.createElement("div");
    picture.innerHTML = '<img src="data:," onerror="window.ranHandler = true">';
    document.body.append(picture);
    const link = document.createElement("a");
    link.href = "javascript:window.ranLink = true";
    document.body.append(link);
    link.click();
    const other = document.createElement("script");
    other.src = "data:text/javascript,window.ranData = true";
    document.body.append(other);
    const frame = document.createElement("iframe");
    frame.srcdoc = "<script>parent.ranFrame = true</script>";
    document.body.append(frame);
}"""

_RAN = "() => Object.keys(window).filter((name) => name.startsWith('ran'))"


def test_our_pages_keep_the_policy(page: Page, server, administrator):
    page.add_init_script(_LISTEN)
    for path, heading in [
        ("/files", "Files"),
        ("/admin", "Overview"),
        ("/admin/storage", "Storage"),
        ("/admin/audit", "Audit"),
        ("/settings/password", "Settings"),
    ]:
        page.goto(f"{server.address}{path}")
        expect(page.get_by_role("heading", level=1, name=heading, exact=True)).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.violations") == [], path


@pytest.mark.parametrize("path", ["/login", "/files", "/api/docs"])
def test_script_that_was_slipped_into_a_page_does_not_run(page: Page, server, watch, path):
    watch.expected += ["Content Security Policy", "data:,"]
    page.add_init_script(_LISTEN)
    page.goto(f"{server.address}{path}")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.violations") == []
    page.evaluate(_INJECT)
    page.wait_for_function("() => window.violations.length >= 4")
    page.wait_for_timeout(300)
    assert page.evaluate(_RAN) == []
    directives = {violation.split()[0] for violation in page.evaluate("window.violations")}
    assert directives == {"script-src-elem", "script-src-attr"}


def test_the_policy_stands_on_every_page_and_allows_no_inline_script(page: Page, server):
    for path in ["/", "/login", "/s/anything", "/api/docs", "/theme.js"]:
        answer = page.request.get(f"{server.address}{path}", headers={"Accept": "text/html"})
        policy = dict(
            part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";") if part.strip()
        )
        scripts = policy.get("script-src", policy["default-src"])
        assert scripts == "'self'", path
        assert (policy["object-src"], policy["base-uri"], policy["frame-ancestors"]) == ("'none'", "'none'", "'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
