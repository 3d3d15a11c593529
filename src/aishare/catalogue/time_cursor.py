"""Where a page of rows by time ended: the time and id of its last row, as a text that clients hand back."""

import base64
import binascii
import json
from datetime import datetime

from aishare.catalogue.columns import microseconds, moment
from aishare.core.errors import InvalidInput


def time_cursor(at: datetime, row_id: str) -> str:
    """For `parse_time_cursor`."""
    return base64.urlsafe_b64encode(json.dumps([microseconds(at), row_id]).encode()).decode()


def parse_time_cursor(cursor: str) -> tuple[datetime, str]:
    """InvalidInput for a text that is none."""
    try:
        number, row_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        at = moment(number) if type(number) is int and isinstance(row_id, str) else None
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError):
        at = None
    if at is None:
        raise InvalidInput("The cursor is not one of this listing.", hint="Start again without a cursor.")
    return at, row_id
