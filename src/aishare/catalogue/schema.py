"""The tables."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from aishare.catalogue.columns import Timestamp, metadata, owner_column


def _where(condition: str) -> dict[str, Any]:
    return {f"{database}_where": text(condition) for database in ("sqlite", "postgresql")}


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
"""One row per user, created with the user. Locking it serialises all changes of one user's files."""

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    owner_column(),
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
    owner_column(),
    Column("name", Text, nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("created_at", Timestamp, nullable=False),
    Column("expires_at", Timestamp),
    Column("last_used_at", Timestamp),
    Column("scopes", Text),  # separated by spaces; null for everything the owner may do
    Column("folder", Text),
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
    Column("sealed_config", LargeBinary),  # its settings, encrypted with a key derived from SECRET_KEY
    Column("profile", Text),  # JSON: features found by its connection test
    Column("created_at", Timestamp, nullable=False),
    Column("claimed_at", Timestamp),  # when our owner marker was first seen in it
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
    Column("stamps", Text),  # of its file on a local disk when it was last verified
    Column("created_at", Timestamp, nullable=False),
    Column("deleted_at", Timestamp, index=True),
    UniqueConstraint("location_id", "key"),
    Index("ix_objects_location_id_id", "location_id", "id"),
)

files = Table(
    "files",
    metadata,
    Column("id", Text, primary_key=True),
    owner_column("owner_id"),
    Column("path", Text, nullable=False),
    Column("path_key", Text, nullable=False),  # case folded, for search
    Column("path_order", LargeBinary, nullable=False, server_default=text("''")),  # core.natural_order, for sorting
    Column("folder", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_order", LargeBinary, nullable=False, server_default=text("''")),
    Column("media_type", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),  # of the object; here for sorting by index
    Column("object_id", Text, ForeignKey("objects.id"), nullable=False),
    Column("created_at", Timestamp, nullable=False),
    Column("modified_at", Timestamp, nullable=False),
    UniqueConstraint("owner_id", "path"),
    Index("ix_files_owner_id_path_order", "owner_id", "path_order", "id"),
    Index("ix_files_owner_id_folder_name_order", "owner_id", "folder", "name_order", "id"),
    Index("ix_files_owner_id_modified_at", "owner_id", "modified_at", "id"),
    Index("ix_files_owner_id_size_bytes", "owner_id", "size_bytes", "id"),
    Index("ix_files_object_id", "object_id"),
)

folders = Table(
    "folders",
    metadata,
    Column("owner_id", Text, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("path_key", Text, nullable=False, server_default=text("''")),  # case folded, for search
    Column("parent", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, server_default=text("''")),
    Column("name_order", LargeBinary, nullable=False, server_default=text("''")),  # core.natural_order, for sorting
    Column("files", BigInteger, nullable=False),  # of the whole subtree, like `bytes`
    Column("bytes", BigInteger, nullable=False),
    Column("created_at", Timestamp, nullable=False),
    Column("modified_at", Timestamp, nullable=False),  # time of the last change in it
    Index("ix_folders_owner_id_parent_name_order", "owner_id", "parent", "name_order"),
)
"""One row per folder, including every ancestor of a file. The root has none; its totals are the owner's usage."""

copies = Table(
    "copies",
    metadata,
    Column("location_id", Text, ForeignKey("locations.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("object_id", Text, nullable=False),  # its row may already be deleted
    Column("migration_id", Text),
    Column("size_bytes", BigInteger, nullable=False),
    Column("purge_after", Timestamp, nullable=False, index=True),
    Index("ix_copies_object_id", "object_id"),
    Index("ix_copies_migration_id", "migration_id", "object_id"),
)
"""Old copies of objects that were moved; deleted after a grace period."""

migrations = Table(
    "migrations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source_id", Text, ForeignKey("locations.id"), nullable=False),
    Column("target_id", Text, ForeignKey("locations.id"), nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("plan", Text, nullable=False),  # JSON
    Column("verify", Text, nullable=False),
    Column("concurrency", Integer, nullable=False),
    Column("bytes_per_second", BigInteger),  # None: no limit
    Column("grace_seconds", BigInteger, nullable=False),
    Column("cursor", Text, nullable=False),  # id of the last object handled
    Column("round", Integer, nullable=False),
    Column("objects_done", BigInteger, nullable=False),
    Column("bytes_done", BigInteger, nullable=False),
    Column("objects_skipped", BigInteger, nullable=False),  # deleted or moved meanwhile
    Column("objects_rate", Float),  # per second, recently
    Column("bytes_rate", Float),
    Column("error", Text),
    Column("manifest", Text),  # JSON, set at the end
    Column("created_by", Text, nullable=False),
    Column("created_at", Timestamp, nullable=False),
    Column("started_at", Timestamp),
    Column("finished_at", Timestamp),
    Column("lease_owner", Text),
    Column("lease_until", Timestamp),
)

migration_failures = Table(
    "migration_failures",
    metadata,
    Column("migration_id", Text, ForeignKey("migrations.id", ondelete="CASCADE"), primary_key=True),
    Column("object_id", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("at", Timestamp, nullable=False),
)

scrubs = Table(
    "scrubs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("location_id", Text),  # None: all
    Column("state", Text, nullable=False),
    Column("percent", Integer, nullable=False),
    Column("cursor", Text, nullable=False),
    Column("objects", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("damages", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", Timestamp, nullable=False),
    Column("finished_at", Timestamp),
    Column("lease_owner", Text),
    Column("lease_until", Timestamp),
)

damages = Table(
    "damages",
    metadata,
    Column("object_id", Text, primary_key=True),
    Column("location_id", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("code", Text, nullable=False),  # object_not_found or object_corrupt
    Column("reason", Text, nullable=False),
    Column("scrub_id", Text),
    Column("found_at", Timestamp, nullable=False),
)
"""Objects whose bytes are missing or damaged; a row is removed when its object is intact again or deleted."""

garbage = Table(
    "garbage",
    metadata,
    Column("plan_id", Text, primary_key=True),
    Column("location_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("found_at", Timestamp, nullable=False),
)
"""Objects that no row refers to, as found by a clean-up plan; checked again before they are deleted."""

installation = Table(
    "installation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("created_at", Timestamp, nullable=False),
    Column("key_fingerprint", Text),  # of SECRET_KEY; reveals nothing about the key
)
"""One row: the identity of this installation. Every location has a marker with this id."""

nodes = Table(
    "nodes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),  # host, process and worker, for people
    Column("started_at", Timestamp, nullable=False),
    Column("seen_at", Timestamp, nullable=False, index=True),
    Column("change_id", Text),  # the last configuration change that it applied
    Column("problem", Text),  # why it could not be applied
    Column("differs", Text),  # variables of that change with different values here, comma-separated
)
"""One row per serving process, renewed every few seconds."""

configuration_changes = Table(
    "configuration_changes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),  # counts up; nodes look for a higher one
    Column("state", Text, nullable=False),
    Column("names", Text, nullable=False),  # of the variables, comma-separated; never values
    Column("digests", Text),  # JSON: of each value, keyed with SECRET_KEY; for nodes with their own settings
    Column("file", Text),
    Column("backup_id", Text),  # the file before the change
    Column("actor_id", Text),
    Column("actor_name", Text, nullable=False),
    Column("problem", Text),
    Column("created_at", Timestamp, nullable=False),
    Column("confirm_until", Timestamp),
    Column("ended_at", Timestamp),
)

shares = Table(
    "shares",
    metadata,
    Column("id", Text, primary_key=True),
    owner_column("owner_id"),
    Column("file_id", Text, ForeignKey("files.id", ondelete="CASCADE")),  # either this
    Column("folder", Text),  # or this: a path of the owner, updated when the folder moves
    owner_column(),  # the user it is shared with
    Column("may_write", Boolean, nullable=False),
    Column("created_at", Timestamp, nullable=False),
    Index("ux_shares_file", "file_id", "user_id", unique=True, **_where("file_id IS NOT NULL")),
    Index("ux_shares_folder", "owner_id", "folder", "user_id", unique=True, **_where("folder IS NOT NULL")),
    Index("ix_shares_user_id", "user_id"),
)
"""Files and folders that a user shares with another user."""

links = Table(
    "links",
    metadata,
    Column("id", Text, primary_key=True),
    owner_column("owner_id"),
    Column("kind", Text, nullable=False),  # file, folder, or request (a file request)
    Column("file_id", Text),  # for a file; no foreign key: the link and its log are kept when it is deleted
    Column("folder", Text),  # for a folder or request: a path of the owner, updated when the folder moves
    Column("sha256", LargeBinary),  # only this content; None: the latest
    Column("user_id", Text, ForeignKey("users.id", ondelete="CASCADE")),  # only for this user
    Column("password_hash", Text),
    Column("max_downloads", Integer),
    Column("downloads", Integer, nullable=False),  # started downloads
    Column("note", Text),
    Column("created_at", Timestamp, nullable=False),
    Column("expires_at", Timestamp),
    Column("revoked_at", Timestamp),
    Column("used_at", Timestamp),  # time of the last use
    Column("token_hash", LargeBinary),  # of the token; None: a signed token of an earlier version, which is not stored
    Column("token_sealed", LargeBinary),  # the encrypted token, shown to its owner
    Index("ux_links_token_hash", "token_hash", unique=True),
    Index("ix_links_owner_id_created_at", "owner_id", "created_at", "id"),
    Index("ix_links_file_id", "file_id"),
    Index("ix_links_owner_id_folder", "owner_id", "folder"),
)

link_uses = Table(
    "link_uses",
    metadata,
    Column("id", Text, primary_key=True),
    Column("link_id", Text, ForeignKey("links.id", ondelete="CASCADE"), nullable=False),
    Column("at", Timestamp, nullable=False),
    Column("mark", LargeBinary),  # digest of the cookie that all range requests of one download have
    Column("user_id", Text),
    Column("username", Text),
    Column("address", Text, nullable=False),
    Column("path", Text),  # of the file in a folder; None: the file itself, or everything as an archive
    Column("bytes", BigInteger, nullable=False),  # sent or received
    Column("size_bytes", BigInteger),
    Column("ended_at", Timestamp),
    Column("restarts", Integer, nullable=False, server_default=text("0")),  # of an archive, because it has no ranges
    Index("ix_link_uses_link_id_at", "link_id", "at", "id"),
    Index("ix_link_uses_mark", "mark"),
)
"""One row per download or upload through a link."""

images = Table(
    "images",
    metadata,
    Column("sha256", LargeBinary, primary_key=True),
    Column("recipe", Integer, nullable=False),  # version of the rules; rows of older versions are examined again
    Column("format", Text),  # the decoder's name for it
    Column("width", Integer),
    Column("height", Integer),
    Column("colour", Text),  # the dominant colour: #rrggbb
    Column("error", Text),  # code: why there is no thumbnail; retrying would not help
    Column("reason", Text),  # the same as text
    Column("made_at", Timestamp, nullable=False),
)
"""What is known about the content of an image, shared by all files with that content."""

audit = Table(
    "audit",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", Timestamp, nullable=False),
    Column("actor_id", Text),
    Column("actor_name", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("target", Text),
    Column("target_id", Text),  # stays the same when the item is renamed
    Column("owner_name", Text),  # its owner
    Column("detail", Text),
    Column("address", Text),
    Column("request_id", Text),
    Index("ix_audit_at", "at", "id"),
    Index("ix_audit_action_at", "action", "at", "id"),
)
