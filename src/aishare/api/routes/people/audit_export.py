"""The audit log as a file: CSV for spreadsheets, JSON lines for programs."""

import csv
import io
import json
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import astuple, fields
from datetime import datetime
from typing import Final

from aishare.catalogue.people.audit import AuditRow

COLUMNS: Final = tuple(field.name for field in fields(AuditRow))

_FORMULA: Final = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@\uff0b\uff0d\uff1d\uff20\t\r\n])")
"""Where a spreadsheet would begin to calculate (OWASP, CSV injection): at the start of a cell, and after what some of
them take for the end of one. The wide forms count as well in East Asian versions."""


async def csv_file(pages: AsyncIterator[Sequence[AuditRow]]) -> AsyncIterator[bytes]:
    """RFC 4180, each cell in quotation marks; cells that would be formulas start with an apostrophe."""
    yield _csv([COLUMNS])
    async for rows in pages:
        yield _csv([[safe_cell(_text(value)) for value in astuple(row)] for row in rows])


async def jsonl_file(pages: AsyncIterator[Sequence[AuditRow]]) -> AsyncIterator[bytes]:
    """One object per line, unchanged."""
    async for rows in pages:
        documents = ({name: _json(getattr(row, name)) for name in COLUMNS} for row in rows)
        yield "".join(json.dumps(document) + "\n" for document in documents).encode()


def safe_cell(text: str) -> str:
    """The text, with an apostrophe wherever a spreadsheet would start a formula."""
    return _FORMULA.sub(r"\1'", text)


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    target = io.StringIO()
    csv.writer(target, quoting=csv.QUOTE_ALL).writerows(rows)
    return target.getvalue().encode()


def _text(value: object) -> str:
    return "" if value is None else str(_json(value))


def _json(value: object) -> object:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
