"""Checks of a requested change to the settings files, before any file is read."""

import re
from collections.abc import Mapping
from typing import Final

from aishare.core.errors import SettingProblem
from aishare.settings.catalog import SPECS, Settings
from aishare.settings.masking import is_mask

MAX_VALUE_BYTES: Final = 64 * 1024

_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")


def without_masks(changes: Mapping[str, str | None], running: Settings) -> dict[str, str | None]:
    """A masked secret that was sent back is not a change."""
    return {name: text for name, text in changes.items() if not _is_mask(name, text, running)}


def unfit_problems(changes: Mapping[str, str | None]) -> list[SettingProblem]:
    """Unknown names, and values that a line cannot contain. No problem repeats a value."""
    found = [(name, _about_name(name) or _about_text(text)) for name, text in changes.items()]
    return [SettingProblem(problem, _shown(name)) for name, problem in found if problem]


def _is_mask(name: str, text: str | None, running: Settings) -> bool:
    spec = SPECS.get(name)
    return spec is not None and text is not None and is_mask(spec, text, current=getattr(running, spec.field))


def _about_name(name: str) -> str | None:
    if _CONTROL.search(name):
        return "must not contain a control character or a line break"
    spec = SPECS.get(name) or SPECS.get(name.removesuffix("_FILE"))
    if not _NAME.fullmatch(name) or spec is None or (name not in SPECS and not spec.secret):
        return "not an aishare setting"
    return None


def _about_text(text: str | None) -> str | None:
    if text is None:
        return None
    if _CONTROL.search(text):
        return "must not contain a control character or a line break"
    if len(text.encode()) > MAX_VALUE_BYTES:
        return "must not be longer than 64 KiB"
    return None


def _shown(name: str) -> str:
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", name[:64])
