"""Leases: rows that only one process works on at a time, in the columns `lease_owner` and `lease_until`."""

from datetime import datetime

from sqlalchemy import ColumnElement, Table, or_


def is_free(table: Table, owner: str, now: datetime) -> ColumnElement[bool]:
    """Nobody has the lease, its owner was silent for too long, or it is our own."""
    return or_(table.c.lease_until.is_(None), table.c.lease_until <= now, table.c.lease_owner == owner)
