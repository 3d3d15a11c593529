"""Changes the text of a `.env` file and leaves every other byte unchanged: comments, order, quotes, line ends, unknown
lines, a byte order mark. After each change the whole text is parsed again and compared with the expected values.
"""

import re
from collections.abc import Mapping
from io import StringIO
from typing import Final

from dotenv.parser import Binding, parse_stream

from aishare.core.errors import InvalidSettings, SettingProblem

_BOM: Final = "\ufeff"
_NEWLINE = re.compile(r"\r\n|\n|\r")
_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=-]*")
_HEAD = re.compile(r"\s*(?:export[^\S\r\n]+)?(?:'[^']+'|[^=#\s]+)[^\S\r\n]*")
_EQUALS = re.compile(r"=[^\S\r\n]*")
_QUOTED = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", re.DOTALL)
_UNQUOTED = re.compile(r"[^\r\n]*?(?=[^\S\r\n]+#[^\r\n]*|[^\S\r\n]*(?:[\r\n]|$))")

_Said = tuple[str | None, str | None, bool]
"""Content of a line: name, value, and whether it is invalid."""


def changed_bytes(data: bytes, changes: Mapping[str, str | None]) -> bytes:
    """`data` with these variables set, or removed if the text is None.

    If a variable is set twice, the last line counts, so that one is changed; removing removes all. NAME and NAME_FILE
    replace each other. Raises InvalidSettings naming a variable whose text cannot be quoted.
    """
    text = _decoded(data)
    for name, value in changes.items():
        text = _removed(text, _rival(name)) if value is not None else _removed(text, name, _rival(name))
        text = text if value is None else _set(text, name, value)
    return text.encode()


def bindings(text: str) -> list[Binding]:
    """The assignments, comments and invalid lines of a text; together they are the whole text."""
    return list(parse_stream(StringIO(text.removeprefix(_BOM), newline="")))


def split_head(raw: str) -> int:
    """Splits an assignment where its value begins."""
    head = _HEAD.match(raw)
    start = head.end() if head else 0
    equals = _EQUALS.match(raw, start)
    return equals.end() if equals else start


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise InvalidSettings([SettingProblem("the file is not UTF-8 text; correct it in an editor first")]) from None


def _rival(name: str) -> str:
    return name.removesuffix("_FILE") if name.endswith("_FILE") else f"{name}_FILE"


def _removed(text: str, *names: str) -> str:
    """Without the lines of these variables; blank lines before them stay."""
    found = bindings(text)
    if not any(one.key in names for one in found):
        return text
    kept = [_blank_lines(one.original.string) if one.key in names else one.original.string for one in found]
    after = _bom_of(text) + "".join(kept)
    if _says(after) != [_said(one) for one in found if _counts(one) and one.key not in names]:
        raise InvalidSettings([SettingProblem("cannot be removed without changing other lines", names[0])])
    return after


def _set(text: str, name: str, value: str) -> str:
    found = bindings(text)
    places = [index for index, one in enumerate(found) if one.key == name and not one.error]
    if places and found[places[-1]].value == value:
        return text
    wanted = _wanted(found, name, value, places[-1] if places else None)
    for written in _spellings(value, found[places[-1]] if places else None):
        pieces = [one.original.string for one in found]
        if places:
            pieces[places[-1]] = _with_value(pieces[places[-1]], written)
        else:
            pieces.append(_appended(text, name, written))
        after = _bom_of(text) + "".join(pieces)
        if _says(after) == wanted:
            return after
    raise InvalidSettings([SettingProblem("cannot be written to this file; correct its invalid lines first", name)])


def _wanted(found: list[Binding], name: str, value: str, place: int | None) -> list[_Said]:
    said = [(name, value, False) if index == place else _said(one) for index, one in enumerate(found) if _counts(one)]
    return said if place is not None else [*said, (name, value, False)]


def _says(text: str) -> list[_Said]:
    return [_said(one) for one in bindings(text) if _counts(one)]


def _said(binding: Binding) -> _Said:
    # An invalid line is compared as it is: its text must not become part of the next line.
    return binding.key, binding.original.string.strip() if binding.error else binding.value, binding.error


def _counts(binding: Binding) -> bool:
    return binding.error or binding.key is not None


def _spellings(value: str, before: Binding | None) -> list[str]:
    """Ways to write the value, best first: as it was quoted, plain, in single quotes, in double quotes."""
    escaped = value.replace("\\", "\\\\")
    single, double = "'" + escaped.replace("'", "\\'") + "'", '"' + escaped.replace('"', '\\"') + '"'
    mark = before.original.string[split_head(before.original.string) :][:1] if before else ""
    first = [single] if mark == "'" else [double] if mark == '"' and "$" not in value else []
    return [*first, value, single, double] if _PLAIN.fullmatch(value) else [*first, single, double, value]


def _with_value(raw: str, written: str) -> str:
    start = split_head(raw)
    head, rest = raw[:start], raw[start:]
    if "=" not in head:
        return head.rstrip(" \t") + "=" + written + rest
    if rest.startswith("#") and head[-1] in " \t":  # an empty value and a comment
        return head.rstrip(" \t") + written + " " + rest
    old = _QUOTED.match(rest) if rest[:1] in ("'", '"') else _UNQUOTED.match(rest)
    return head + written + rest[old.end() if old else 0 :]


def _appended(text: str, name: str, written: str) -> str:
    ends = _NEWLINE.findall(text)
    newline = ends[0] if ends else "\n"
    body = text.removeprefix(_BOM)
    return ("" if not body or body.endswith(("\n", "\r")) else newline) + f"{name}={written}{newline}"


def _blank_lines(raw: str) -> str:
    lead = raw[: len(raw) - len(raw.lstrip())]
    last = max(lead.rfind("\n"), lead.rfind("\r"))
    return lead[: last + 1]


def _bom_of(text: str) -> str:
    return _BOM if text.startswith(_BOM) else ""
