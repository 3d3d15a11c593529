import base64
import contextlib
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aishare.core.digest_fields import FIELDS, expected_digests
from aishare.core.errors import DigestMismatch, InvalidRequest

BROWN = b'{"hello": "world"}\n'
"""The example of RFC 9530, appendix B."""


def fits(content, **headers):
    expected = expected_digests({name.replace("_", "-"): value for name, value in headers.items()})
    for byte in content:
        expected.update(bytes([byte]))
    try:
        expected.check()
    except DigestMismatch:
        return False
    return True


def test_the_examples_of_the_standard():
    sha256 = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
    sha512 = "sha-512=:YMAam51Jz/jOATT6/zvHrLVgOYTGFy1d6GJiOHTohq4yP+pgk4vf2aCsyRZOtw8MjkM7iw7yZ/WkppmM44T3qg==:"
    assert fits(BROWN, repr_digest=sha256)
    assert fits(BROWN, content_digest=sha512)
    assert fits(BROWN, content_digest=f"{sha256}, {sha512}")
    assert not fits(BROWN[:-1], repr_digest=sha256)


def b64(name, content):
    return base64.b64encode(hashlib.new(name, content).digest()).decode()


def test_each_spelling():
    right, wrong = b64("sha256", b"x"), b64("sha256", b"y")
    assert fits(b"x", repr_digest=f"sha-256=:{right.rstrip('=')}:")
    assert fits(b"x", repr_digest=f'  sha-256=:{right}:; a; b=1;c="z" \t,\t other=token;q=1.5 ')
    assert fits(b"x", repr_digest=f"sha-256=:{wrong}:, sha-256=:{right}:")
    assert not fits(b"x", repr_digest=f"sha-256=:{right}:, sha-256=:{wrong}:")
    assert fits(b"x", digest=f"sha-256={right}, SHA={b64('sha1', b'x')},unixsum=30637")
    assert not fits(b"x", digest=f"sha={b64('sha1', b'y')}")
    assert fits(b"x", content_md5=f" {b64('md5', b'x')} ")


@pytest.mark.parametrize(
    "text",
    [
        "sha-256",
        "sha-256=",
        "sha-256=?1",
        "sha-256=::",
        "sha-256=:=:",
        "sha-256=:AA==:",
        "x=(1 2)",
        "A=1",
        "a=1,",
        ",a",
        "a b",
        'a="',
        'sha-256="AA=="',
    ],
)
def test_what_is_no_digest(text):
    with pytest.raises(InvalidRequest):
        expected_digests({"repr-digest": text})


@given(st.sampled_from(FIELDS), st.text(st.characters(max_codepoint=255), max_size=80))
def test_any_text_is_understood_or_refused(field, text):
    with contextlib.suppress(InvalidRequest):
        expected_digests({field: text})


def test_a_long_field_is_read_in_a_line():
    """One that took quadratic time would not come back."""
    with pytest.raises(InvalidRequest):
        expected_digests({"repr-digest": "a;" * 500_000 + "!"})
    assert not expected_digests({"repr-digest": ",".join(["a=1"] * 200_000)})
