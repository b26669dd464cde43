"""How many checks came to which verdict and how long they took, and when a feed was last polled."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the counters, and the moment of a feed's last poll."""
    op.add_column("feed", sa.Column("polled_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "checkcount",
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("within_ms", sa.Integer(), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collection_id", "day", "verdict", "within_ms"),
    )


def downgrade() -> None:
    """Forget what was counted."""
    op.drop_table("checkcount")
    op.drop_column("feed", "polled_at")
