"""Alembic's entry point: runs the migrations on the given connection (aishare.catalogue.database.opening.migrate)."""

from alembic import context

from aishare.catalogue import schema  # noqa: F401 - adds the tables to the metadata
from aishare.catalogue.columns import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter columns in place
)
with context.begin_transaction():
    context.run_migrations()
