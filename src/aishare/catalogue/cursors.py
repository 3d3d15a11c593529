"""Cursors: opaque text that says where a page of a list ended."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Select, Text, literal, tuple_

from aishare.catalogue.columns import microseconds, moment
from aishare.core.errors import InvalidInput

_INTEGER_MAX: Final = 2**63 - 1


def encode_cursor(*values: str | int) -> str:
    """For `decode_cursor`."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def decode_cursor(cursor: str, *kinds: type) -> tuple[Any, ...]:
    """The values, if they have these types; InvalidInput for any other text."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        fits = isinstance(values, list) and [type(value) for value in values] == list(kinds)
        fits = fits and all(map(_is_storable, values))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        fits = False
    if not fits:
        raise foreign_cursor()
    return tuple(values)


def encode_bytes(value: bytes) -> str:
    """As a value of a cursor."""
    return base64.urlsafe_b64encode(value).decode()


def decode_bytes(value: str) -> bytes:
    """InvalidInput for text that `encode_bytes` did not make."""
    try:
        return base64.urlsafe_b64decode(value.encode())
    except (ValueError, binascii.Error):
        raise foreign_cursor() from None


def _is_storable(value: str | int) -> bool:
    """Whether databases can store it: no NUL, no unpaired surrogate, at most 64 bits."""
    if isinstance(value, int):
        return -_INTEGER_MAX <= value <= _INTEGER_MAX
    return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)


def _decoded_moment(number: int) -> datetime:
    """From microseconds in a cursor; InvalidInput for an impossible time."""
    try:
        found = moment(number)
    except OverflowError:
        found = None
    if found is None:
        raise foreign_cursor()
    return found


def foreign_cursor() -> InvalidInput:
    """The cursor is from another list, from before an upgrade that changed the order, or invented."""
    return InvalidInput("The cursor does not belong to this list.", hint="Start again without a cursor.")


def newest_first(  # noqa: PLR0913 - a statement, its order and a page
    connection: Connection,
    statement: Select[Any],
    at: Column[datetime],
    row_id: Column[str],
    *,
    cursor: str | None,
    limit: int,
    parameters: dict[str, Any] | None = None,
) -> tuple[Sequence[tuple[Any, ...]], str | None]:
    """One page of rows by time and id, which must both be selected, and where the next page starts; None at the end.
    New rows come before the first page, so nothing is listed twice.
    """
    if cursor is not None:
        number, last_id = decode_cursor(cursor, int, str)
        here = tuple_(literal(_decoded_moment(number), at.type), literal(last_id, Text()))
        statement = statement.where(tuple_(at, row_id) < here)
    ordered = statement.order_by(at.desc(), row_id.desc()).limit(limit + 1)
    rows = connection.execute(ordered, parameters or {}).all()
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]._mapping  # noqa: SLF001 - SQLAlchemy's public name for access by column
    return rows[:limit], encode_cursor(microseconds(last[at]), last[row_id])
