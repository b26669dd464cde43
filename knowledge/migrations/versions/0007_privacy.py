"""What members said of answers, and since when a bot is out of a server."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the feedback, and two columns to the collections."""
    op.add_column("collection", sa.Column("application", sa.String(), nullable=True))
    op.add_column("collection", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("opinion", sa.String(20), nullable=False),
        sa.Column("claim", sa.String(), nullable=False),
        sa.Column("speaker", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("collection_id", "answer", "member"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feedback_member", "feedback", ["member"])


def downgrade() -> None:
    """Forget what was said, and who left."""
    op.drop_table("feedback")
    op.drop_column("collection", "left_at")
    op.drop_column("collection", "application")
