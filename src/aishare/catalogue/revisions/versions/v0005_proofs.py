"""What is known of an object's file on the local disk when its bytes were last proven."""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
