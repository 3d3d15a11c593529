"""Names inside archives: safe on every system, and no two the same on any."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aishare.core.zip_names import Names, safe_name

WINDOWS_FORBIDS = set('<>:"/\\|?*')

CASES = {
    "..": "__",
    ".": "_",
    "": "_",
    "../../etc/passwd": ".._.._etc_passwd",
    "..\\..\\boot.ini": ".._.._boot.ini",
    "/etc/passwd": "_etc_passwd",
    "C:\\x": "C__x",
    "a:stream": "a_stream",
    "CON": "_CON",
    "nul.txt": "_nul.txt",
    "com1.tar.gz": "_com1.tar.gz",
    "LPT¹": "_LPT¹",
    "con .txt": "_con .txt",
    "console.txt": "console.txt",
    "ends with dot.": "ends with dot_",
    "ends with spaces  ": "ends with spaces__",
    ". . .": "_____",
    "a\r\nb": "a__b",
    "a\x00b": "a_b",
    "exe\u202egpj.scr": "exe_gpj.scr",
    "\u2066x\u2069": "_x_",
    "a\u2028b": "a_b",
    "e\u0301.txt": "\u00e9.txt",
    ".gitignore": ".gitignore",
    "%2e%2e%2f": "%2e%2e%2f",
    "ünïcode 🐈.csv": "ünïcode 🐈.csv",
}


@pytest.mark.parametrize("name", CASES)
def test_names_become_safe(name):
    assert safe_name(name) == CASES[name]


def test_long_names_keep_their_extension():
    long = safe_name("x" * 10_000 + ".safetensors")
    assert len(long.encode()) == 255
    assert long.endswith("x.safetensors")
    assert len(safe_name("🐈" * 10_000).encode()) <= 255
    assert len(safe_name("a." + "b" * 10_000).encode()) <= 255


@pytest.mark.parametrize(
    "twins",
    [
        ("a.txt", "A.txt", "a.TXT"),
        ("e\u0301", "\u00e9", "E\u0301"),
        ("ﬁle", "file"),
        ("straße", "STRASSE"),
        ("a?b", "a*b", "a_b"),
        ("x.", "x_"),
        ("a (2).txt", "a.txt", "A.txt"),
        ("y" * 255 + "1", "y" * 255 + "2"),
    ],
)
def test_twins_are_told_apart(twins):
    names = Names()
    given_names = [names.claim(name) for name in twins]
    assert len({unicodedata.normalize("NFKC", name).casefold() for name in given_names}) == len(twins)
    assert given_names[0] == safe_name(twins[0])
    assert all(len(name.encode()) <= 255 for name in given_names)


def test_ten_thousand_twins_take_no_longer_than_others():
    names = Names()
    claimed = {names.claim("data.csv") for _ in range(10_000)}
    assert len(claimed) == 10_000
    assert "data (10000).csv" in claimed


@given(st.lists(st.text(max_size=300), max_size=30))
def test_any_text_becomes_a_safe_and_distinct_name(texts):
    names = Names()
    claimed = [names.claim(text) for text in texts]
    for name in claimed:
        assert name
        assert name not in {".", ".."}
        assert name == name.rstrip(". ")
        assert not WINDOWS_FORBIDS & set(name)
        assert not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in name)
        assert len(name.encode()) <= 255
    assert len({unicodedata.normalize("NFC", name).casefold() for name in claimed}) == len(claimed)
