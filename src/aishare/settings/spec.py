"""The description of each variable, derived from the fields of the settings model."""

import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from aishare.core.certificates import CertificateFile

Applies = Literal["live", "restart"]
Mask = Literal["all", "id"]
Kind = Literal["boolean", "integer", "choice", "path", "list", "text"]


@dataclass(frozen=True, slots=True)
class Category:
    """Settings that belong together: `id` for programs, `name` for people."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Used in the `Annotated` of a field. `mask` is only for secrets: both ends of an `id` are shown."""

    category: Category
    applies: Applies
    help: str
    unit: str | None = None
    mask: Mask = "all"
    type_text: str | None = None
    default_text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingSpec:
    """One variable. `name` is the environment name, `field` the attribute; `default` is the text to write in a file.

    `kind` is its type for programs, `type_text` for people; the same applies to `group` and `category`.
    """

    name: str
    field: str
    kind: Kind
    type_text: str
    unit: str | None
    default: str
    default_note: str
    """Describes what applies without a value if `default` is empty."""
    secret: bool
    mask: Mask
    group: str
    category: str
    applies: Applies
    help: str
    choices: tuple[str, ...]
    is_path: bool


def derive(model: type[BaseModel]) -> tuple[SettingSpec, ...]:
    """The catalogue of `model`, in the order of its fields."""
    return tuple(_spec(field, info) for field, info in model.model_fields.items())


def plain_text(value: object) -> str:
    """`value` as written in a `.env` file. Secrets are unwrapped: mask before showing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, Path):
        return value.as_posix()
    return str(value)


def _spec(field: str, info: FieldInfo) -> SettingSpec:
    setting = next(extra for extra in info.metadata if isinstance(extra, Setting))
    kinds = _kinds(info.annotation)
    choices = tuple(str(choice) for kind in kinds if get_origin(kind) is Literal for choice in get_args(kind))
    is_path = bool({Path, CertificateFile}.intersection(kinds))
    default, kind = plain_text(info.default), _kind(kinds, choices)
    return SettingSpec(
        name=field.upper(),
        field=field,
        kind=kind,
        type_text=setting.type_text or _type_text(kind, choices, info),
        unit=setting.unit,
        default=f"./{default}" if is_path and default else default,
        default_note=setting.default_text or "",
        secret=SecretStr in kinds,
        mask=setting.mask,
        group=setting.category.id,
        category=setting.category.name,
        applies=setting.applies,
        help=setting.help,
        choices=choices,
        is_path=is_path,
    )


def _kinds(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(kind for kind in get_args(annotation) if kind is not type(None))
    return (annotation,)


def _kind(kinds: tuple[Any, ...], choices: tuple[str, ...]) -> Kind:
    if choices:
        return "choice"
    if bool in kinds:
        return "boolean"
    if int in kinds:
        return "integer"
    if {Path, CertificateFile}.intersection(kinds):
        return "path"
    return "list" if any(get_origin(kind) is tuple for kind in kinds) else "text"


_TYPE_TEXTS: Final[dict[Kind, str]] = {
    "boolean": "true or false",
    "integer": "whole number",
    "path": "path",
    "list": "list, separated by commas",
    "text": "text",
}


def _type_text(kind: Kind, choices: tuple[str, ...], info: FieldInfo) -> str:
    if kind == "choice":
        return "one of " + ", ".join(choices)
    return _TYPE_TEXTS[kind] + (_bounds(info) if kind == "integer" else "")


def _bounds(info: FieldInfo) -> str:
    low = next((extra.ge for extra in info.metadata if hasattr(extra, "ge")), None)
    high = next((extra.le for extra in info.metadata if hasattr(extra, "le")), None)
    if low is None:
        return ""
    return f", {low} or more" if high is None else f", {low} to {high}"
