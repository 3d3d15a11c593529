"""Candidate settings: the current settings with some values changed, as a form sends them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from aishare.core.errors import InvalidSettings, SettingProblem
from aishare.settings.catalog import SPECS, Settings
from aishare.settings.load import validated
from aishare.settings.masking import is_mask
from aishare.settings.spec import SettingSpec, plain_text

STORAGE_GROUPS: Final = frozenset({"storage", "s3", "s3_compatible"})
"""Groups of settings in the catalogue."""

_LEAVES_FILES_IN_REACH: Final = frozenset(
    {"MAX_UPLOAD_SIZE_MB", "SCRUB_PERCENT", "SCRUB_SCHEDULE", "STORAGE_FALLBACK"},
)

LEADS_TO_FILES: Final = frozenset(
    name for name, spec in SPECS.items() if spec.group in STORAGE_GROUPS and name not in _LEAVES_FILES_IN_REACH
)
"""Variables that can make files unreachable: new values are tested before they are applied, and must then be confirmed.
"""


def storage_candidate(running: Settings, changes: Mapping[str, str | None], *, base_dir: Path) -> Settings:
    """`running` with `changes` (variable -> text) to storage variables; relative paths start from `base_dir`.

    A secret that is empty, None or masked keeps its current value; another variable that is empty or None gets its
    default. Raises InvalidSettings with every problem.
    """
    problems = [problem for name in changes if (problem := _unfit(name)) is not None]
    if problems:
        raise InvalidSettings(problems)
    values = {name: plain_text(getattr(running, spec.field)) for name, spec in SPECS.items()}
    for name, text in changes.items():
        values[name] = _changed(SPECS[name], text, getattr(running, SPECS[name].field))
    return validated({name: text for name, text in values.items() if text}, base_dir=base_dir)


def _unfit(name: str) -> SettingProblem | None:
    spec = SPECS.get(name)
    if spec is None:
        return SettingProblem("not an aishare setting", name[:64])
    if spec.group not in STORAGE_GROUPS:
        return SettingProblem("is not a storage setting", name)
    return None


def _changed(spec: SettingSpec, text: str | None, current: object) -> str:
    wanted = (text or "").strip()
    keeps = spec.secret and (not wanted or is_mask(spec, wanted, current=current))
    return plain_text(current) if keeps else wanted
