"""The cookie of a session: one name on HTTP, another on HTTPS, and what is read of what a browser sends."""

import pytest
from starlette.responses import Response

from aishare.api.http.session_cookie import drop_session, session_secrets, set_session

PLAIN, SECURE = "aishare_session", "__Host-aishare_session"


def scope(scheme, *cookies):
    return {"type": "http", "scheme": scheme, "headers": [(b"cookie", cookie.encode()) for cookie in cookies]}


def cookies_of(response):
    return [value.decode() for name, value in response.raw_headers if name == b"set-cookie"]


def test_on_http_the_cookie_is_plain_and_on_https_bound_to_the_host():
    for scheme, name in (("http", PLAIN), ("https", SECURE)):
        response = Response()
        set_session(response, scope(scheme), "secret", max_age_seconds=60)
        (cookie,) = cookies_of(response)
        assert cookie.startswith(f"{name}=secret; ")
        attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
        expected = {"httponly", "max-age=60", "path=/", "samesite=lax"}
        assert attributes == (expected | {"secure"} if scheme == "https" else expected)
        assert "domain" not in cookie.lower()  # browsers refuse the prefix with one


def test_over_https_both_are_dropped_the_prefixed_one_in_a_way_that_browsers_heed():
    response = Response()
    drop_session(response, scope("https"))
    plain, secure = sorted(cookies_of(response), key=len)
    assert plain.startswith(f'{PLAIN}=""')
    assert secure.startswith(f'{SECURE}=""')
    assert "secure" in secure.lower().split("; ")
    assert "Path=/" in secure
    assert all("Max-Age=0" in cookie for cookie in (plain, secure))
    response = Response()
    drop_session(response, scope("http"))
    assert [cookie.split("=")[0] for cookie in cookies_of(response)] == [PLAIN]


@pytest.mark.parametrize(
    ("scheme", "cookies", "expected"),
    [
        ("http", [f"{PLAIN}=a"], ["a"]),
        ("http", [f"{SECURE}=b"], ["b"]),
        ("http", [f"{SECURE}=b; {PLAIN}=a"], ["a", "b"]),
        ("https", [f"{SECURE}=b; {PLAIN}=a"], ["b"]),
        ("https", [f"{PLAIN}=a"], []),
        ("http", [], []),
        ("http", ["theme=dark"], []),
        ("http", [f"odd[name]=1; {PLAIN}=a; @=x; =; ;"], ["a"]),
        ("http", ["theme=dark", f"{PLAIN}=a"], ["a"]),
        ("http", [f"{PLAIN}=first; {PLAIN}=second"], ["first", "second"]),
        ("https", [f"{SECURE.lower()}=x"], []),
        ("http", [f"x{PLAIN}=a; {PLAIN}x=b"], []),
    ],
)
def test_what_counts_of_what_is_sent(scheme, cookies, expected):
    assert session_secrets(scope(scheme, *cookies)) == expected
