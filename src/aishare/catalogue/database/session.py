"""The catalogue as services see it: read, write, look up. Which engine answers is decided by the URL."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Connection, Row, Select
from sqlalchemy.exc import IntegrityError

from aishare.core.errors import Conflict, InvalidInput

__all__ = ["UNSTORABLE", "Catalogue", "Connection", "Lookup", "conflict", "unstorable"]

T = TypeVar("T")

UNSTORABLE: Final = (UnicodeEncodeError, OverflowError)
"""What drivers raise for half a character or a number beyond 64 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Lookup(Generic[T]):
    """A hot query for one row, found by index: `statement` has bind parameters, `build` makes the value of its row."""

    statement: Select[Any]
    build: Callable[[Row[Any] | tuple[Any, ...]], T]


class Catalogue(ABC):
    """Runs functions of a connection. Everything raised is ours, or an error of the function itself."""

    label: str
    """`sqlite` or `postgresql`; never an address."""

    @abstractmethod
    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run `query` on a connection that sees all that is committed. It must not change anything."""

    @abstractmethod
    async def write(self, change: Callable[[Connection], T]) -> T:
        """Run `change` as one transaction, and return when it is durable. If `change` raises, nothing of it stays.

        CatalogueUnavailable means that nobody knows whether it was committed. `change` may run more than once.
        """

    @abstractmethod
    async def lookup(self, lookup: Lookup[T], **parameters: object) -> T | None:
        """The value of the row, or None."""

    @abstractmethod
    async def ping(self) -> None:
        """Raises CatalogueUnavailable if the database does not answer."""

    async def hold_reserve(self, size_bytes: int) -> None:
        """Keep so much of the disk for writes when it is full, where the database is a file of ours."""
        del size_bytes

    @abstractmethod
    async def aclose(self) -> None:
        """Finish what was accepted, then free threads and connections."""


def conflict(_error: IntegrityError) -> Conflict:
    """What a unique constraint means to a caller; the values in its message may be somebody's data."""
    return Conflict("This already exists.")


def unstorable() -> InvalidInput:
    """A client may send any text and number, and not all of them can be put into a database."""
    return InvalidInput("A value contains characters or a number that cannot be stored.")
