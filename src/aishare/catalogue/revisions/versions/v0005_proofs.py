"""What is known of an object's file on the local disk when its bytes were last proven."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Objects from before have none: they are proven when they are read for the first time."""
    op.add_column("objects", sa.Column("stamps", sa.Text(), nullable=True))
