"""The stamps of an object's file on the local disk when it was last verified."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Existing objects have none: they are verified when they are read for the first time."""
    op.add_column("objects", sa.Column("stamps", sa.Text(), nullable=True))
