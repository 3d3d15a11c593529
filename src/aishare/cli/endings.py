"""How errors end a command."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console

from aishare.core.errors import AishareError, InvalidSettings, LocationOwned

_BAD_SETTINGS: Final = 2
_FAILED: Final = 1


@contextmanager
def reporting_errors() -> Iterator[None]:
    """Says what is wrong on standard error and ends the process, with 2 where settings are wrong, else with 1."""
    errors = Console(stderr=True, highlight=False)
    try:
        yield
    except InvalidSettings as error:
        errors.print("aishare can not start with these settings:", style="bold red")
        for problem in error.problems:
            errors.print(f"  {problem}", markup=False)
        sys.exit(_BAD_SETTINGS)
    except AishareError as error:
        errors.print(error.message, style="bold red", markup=False)
        if error.hint:
            errors.print(error.hint, markup=False)
        sys.exit(_BAD_SETTINGS if isinstance(error, LocationOwned) else _FAILED)
