"""Compares two versions of a settings file, with secrets masked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from dotenv.parser import Binding

from aishare.settings.catalog import SPECS
from aishare.settings.envfile import bindings, split_head
from aishare.settings.masking import MASK, masked

_NEWLINE = re.compile(r"\r\n|\n|\r")
_ON_ONE_LINE = re.compile(r"[^\r\n]+")
_COMMENTED_OUT = re.compile(r"(\s*#[#\s]*(?:export\s+)?([A-Za-z0-9_]+)\s*=)(.*)", re.DOTALL)
_SHORTEST_SECRET: Final = 4
"""Shorter values would match everywhere in a file."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line with its number in the current file and in the other; secrets are masked."""

    kind: Literal["same", "removed", "added"]
    before_line: int | None
    after_line: int | None
    text: str


@dataclass(frozen=True, slots=True)
class VariableDiff:
    """A variable whose line differs. None if there is no line."""

    name: str
    before: str | None
    after: str | None


def assignments(data: bytes) -> dict[str, str]:
    """The assignments in effect in the file, by written name; only known names."""
    found = bindings(data.decode(errors="replace"))
    return {one.key: one.value or "" for one in found if one.key and _name(one.key) in SPECS and not one.error}


def differing_names(before: bytes, after: bytes) -> tuple[str, ...]:
    """In the order of the catalogue."""
    one, other = assignments(before), assignments(after)
    names = {_name(key) for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
    return tuple(name for name in SPECS if name in names)


def variable_diff(before: bytes, after: bytes) -> list[VariableDiff]:
    """Masked; NAME_FILE is shown as it is written, a path."""
    one, other = assignments(before), assignments(after)
    keys = sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))
    return [VariableDiff(key, _shown(key, one.get(key)), _shown(key, other.get(key))) for key in keys]


def line_diff(before: bytes, after: bytes, *, secrets: Sequence[str] = ()) -> list[DiffLine]:
    """All lines. The real text is compared, so a changed secret is shown as a changed line."""
    one, other = before.decode(errors="replace"), after.decode(errors="replace")
    known = [*secrets, *_secrets(before), *_secrets(after)]
    old, new = _lines(one), _lines(other)
    old_shown, new_shown = _lines(masked_text(one, known)), _lines(masked_text(other, known))
    lines: list[DiffLine] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [DiffLine("same", i + 1, j1 + i - i1 + 1, old_shown[i]) for i in range(i1, i2)]
        else:
            lines += [DiffLine("removed", i + 1, None, old_shown[i]) for i in range(i1, i2)]
            lines += [DiffLine("added", None, j + 1, new_shown[j]) for j in range(j1, j2)]
    return lines


def masked_text(text: str, secrets: Sequence[str]) -> str:
    """The same file line by line, with a mask for everything that is or may be a secret."""
    shown = "".join(_masked_binding(one) for one in bindings(text))
    for secret in sorted(set(secrets), key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET and not _NEWLINE.search(secret):
            shown = shown.replace(secret, MASK)
    return shown


def _masked_binding(binding: Binding) -> str:
    raw = binding.original.string
    if binding.error:
        return _ON_ONE_LINE.sub(MASK, raw)  # possibly part of a secret that was split into lines
    if binding.key is None:
        return _masked_comment(raw)
    if binding.key in SPECS and not SPECS[binding.key].secret:
        return raw
    if binding.key not in SPECS and _name(binding.key) in SPECS:
        return raw  # NAME_FILE=path
    if binding.value is None:
        return raw if binding.key in SPECS else _ON_ONE_LINE.sub(MASK, raw)
    start = split_head(raw)  # a secret, or an unknown variable; the comment after it may contain part of it
    return raw[:start] + _ON_ONE_LINE.sub(MASK, raw[start:])


def _masked_comment(raw: str) -> str:
    found = _COMMENTED_OUT.match(raw)
    if found is None or (found[2] in SPECS and not SPECS[found[2]].secret):
        return raw
    return found[1] + _ON_ONE_LINE.sub(MASK, found[3])


def _secrets(data: bytes) -> list[str]:
    return [value for key, value in assignments(data).items() if key in SPECS and SPECS[key].secret]


def _lines(text: str) -> list[str]:
    lines = _NEWLINE.split(text.removeprefix("\ufeff"))
    return lines if lines[-1] else lines[:-1]


def _shown(key: str, text: str | None) -> str | None:
    return text if text is None or key not in SPECS else masked(SPECS[key], text)


def _name(key: str) -> str:
    return key if key in SPECS else key.removesuffix("_FILE")
