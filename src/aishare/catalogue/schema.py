"""The tables. Ids are texts of 24 characters, digests 32 bytes, times microseconds since 1970 in UTC."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.types import TypeDecorator

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Timestamp(TypeDecorator[datetime]):
    """An aware datetime, stored as microseconds since the epoch: the same, sortable and exact on both engines."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else _EPOCH + timedelta(microseconds=value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _owner(name: str = "user_id") -> Column[str]:
    return Column(name, Text, ForeignKey("users.id", ondelete="CASCADE"), nullable=False)


users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("username", Text, nullable=False),
    Column("username_key", Text, nullable=False, unique=True),  # NFKC, case folded: "Ada" and "ada" are one
    Column("display_name", Text, nullable=False),
    Column("password_hash", Text),
    Column("is_superuser", Boolean, nullable=False, server_default=false()),
    Column("is_demo", Boolean, nullable=False, server_default=false()),
    Column("disabled_at", Timestamp),
    Column("created_at", Timestamp, nullable=False),
)

usage = Table(
    "usage",
    metadata,
    Column("owner_id", Text, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("bytes", BigInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
)
"""One row per user, made with the user. Locking it puts all changes of one user's files in a row."""

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    _owner(),
    Column("created_at", Timestamp, nullable=False),
    Column("last_seen_at", Timestamp, nullable=False),
    Column("expires_at", Timestamp, nullable=False, index=True),
    Column("user_agent", Text, nullable=False),
    Column("address", Text, nullable=False),
    Index("ix_sessions_user_id", "user_id"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    _owner(),
    Column("name", Text, nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("created_at", Timestamp, nullable=False),
    Column("expires_at", Timestamp),
    Column("last_used_at", Timestamp),
    Index("ix_api_tokens_user_id", "user_id"),
)

login_throttle = Table(
    "login_throttle",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("first_failure_at", Timestamp, nullable=False),
    Column("locked_until", Timestamp),
)

locations = Table(
    "locations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("fingerprint", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("sealed_config", LargeBinary),
    Column("created_at", Timestamp, nullable=False),
)

objects = Table(
    "objects",
    metadata,
    Column("id", Text, primary_key=True),
    Column("location_id", Text, ForeignKey("locations.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("chunk_sha256", LargeBinary, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("created_at", Timestamp, nullable=False),
    Column("deleted_at", Timestamp, index=True),
    UniqueConstraint("location_id", "key"),
    Index("ix_objects_location_id_id", "location_id", "id"),
)

files = Table(
    "files",
    metadata,
    Column("id", Text, primary_key=True),
    _owner("owner_id"),
    Column("path", Text, nullable=False),
    Column("path_key", Text, nullable=False),  # case folded, for search
    Column("folder", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),  # of the object; here for sorting by index
    Column("object_id", Text, ForeignKey("objects.id"), nullable=False),
    Column("created_at", Timestamp, nullable=False),
    Column("modified_at", Timestamp, nullable=False),
    UniqueConstraint("owner_id", "path"),
    Index("ix_files_owner_id_folder_name", "owner_id", "folder", "name", "id"),
    Index("ix_files_owner_id_modified_at", "owner_id", "modified_at", "id"),
    Index("ix_files_owner_id_size_bytes", "owner_id", "size_bytes", "id"),
    Index("ix_files_object_id", "object_id"),
)

folders = Table(
    "folders",
    metadata,
    Column("owner_id", Text, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("parent", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("files", BigInteger, nullable=False),  # of the whole subtree, like `bytes`
    Column("bytes", BigInteger, nullable=False),
    Column("created_at", Timestamp, nullable=False),
    Column("modified_at", Timestamp, nullable=False),  # of the last change inside
    Index("ix_folders_owner_id_parent_name", "owner_id", "parent", "name"),
)
"""One row per folder, each ancestor of a file included; the root has none, its sums are the owner's usage."""

audit = Table(
    "audit",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", Timestamp, nullable=False),
    Column("actor_id", Text),
    Column("actor_name", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("target", Text),
    Column("detail", Text),
    Column("address", Text),
    Column("request_id", Text),
    Index("ix_audit_at", "at", "id"),
)
