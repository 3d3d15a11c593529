"""Combines defaults, files, environment and command line into one frozen `Settings`, or reports every
problem at once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aishare.core.errors import InvalidSettings, SettingProblem
from aishare.settings.catalog import CATALOGUE, SPECS, Settings
from aishare.settings.layers import Assignment, Layers, ValueOrigin, read_text
from aishare.settings.rules import contradictions, unused_halves
from aishare.settings.storage_faults import can_wait, of_the_storage

_DEFAULT: Final = ValueOrigin("default")
_NONE: Final[Mapping[str, str]] = MappingProxyType({})
NOTHING_REPLACED: Final[Mapping[Path, bytes]] = MappingProxyType({})
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_APP_ENV = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_SENTENCES: Final = {  # pydantic's error types
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "bool_parsing": "must be true or false",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be {expected}",
    "value_error": "{error}",
}
_SHOWN: Final = 24
"""Longer values are not repeated in messages: numbers and words are short, a secret in the wrong line is not."""


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings and where each came from. `origins` has every name of the catalogue; `files` are those that were read.

    `base_dir` is the folder that relative paths start from, that of the `.env` file.
    """

    settings: Settings
    origins: Mapping[str, ValueOrigin]
    warnings: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    places: tuple[Path, ...] = ()
    """All settings files in order, including those that do not exist."""
    base_dir: Path = field(default_factory=Path.cwd)
    storage_problems: tuple[SettingProblem, ...] = ()
    """Why `settings` contain no usable storage, if that is allowed."""

    def accepted(self, problem: SettingProblem) -> bool:
        """Whether the problem was there when this was read, and was no reason to refuse it."""
        return problem in self.storage_problems or str(problem) in self.warnings


def load_settings(  # noqa: PLR0913 - the layers
    *,
    base_dir: Path | None = None,
    env_file: Path | None = None,
    environ: Mapping[str, str],
    overrides: Mapping[str, str] = _NONE,
    defaults: Mapping[str, str] = _NONE,
    replaced: Mapping[Path, bytes] = NOTHING_REPLACED,
    without_storage: bool = False,
) -> LoadedSettings:
    """Later values win: defaults, `.env`, `.env.{APP_ENV}`, `.env.local`, `environ`, `overrides` (by environment name).

    `env_file`, relative to `base_dir`, replaces `.env` and must exist; the other two are looked for next to it. An
    empty value means the default; `defaults` replace those of the catalogue. `replaced` contains bytes to use instead
    of those of a file. With `without_storage`, problems with an S3 storage are accepted as long as
    STORAGE_FALLBACK=spool; they are in `storage_problems`. Raises InvalidSettings with every problem; no message
    contains a secret.
    """
    first = (base_dir or Path.cwd()).absolute() / (env_file or ".env")
    layers = Layers(replaced=replaced)
    places = _read_layers(layers, first, required=env_file is not None, environ=environ, overrides=overrides)
    values = {**defaults, **_values(layers, first.parent)}
    settings, problems = _validate(values, layers, first.parent)
    found = [*layers.problems, *problems]
    if found and not (without_storage and can_wait(found, settings)):
        raise InvalidSettings(found)
    wrong, unused = of_the_storage(found, settings)
    layers.warnings += [str(problem) for problem in unused]
    origins = {spec.name: _origin(layers.assignments.get(spec.name), first.parent) for spec in CATALOGUE}
    return LoadedSettings(
        settings,
        MappingProxyType(origins),
        tuple(layers.warnings),
        tuple(layers.files),
        places,
        first.parent,
        tuple(wrong),
    )


def validated(values: Mapping[str, str], *, base_dir: Path) -> Settings:
    """Settings from texts by environment name. Raises InvalidSettings with every problem."""
    layers = Layers()
    for name, text in values.items():
        if _CONTROL.search(text):
            layers.problems.append(SettingProblem("must not contain a control character or a line break", name))
    settings, problems = _validate(values, layers, base_dir)
    if layers.problems or problems:
        raise InvalidSettings([*layers.problems, *problems])
    return settings


def _read_layers(
    layers: Layers, first: Path, *, required: bool, environ: Mapping[str, str], overrides: Mapping[str, str]
) -> tuple[Path, ...]:
    layers.add_file(first, required=required)
    local = first.with_name(f"{first.name}.local")
    app_env = _app_env(layers, local, environ, overrides)
    places = [first, local]
    if app_env and app_env != "local":
        places.insert(1, first.with_name(f"{first.name}.{app_env}"))
        layers.add_file(places[1])
        _refuse_other_app_env(layers, app_env)
    layers.add_file(local)
    layers.add_mapping(environ, "environment")
    layers.add_mapping(overrides, "override")
    return tuple(places)


def _app_env(layers: Layers, local: Path, environ: Mapping[str, str], overrides: Mapping[str, str]) -> str:
    """The name that decides which file is read must be known before the layers are complete."""
    peek = Layers(replaced=layers.replaced)
    peek.add_file(local)
    written = {**layers.assignments, **peek.assignments}.get("APP_ENV")
    text = overrides.get("APP_ENV", environ.get("APP_ENV", written.text if written else "")).strip()
    return text if _APP_ENV.fullmatch(text) else ""  # an invalid name is reported by its validator


def _refuse_other_app_env(layers: Layers, app_env: str) -> None:
    assignment = layers.assignments.get("APP_ENV")
    if assignment is None or assignment.text.strip() == app_env:
        return
    path = assignment.origin.path
    if path is not None and path.name.endswith(f".{app_env}"):
        layers.problems.append(assignment.origin.problem("cannot be changed in the file that it selects", "APP_ENV"))


def _values(layers: Layers, base_dir: Path) -> dict[str, str]:
    """Name -> text of everything that is set; problems go to `layers.problems`."""
    values = {}
    for name, assignment in layers.assignments.items():
        try:
            text = _text(assignment, base_dir)
        except ValueError as error:
            layers.problems.append(assignment.origin.problem(str(error), assignment.written_name))
            continue
        if text:
            values[name] = text
    return values


def _text(assignment: Assignment, base_dir: Path) -> str:
    text = assignment.text.strip()
    if _CONTROL.search(text):
        raise ValueError("must not contain a control character, a line break or bytes that are not UTF-8")
    if not text or not assignment.from_file:
        return text
    try:
        text = read_text(base_dir / text).strip()
    except FileNotFoundError:
        raise ValueError("there is no such file") from None
    if not text:
        raise ValueError("the file is empty")
    if _CONTROL.search(text):
        raise ValueError("the file contains more than one line")
    return text


def _validate(values: Mapping[str, str], layers: Layers, base_dir: Path) -> tuple[Settings, list[SettingProblem]]:
    """Contradictions among valid values are reported even if others are invalid, so that one round of corrections is
    enough.
    """
    by_field = {SPECS[name].field: text for name, text in values.items()}
    context = {"base_dir": base_dir}
    try:
        settings = Settings.model_validate(by_field, context=context)
        problems, bad = [], _unreadable(values, layers)
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems = [_explain(detail, values, layers) for detail in details]
        bad = _unreadable(values, layers) | {str(detail["loc"][0]).upper() for detail in details}
        good = {field: text for field, text in by_field.items() if field.upper() not in bad}
        settings = Settings.model_validate(good, context=context)
    for found in contradictions(settings):
        if bad.isdisjoint(found.names):
            problem = _origin_of(found.names[0], layers).problem(found.text, found.names[0])
            problems.append(replace(problem, needs=found.needs))
    for found in unused_halves(settings):
        problem = _origin_of(found.names[0], layers).problem(f"{found.text} (not used)", found.names[0])
        layers.warnings.append(str(problem))
    return settings, problems


def _unreadable(values: Mapping[str, str], layers: Layers) -> set[str]:
    """Set, but unreadable: already reported, so it must not be called missing."""
    return {name for name, found in layers.assignments.items() if found.text.strip() and name not in values}


def _origin_of(name: str, layers: Layers) -> ValueOrigin:
    assignment = layers.assignments.get(name)
    return assignment.origin if assignment else _DEFAULT


def _origin(assignment: Assignment | None, base_dir: Path) -> ValueOrigin:
    if assignment is None:
        return _DEFAULT
    origin = assignment.origin
    if not assignment.from_file or not assignment.text.strip():
        return origin
    return ValueOrigin(origin.kind, origin.path, origin.line, base_dir / assignment.text.strip())


def _explain(detail: ErrorDetails, values: Mapping[str, str], layers: Layers) -> SettingProblem:
    name = str(detail["loc"][0]).upper()
    assignment = layers.assignments.get(name)
    written = assignment.written_name if assignment else name
    return _origin_of(name, layers).problem(_sentence(detail) + _shown(name, detail, values), written)


def _sentence(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    sentence = _SENTENCES.get(detail["type"], detail["type"].replace("_", " "))
    return sentence.format(**context)


def _shown(name: str, detail: ErrorDetails, values: Mapping[str, str]) -> str:
    """The value, if it certainly is not a secret: a short word instead of a number or a choice."""
    text = values.get(name, "")
    secrets = [value for other, value in values.items() if SPECS[other].secret]
    if SPECS[name].secret or detail["type"] == "value_error" or not 0 < len(text) <= _SHOWN:
        return ""
    return "" if any(secret in text or text in secret for secret in secrets) else f", not {text!r}"
