"""How errors end a command."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NoReturn

from rich.console import Console

from aishare.core.errors import (
    AishareError,
    CatalogueNotOpened,
    InvalidSettings,
    LocationOwned,
    SettingProblem,
)

WRONG: Final = 2
"""The command line, the settings or what they refer to are not valid; repeating the command does not help."""

_FAILED: Final = 1
_WRONG_KINDS: Final = (LocationOwned, CatalogueNotOpened)


class WrongCommandLine(Exception):
    """The command line is invalid, regardless of the stored data."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@contextmanager
def reporting_errors() -> Iterator[None]:
    """Prints errors to standard error and ends the process."""
    try:
        yield
    except InvalidSettings as error:
        end_with_problems("aishare cannot start with these settings:", error.problems)
    except WrongCommandLine as error:
        _say(error.message, error.hint)
        sys.exit(WRONG)
    except AishareError as error:
        _say(error.message, error.hint)
        sys.exit(WRONG if isinstance(error, _WRONG_KINDS) else _FAILED)
    except OSError as error:
        place = "" if error.filename is None else f"{error.filename}: "
        _say(f"{place}{error.strerror or type(error).__name__}")
        sys.exit(_FAILED)


def end_with_problems(title: str, problems: Sequence[SettingProblem]) -> NoReturn:
    """Each problem on its own line."""
    _say(title, *(f"  {problem}" for problem in problems))
    sys.exit(WRONG)


def _say(first: str, *others: str | None) -> None:
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    errors.print(first, style="bold red", markup=False)
    for text in filter(None, others):
        errors.print(text, markup=False)
