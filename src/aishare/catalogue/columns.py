"""Column types. Ids are texts of 24 characters, digests 32 bytes, times microseconds since 1970 UTC."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Dialect, ForeignKey, MetaData, Text
from sqlalchemy.types import TypeDecorator

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def moment(stored: int | None) -> datetime | None:
    """The datetime of a stored Timestamp."""
    return None if stored is None else _EPOCH + timedelta(microseconds=stored)


def microseconds(value: datetime) -> int:
    """The stored value of a Timestamp; for lookups, whose parameters are passed to the database unchanged."""
    return (value - _EPOCH) // timedelta(microseconds=1)


class Timestamp(TypeDecorator[datetime]):
    """An aware datetime, stored as microseconds since the epoch: sortable and exact on both engines."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return moment(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def owner_column(name: str = "user_id") -> Column[str]:
    return Column(name, Text, ForeignKey("users.id", ondelete="CASCADE"), nullable=False)
