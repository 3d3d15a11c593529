"""Phrases at which readers stop, kept out of everything that people read."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# where people's sentences are, and the endings of those files
PLACES = {"frontend/src": (".ts", ".tsx")}
# made from other files
GENERATED = ("frontend/src/client/",)
BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
LINE_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)

BANNED = (
    "can not",
    "how this service",
    "how the service does",
    "the usual time",
    "links that work",
    "requests that are open",
    "one sits at",
    "lie in",
    "lies in",
    "files lie",
    "they lie",
    "it lies",
    "known missing",
    "look for garbage",
    "being looked through",
    "the service does the work",
    "disk of the service",
    "everybody goes on working",
    "an error of its own",
    "gone for good",
    "only ever added",
    "nobody here yet",
    "what it shall be",
    "the two are not the same",
    "in a tab of its own",
    "is being asked",
    "the files of now",
    "the file of now",
    "byte by byte, and is applied",
    "no demo user any more",
)
# whole labels that had to become Maintenance, Migrations, Features and Administrator
BANNED_LABELS = re.compile(r"""["`>](?:Care|Moves|Can do|Superuser)["`<]""")


def _files(places: dict[str, tuple[str, ...]] = PLACES) -> Iterator[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *places]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in sorted(set(filter(None, listed))):
        endings = next(endings for place, endings in places.items() if name.startswith(place))
        if name.endswith(endings) and not name.startswith(GENERATED) and (ROOT / name).is_file():
            yield ROOT / name


def _stops(text: str) -> list[str]:
    """The phrases in what a page shows: without comments, and across the ends of lines."""
    shown = LINE_COMMENT.sub("", BLOCK_COMMENT.sub("", text))
    words = " ".join(shown.split())
    found = [phrase for phrase in BANNED if re.search(rf"\b{re.escape(phrase)}\b", words, re.IGNORECASE)]
    return found + BANNED_LABELS.findall(words)


def test_pages_speak_plain_english():
    stops = {file.relative_to(ROOT).as_posix(): _stops(file.read_text(encoding="utf-8")) for file in _files()}
    assert {name: found for name, found in stops.items() if found} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<Text>You can\n          not do this.</Text>", ["can not"]),
        ('title="Where the files lie"', ["files lie"]),
        ('{ label: "Care" }', ['"Care"']),
        ("<Text>You cannot do this, with care.</Text>", []),
        ("/** It lies in a folder. */\n  // as they lie\nconst places = 1;", []),
    ],
)
def test_such_phrases_are_found_and_comments_are_not(text, found):
    assert _stops(text) == found
