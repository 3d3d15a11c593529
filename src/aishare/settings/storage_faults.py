"""Which problems in the settings only affect an S3 storage, so that the server can start without it."""

from collections.abc import Sequence
from typing import Final

from aishare.core.errors import SettingProblem
from aishare.settings.catalog import SPECS, Settings

_S3_GROUPS: Final = frozenset({"s3", "s3_compatible"})
"""Each is also the STORAGE_TYPE that uses it."""

_ANY_S3: Final = frozenset({"S3_KEY_PREFIX", "S3_PUBLIC_ENDPOINT", "S3_CA_BUNDLE", "S3_SIGN_PAYLOAD"})


def can_wait(problems: Sequence[SettingProblem], settings: Settings) -> bool:
    """Whether all problems are about an S3 storage, and it is not used or the spool may take its files until then."""
    if not all(_is_about_s3(problem) for problem in problems):
        return False
    return settings.storage_fallback == "spool" or not of_the_storage(problems, settings)[0]


def of_the_storage(
    problems: Sequence[SettingProblem], settings: Settings
) -> tuple[list[SettingProblem], list[SettingProblem]]:
    """Problems of the storage in use, and of one that is not."""
    if any(_name_of(problem) == "STORAGE_TYPE" and problem.needs is None for problem in problems):
        return list(problems), []  # it is unknown which one is used
    wrong = [problem for problem in problems if _is_used(_name_of(problem), settings)]
    return wrong, [problem for problem in problems if problem not in wrong]


def _is_used(name: str, settings: Settings) -> bool:
    if name == "STORAGE_TYPE":
        return True
    if settings.storage_type == "local":
        return False
    return name in _ANY_S3 or SPECS[name].group == settings.storage_type


def _is_about_s3(problem: SettingProblem) -> bool:
    name = _name_of(problem)
    if name == "STORAGE_TYPE" or name in _ANY_S3:
        return True
    return name in SPECS and SPECS[name].group in _S3_GROUPS


def _name_of(problem: SettingProblem) -> str:
    """The variable, even if it was written as NAME_FILE."""
    return (problem.variable or "").removesuffix("_FILE")
