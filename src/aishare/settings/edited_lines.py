"""Where the problems of a settings file that has not been written are reported: in the current file."""

from dataclasses import replace
from difflib import SequenceMatcher

from aishare.core.errors import SettingProblem


def in_file_of_now(problem: SettingProblem, file: str, before: bytes, after: bytes) -> SettingProblem:
    """A problem of `after`, at the matching line in `before`; without a line if it is new."""
    if problem.file != file or problem.line is None:
        return problem
    line = _line_before(before, after, problem.line)
    return replace(problem, line=line, place=None if line is None else f"`{file}` line {line}")


def in_backup(problem: SettingProblem, file: str) -> SettingProblem:
    """A problem in a backup to be restored."""
    if problem.file != file or problem.line is None:
        return problem
    return replace(problem, place=f"backup of `{file}` line {problem.line}")


def _line_before(before: bytes, after: bytes, line: int) -> int | None:
    old, new = before.splitlines(), after.splitlines()
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if j1 < line <= j2:
            place = i1 + line - j1
            return place if tag in {"equal", "replace"} and place <= i2 else None
    return None
