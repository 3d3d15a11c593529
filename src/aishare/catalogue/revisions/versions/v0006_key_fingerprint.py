"""The fingerprint of SECRET_KEY, so that another key is noticed; digests that show a node that its settings differ;
when a storage first had our owner marker.
"""

import sqlalchemy as sa
from alembic import op

from aishare.catalogue.columns import Timestamp

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("installation", sa.Column("key_fingerprint", sa.Text(), nullable=True))
    op.add_column("locations", sa.Column("claimed_at", Timestamp(), nullable=True))
    op.add_column("configuration_changes", sa.Column("digests", sa.Text(), nullable=True))
    op.add_column("nodes", sa.Column("differs", sa.Text(), nullable=True))
