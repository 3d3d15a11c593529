"""Started downloads, and short link tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Existing links keep their tokens, which are not stored in any column."""
    op.add_column("links", sa.Column("token_hash", sa.LargeBinary(), nullable=True))
    op.add_column("links", sa.Column("token_sealed", sa.LargeBinary(), nullable=True))
    op.create_index("ux_links_token_hash", "links", ["token_hash"], unique=True)
    op.add_column("link_uses", sa.Column("restarts", sa.Integer(), server_default=sa.text("0"), nullable=False))
