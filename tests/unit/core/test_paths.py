import pytest
from hypothesis import given
from hypothesis import strategies as st

from aishare.core.errors import InvalidPath
from aishare.core.paths import parse_folder, parse_path, split_path


@given(st.text(max_size=300))
def test_what_is_accepted_stays_in_its_folder(text):
    try:
        path = parse_path(text)
    except InvalidPath:
        return
    segments = path.split("/")
    assert all(segment not in {"", ".", ".."} for segment in segments)
    assert not any(ord(character) < 32 for character in path)
    assert parse_path(path) == path
    folder, name = split_path(path)
    assert (f"{folder}/{name}" if folder else name) == path


@pytest.mark.parametrize("text", ["", "/a", "a/", "a//b", "..", "a/../b", "a\0", "a\nb", "a\x7f", "\ud800", "x" * 256])
def test_refused(text):
    with pytest.raises(InvalidPath):
        parse_path(text)


def test_twins_are_one():
    assert parse_path("cafe\u0301.txt") == parse_path("caf\u00e9.txt")


def test_folders():
    assert parse_folder("") == parse_folder("/") == ""
    assert parse_folder("/a/b/") == "a/b"
