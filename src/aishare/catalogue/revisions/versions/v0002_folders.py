"""Folders with their totals, created from the existing files; sessions by user."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from aishare.catalogue.columns import Timestamp
from aishare.core.paths import ancestors_of, split_path

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BATCH = 1000


def upgrade() -> None:
    folders = op.create_table(
        "folders",
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Timestamp(), nullable=False),
        sa.Column("modified_at", Timestamp(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_folders_owner_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("owner_id", "path", name=op.f("pk_folders")),
    )
    with op.batch_alter_table("folders", schema=None) as batch_op:
        batch_op.create_index("ix_folders_owner_id_parent_name", ["owner_id", "parent", "name"], unique=False)
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index("ix_sessions_user_id", ["user_id"], unique=False)

    rows = list(_folders_of_files(op.get_bind()))
    for start in range(0, len(rows), _BATCH):
        op.bulk_insert(folders, rows[start : start + _BATCH])


def _folders_of_files(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    files = sa.table(
        "files",
        sa.column("owner_id"),
        sa.column("folder"),
        sa.column("size_bytes"),
        sa.column("created_at", Timestamp()),
        sa.column("modified_at", Timestamp()),
    )
    direct = sa.select(
        files.c.owner_id,
        files.c.folder,
        sa.func.count(),
        sa.func.sum(files.c.size_bytes),
        sa.func.min(files.c.created_at),
        sa.func.max(files.c.modified_at),
    ).group_by(files.c.owner_id, files.c.folder)
    folders: dict[tuple[str, str], list[Any]] = {}
    for owner_id, folder, count, size, created_at, modified_at in connection.execute(direct):
        for path in [*ancestors_of(folder), folder] if folder else []:
            known = folders.setdefault((owner_id, path), [0, 0, created_at, modified_at])
            known[0] += count
            known[1] += int(size)
            known[2] = min(known[2], created_at)
            known[3] = max(known[3], modified_at)
    for (owner_id, path), (count, size, created_at, modified_at) in folders.items():
        parent, name = split_path(path)
        yield {
            "owner_id": owner_id,
            "path": path,
            "parent": parent,
            "name": name,
            "files": count,
            "bytes": size,
            "created_at": created_at,
            "modified_at": modified_at,
        }
