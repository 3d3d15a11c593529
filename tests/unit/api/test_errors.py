import pytest

from aishare.api.http.error_pages import error_page, wants_page
from aishare.api.http.errors import PLAIN, problem_document, show_details, status_of
from aishare.core import errors
from aishare.core.errors import AishareError

INTERNAL = tuple(PLAIN)


def tree(cls):
    for child in cls.__subclasses__():
        yield child
        yield from tree(child)


def test_every_error_has_a_status_a_code_of_its_own_and_a_sentence():
    classes = [cls for cls in tree(AishareError) if cls.__module__.startswith(f"{errors.__name__}.")]
    assert len(classes) > 25
    codes = [cls.code for cls in classes]
    assert len(set(codes)) == len(codes)
    for cls in classes:
        assert 400 <= status_of(cls) < 600
        assert (cls.__doc__ or "").strip().endswith(".")


def test_errors_of_a_storage_that_is_down_say_when_to_come_back():
    status, _, headers = problem_document(errors.BackendTimeout("It did not answer."), scope={}, request_id="r")
    assert status == 503
    assert "retry-after" in dict(headers)


@pytest.mark.parametrize("cls", [cls for cls in tree(AishareError) if issubclass(cls, INTERNAL)])
@pytest.mark.parametrize("answer", [problem_document, error_page])
def test_what_is_wrong_inside_is_told_to_superusers_only(cls, answer):
    error = AishareError.__new__(cls)
    AishareError.__init__(error, "reading objects/ab in s3:bucket failed", hint="Change S3_COMPATIBLE_ACCESS_KEY.")
    error.problems, error.steps = [], ()
    for superuser in (False, True):
        scope = {}
        if superuser:
            show_details(scope)
        _, body, _ = answer(error, scope=scope, request_id="the request")
        shown = [secret in body.decode() for secret in ("s3:bucket", "objects/ab", "S3_COMPATIBLE")]
        assert shown == [superuser] * 3, body
        assert b"the request" in body


def test_a_page_takes_nothing_for_html():
    error = errors.NotFound("<b>", hint="<script>")
    status, body, headers = error_page(error, scope={}, request_id="r")
    assert (status, b"<b>" in body, b"<script>" in body) == (404, False, False)
    assert dict(headers)["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("method", "accept", "page"),
    [
        ("GET", b"text/html,application/xhtml+xml,*/*;q=0.8", True),
        ("HEAD", b"Text/HTML", True),
        ("GET", b"*/*", False),
        ("GET", b"application/json", False),
        ("PUT", b"text/html", False),
    ],
)
def test_pages_are_for_people_who_open_an_address(method, accept, page):
    assert wants_page({"method": method, "headers": [(b"accept", accept)]}) is page
