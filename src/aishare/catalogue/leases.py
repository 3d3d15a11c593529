"""Leases: rows that one process at a time works on, in the columns `lease_owner` and `lease_until`."""

from datetime import datetime

from sqlalchemy import ColumnElement, Table, or_


def is_free(table: Table, owner: str, now: datetime) -> ColumnElement[bool]:
    """Nobody has it, whoever had it is silent for too long, or it is ours already."""
    return or_(table.c.lease_until.is_(None), table.c.lease_until <= now, table.c.lease_owner == owner)
