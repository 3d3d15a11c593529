"""Alembic's entry: runs the migrations on the connection it is given (aishare.catalogue.database.opening.migrate)."""

from alembic import context

from aishare.catalogue import schema  # noqa: F401 - the tables, which enter the metadata
from aishare.catalogue.columns import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter columns in place
)
with context.begin_transaction():
    context.run_migrations()
