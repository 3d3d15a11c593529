"""Reads the layers of settings: which variable is set where and to what, without interpreting it."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Final, Literal

from dotenv.parser import Binding, parse_stream

from aishare.core.errors import SettingProblem
from aishare.settings.catalog import SPECS

OriginKind = Literal["default", "file", "environment", "override", "generated"]

_MAX_FILE_BYTES: Final = 4 * 1024 * 1024
"""A settings file has a few KiB; a larger one was named by mistake and may be an endless device."""

_NEWLINE = re.compile(r"\r\n|\n|\r")
_PLAIN_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_FILE_NAMES: Final = frozenset(f"{name}_FILE" for name, spec in SPECS.items() if spec.secret)
_KNOWN: Final = frozenset(SPECS) | _FILE_NAMES
_FOREIGN: Final = {  # the names that other programs use
    "STORAGE_BACKEND": "STORAGE_TYPE",
    "STORAGE_PROVIDER": "STORAGE_TYPE",
    "AWS_REGION": "AWS_DEFAULT_REGION",
    "S3_REGION": "AWS_DEFAULT_REGION or S3_COMPATIBLE_REGION",
    "S3_BUCKET": "S3_BUCKET_NAME",
    "S3_ENDPOINT": "S3_COMPATIBLE_ENDPOINT",
    "S3_ENDPOINT_URL": "S3_COMPATIBLE_ENDPOINT",
    "AWS_ENDPOINT_URL_S3": "S3_COMPATIBLE_ENDPOINT",
    "S3_FORCE_PATH_STYLE": "S3_COMPATIBLE_ADDRESSING_STYLE",
}


@dataclass(frozen=True, slots=True)
class ValueOrigin:
    """Where a value comes from. `path` and `line` are those of a file; `secret_file` is the file named by a `*_FILE`
    variable.
    """

    kind: OriginKind
    path: Path | None = None
    line: int | None = None
    secret_file: Path | None = None

    def __str__(self) -> str:
        if self.kind == "file" and self.path is not None:
            return f"`{self.path.name}` line {self.line}"
        words = {"environment": "process environment", "override": "command line"}
        return words.get(self.kind, self.kind)

    def problem(self, text: str, variable: str | None = None) -> SettingProblem:
        """A problem at this place."""
        file = self.path.name if self.kind == "file" and self.path is not None else None
        place = None if self.kind == "default" else str(self)
        return SettingProblem(text, variable, place, file, self.line)


@dataclass(frozen=True, slots=True)
class Assignment:
    """NAME=text, exactly as written; `from_file` if it was NAME_FILE=text. The text may be secret: never show it."""

    name: str
    text: str = field(repr=False)
    origin: ValueOrigin
    from_file: bool = False

    @property
    def written_name(self) -> str:
        return f"{self.name}_FILE" if self.from_file else self.name


@dataclass(slots=True)
class Layers:
    """What has been read so far, later layers over earlier ones; problems and warnings are collected, never raised."""

    assignments: dict[str, Assignment] = field(default_factory=dict)
    problems: list[SettingProblem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    replaced: Mapping[Path, bytes] = field(default_factory=dict)
    """Content used instead of a file's own, to check a change before it is written."""

    def add_mapping(self, values: Mapping[str, str], kind: Literal["environment", "override"]) -> None:
        """Only known names: the process environment contains many others. In overrides, an unknown name is
        a problem.
        """
        if kind == "override":
            self.problems += [ValueOrigin(kind).problem(_unknown(name)) for name in values if name not in _KNOWN]
        self._add([_assignment(name, text, ValueOrigin(kind)) for name, text in values.items() if name in _KNOWN])

    def add_file(self, path: Path, *, required: bool = False) -> None:
        """Reads `path`; a missing file is accepted unless `required`."""
        text = self._read(path, required=required)
        if text is None:
            return
        self.files.append(path)
        found: list[Assignment] = []
        for binding in parse_stream(StringIO(text, newline="")):
            self._add_binding(binding, path, found)
        self._add(found)

    def _read(self, path: Path, *, required: bool) -> str | None:
        try:
            return _decode(self.replaced[path]) if path in self.replaced else read_text(path)
        except FileNotFoundError:
            if required:
                self.problems.append(_about(path, f"there is no such file in {path.parent}"))
        except ValueError as error:
            self.problems.append(_about(path, str(error)))
        return None

    def _add_binding(self, binding: Binding, path: Path, found: list[Assignment]) -> None:
        origin = ValueOrigin("file", path, _first_line(binding))
        if binding.error:
            self.problems.append(origin.problem("cannot be read; write NAME=value, and close all quotes"))
        elif binding.key is None:
            return  # a comment or an empty line
        elif binding.value is None:
            # The word may be part of a secret that was split into lines, so only known names are repeated.
            name = binding.key if binding.key in _KNOWN else None
            self.problems.append(origin.problem("there is no '='; write NAME=value", name))
        elif binding.key not in _KNOWN:
            self.warnings.append(f"{origin}: {_unknown(binding.key)}")
        else:
            found.append(_assignment(binding.key, binding.value, origin))

    def _add(self, found: list[Assignment]) -> None:
        layer: dict[str, Assignment] = {}
        for assignment in found:
            earlier = layer.get(assignment.name)
            if earlier is not None:
                self._note_twice(earlier, assignment)
            layer[assignment.name] = assignment
        self.assignments.update(layer)

    def _note_twice(self, earlier: Assignment, later: Assignment) -> None:
        if earlier.from_file == later.from_file:
            self.warnings.append(
                f"{later.origin}: {later.written_name}: is set twice, first in line {earlier.origin.line}; this "
                "value is used"
            )
        else:
            self.problems.append(
                later.origin.problem(f"is set together with {later.name}_FILE; keep only one of them", later.name)
            )


def _about(path: Path, text: str) -> SettingProblem:
    return SettingProblem(text, place=f"`{path.name}`", file=path.name)


def read_text(path: Path) -> str:
    """The text of a small file, without a byte order mark. Raises ValueError with a message, or FileNotFoundError."""
    try:
        if path.exists() and not path.is_file() and not path.is_fifo():  # <(command) passes a pipe
            raise ValueError("is not a file")
        with path.open("rb") as file:
            data = file.read(_MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from error
    if len(data) > _MAX_FILE_BYTES:
        raise ValueError("is too large for a settings file")
    return _decode(data)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line} is not UTF-8 text; save the file as UTF-8") from None


def _assignment(name: str, text: str, origin: ValueOrigin) -> Assignment:
    if name in SPECS:
        return Assignment(name, text, origin)
    return Assignment(name.removesuffix("_FILE"), text, origin, from_file=True)


def _first_line(binding: Binding) -> int:
    """The parser also counts the empty lines before an assignment."""
    text = binding.original.string
    return binding.original.line + len(_NEWLINE.findall(text[: len(text) - len(text.lstrip())]))


def _unknown(name: str) -> str:
    upper = name.upper()
    near = [_FOREIGN[upper]] if upper in _FOREIGN else difflib.get_close_matches(upper, _KNOWN, n=1, cutoff=0.8)
    if not near and not _PLAIN_NAME.fullmatch(name):
        return "not an aishare setting"  # possibly part of a secret, so it is not repeated
    return f"{name[:64]}: not an aishare setting" + (f"; did you mean {near[0]}?" if near else "")
