"""The fingerprint of SECRET_KEY, so that another key is noticed."""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
