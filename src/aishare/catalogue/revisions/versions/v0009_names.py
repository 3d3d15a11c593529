"""Natural sort order of names, searchable folders, and file events in the audit log."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from aishare.core.natural_order import name_order, path_order

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_BATCH: Final = 5000
"""Rows in memory at once; a million of them take a minute or two."""


def upgrade() -> None:
    """Everything in the transaction of the upgrade: if it is killed half-way, it starts again from the old tables."""
    _add("files", path_order=sa.LargeBinary, name_order=sa.LargeBinary)
    _add("folders", path_key=sa.Text, name_key=sa.Text, name_order=sa.LargeBinary)
    _fill("files", ("id",), _order_of_file)
    _fill("folders", ("owner_id", "path"), _columns_of_folder)
    op.drop_index("ix_files_owner_id_folder_name", "files")
    op.drop_index("ix_folders_owner_id_parent_name", "folders")
    op.create_index("ix_files_owner_id_path_order", "files", ["owner_id", "path_order", "id"])
    op.create_index("ix_files_owner_id_folder_name_order", "files", ["owner_id", "folder", "name_order", "id"])
    op.create_index("ix_folders_owner_id_parent_name_order", "folders", ["owner_id", "parent", "name_order"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ANALYZE files, folders"
        )  # otherwise PostgreSQL ignores the new indexes until its next automatic ANALYZE
    op.create_index("ix_links_owner_id_folder", "links", ["owner_id", "folder"])
    op.add_column("audit", sa.Column("target_id", sa.Text(), nullable=True))
    op.add_column("audit", sa.Column("owner_name", sa.Text(), nullable=True))
    op.create_index("ix_audit_action_at", "audit", ["action", "at", "id"])
    _name_links()


def _add(table: str, **columns: Any) -> None:
    """Not null, but with a default for rows written by a node that still runs the previous version."""
    no_bytes = "x''" if op.get_bind().dialect.name == "sqlite" else "''"
    for name, kind in columns.items():
        empty = sa.text(no_bytes if kind is sa.LargeBinary else "''")
        op.add_column(table, sa.Column(name, kind(), nullable=False, server_default=empty))


def _order_of_file(path: str, name: str) -> dict[str, Any]:
    return {"path_order": path_order(path), "name_order": name_order(name)}


def _columns_of_folder(path: str, name: str) -> dict[str, Any]:
    return {"path_key": path.casefold(), "name_key": name.casefold(), "name_order": name_order(name)}


def _fill(name: str, key: Sequence[str], columns_of: Callable[[str, str], dict[str, Any]]) -> None:
    """In batches by key, so that neither memory nor the time of a batch grows with the table."""
    table = sa.table(name, *map(sa.column, dict.fromkeys((*key, "path", "name"))))
    keys = [table.c[column] for column in key]
    connection, last = op.get_bind(), None
    while True:
        batch = sa.select(*keys, table.c.path.label("at"), table.c.name.label("called")).order_by(*keys).limit(_BATCH)
        if last is not None:
            batch = batch.where(sa.tuple_(*keys) > sa.tuple_(*map(sa.literal, last)))
        rows = connection.execute(batch).all()
        if not rows:
            return
        last = rows[-1][: len(key)]
        keyed = [dict(zip(key, row, strict=False)) for row in rows]
        _write(connection, name, keyed, [columns_of(row.at, row.called) for row in rows])


def _write(connection: sa.Connection, name: str, keyed: list[dict[str, Any]], filled: list[dict[str, Any]]) -> None:
    """PostgreSQL takes a batch in one statement, as arrays: five times as fast as row by row."""
    key, columns = keyed[0], filled[0]
    if connection.dialect.name == "sqlite":
        change = ", ".join(f"{column} = :new_{column}" for column in columns)
        same = " AND ".join(f"{column} = :key_{column}" for column in key)
        rows = [_named("key", one) | _named("new", other) for one, other in zip(keyed, filled, strict=True)]
        connection.execute(sa.text(f"UPDATE {name} SET {change} WHERE {same}"), rows)  # noqa: S608 - only our own names
        return
    change = ", ".join(f"{column} = given.new_{column}" for column in columns)
    same = " AND ".join(f"{name}.{column} = given.key_{column}" for column in key)
    kinds = _named("key", key) | _named("new", columns)
    arrays = ", ".join(
        f"CAST(:{column} AS {'bytea' if isinstance(kinds[column], bytes) else 'text'}[])" for column in kinds
    )
    values = {f"key_{column}": [row[column] for row in keyed] for column in key}
    values |= {f"new_{column}": [row[column] for row in filled] for column in columns}
    statement = f"UPDATE {name} SET {change} FROM unnest({arrays}) AS given({', '.join(kinds)}) WHERE {same}"  # noqa: S608
    connection.execute(sa.text(statement), values)


def _named(prefix: str, values: dict[str, Any]) -> dict[str, Any]:
    return {f"{prefix}_{column}": value for column, value in values.items()}


def _name_links() -> None:
    """Audit entries of links contained ids; now they contain the file or folder, as far as it is still known."""
    op.execute("UPDATE audit SET target_id = target WHERE action LIKE 'link\\_%' ESCAPE '\\'")
    op.execute(
        """
        UPDATE audit SET
            owner_name = (SELECT users.username FROM links JOIN users ON users.id = links.owner_id
                          WHERE links.id = audit.target_id),
            target = COALESCE(
                (SELECT 'link to ' || files.path FROM links JOIN files ON files.id = links.file_id
                 WHERE links.id = audit.target_id AND links.kind = 'file'),
                (SELECT CASE links.kind WHEN 'request' THEN 'request link to ' ELSE 'link to ' END || links.folder
                 FROM links WHERE links.id = audit.target_id AND links.kind <> 'file'),
                target)
        WHERE action LIKE 'link\\_%' ESCAPE '\\'
        """
    )
