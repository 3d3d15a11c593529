"""The catalogue as services see it: read, write, look up. The URL decides which engine is used."""

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
"""What drivers raise for an unpaired surrogate or a number beyond 64 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Lookup(Generic[T]):
    """A frequent query for one row, found by index: `statement` has bind parameters, `build` makes the value from its
    row.
    """

    statement: Select[Any]
    build: Callable[[Row[Any] | tuple[Any, ...]], T]


class Catalogue(ABC):
    """Runs functions of a connection. Errors are our own, or those of the function itself."""

    label: str
    """`sqlite` or `postgresql`; never an address."""

    @abstractmethod
    async def read(self, query: Callable[[Connection], T]) -> T:
        """Runs `query` on a connection that sees everything committed. It must not change anything."""

    @abstractmethod
    async def write(self, change: Callable[[Connection], T]) -> T:
        """Runs `change` as one transaction, and returns when it is durable. If `change` raises, everything is rolled
        back.

        CatalogueUnavailable means that it is unknown whether it was committed. `change` may run more than once.
        """

    @abstractmethod
    async def lookup(self, lookup: Lookup[T], **parameters: object) -> T | None:
        """The value of the row, or None."""

    @abstractmethod
    async def ping(self) -> None:
        """Raises CatalogueUnavailable if the database does not answer."""

    async def hold_reserve(self, size_bytes: int) -> None:
        """Keeps this much of the disk free for writes when it is full, if the database is a local file."""
        del size_bytes

    @abstractmethod
    async def aclose(self) -> None:
        """Finishes accepted changes, then closes threads and connections."""


def conflict(_error: IntegrityError) -> Conflict:
    """A violated unique constraint; the database's own message could contain a user's data."""
    return Conflict("This already exists.")


def unstorable() -> InvalidInput:
    """Clients can send any text and number, but not all of them can be stored in a database."""
    return InvalidInput("A value contains characters or a number that cannot be stored.")
