"""The settings are not valid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aishare.core.errors.root import AishareError


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """A problem with one variable or one line. `place` says where it was set, `file` and `line` if in a file.

    `needs` is the variable that is missing.
    """

    text: str
    variable: str | None = None
    place: str | None = None
    file: str | None = None
    line: int | None = None
    needs: str | None = None

    def __str__(self) -> str:
        return ": ".join(part for part in (self.place, self.variable, self.text) if part)


class InvalidSettings(AishareError):
    """One or more settings are not valid; `problems` lists each with its file and line."""

    code = "invalid_settings"

    def __init__(
        self, problems: list[SettingProblem], *, steps: Sequence[Mapping[str, str | float | bool | None]] = ()
    ) -> None:
        super().__init__("; ".join(map(str, problems)), hint="Correct these settings and try again.")
        self.problems = problems
        self.steps = steps
        """Steps of a connection test that failed."""
