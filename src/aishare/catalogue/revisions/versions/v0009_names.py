"""Names in the order of people, folders that can be searched for, and an audit that knows files."""

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
"""Rows in memory at once; a million of them are some tens of seconds."""


def upgrade() -> None:
    """All in the transaction of the upgrade: killed half-way, it begins again with the tables of before."""
    _add("files", path_order=sa.LargeBinary, name_order=sa.LargeBinary)
    _add("folders", path_key=sa.Text, name_key=sa.Text, name_order=sa.LargeBinary)
    _fill("files", ("id",), _order_of_file)
    _fill("folders", ("owner_id", "path"), _columns_of_folder)
    op.drop_index("ix_files_owner_id_folder_name", "files")
    op.drop_index("ix_folders_owner_id_parent_name", "folders")
    op.create_index("ix_files_owner_id_path_order", "files", ["owner_id", "path_order", "id"])
    op.create_index("ix_files_owner_id_folder_name_order", "files", ["owner_id", "folder", "name_order", "id"])
    op.create_index("ix_folders_owner_id_parent_name_order", "folders", ["owner_id", "parent", "name_order"])
    op.create_index("ix_links_owner_id_folder", "links", ["owner_id", "folder"])
    op.add_column("audit", sa.Column("target_id", sa.Text(), nullable=True))
    op.add_column("audit", sa.Column("owner_name", sa.Text(), nullable=True))
    op.create_index("ix_audit_action_at", "audit", ["action", "at", "id"])
    _name_links()


def _add(table: str, **columns: Any) -> None:
    """Not null, but with a value for rows of a node that is still of the version before."""
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
    filled = list(columns_of("a", "a"))
    table = sa.table(name, *(sa.column(column) for column in dict.fromkeys((*key, "path", "name", *filled))))
    keys = [table.c[column] for column in key]
    same = [column == sa.bindparam(f"key_{column.name}") for column in keys]
    change = sa.update(table).where(*same).values({column: sa.bindparam(f"new_{column}") for column in filled})
    connection, last = op.get_bind(), None
    while True:
        batch = sa.select(*keys, table.c.path.label("at"), table.c.name.label("called")).order_by(*keys).limit(_BATCH)
        if last is not None:
            batch = batch.where(sa.tuple_(*keys) > sa.tuple_(*map(sa.literal, last)))
        rows = connection.execute(batch).all()
        if not rows:
            return
        last = rows[-1][: len(key)]
        changes = [
            {f"key_{column}": row[index] for index, column in enumerate(key)}
            | {f"new_{column}": value for column, value in columns_of(row.at, row.called).items()}
            for row in rows
        ]
        connection.execute(change, changes)


def _name_links() -> None:
    """What was done to links stood with their ids; now with what they lead to, as far as that is still known."""
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
