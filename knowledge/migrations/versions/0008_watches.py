"""Claims that members want to be told of once they turn up, and up to where they were looked for."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the watches; what is in the collections by now is looked for by checks alone."""
    op.add_column("collection", sa.Column("watched_to", sa.Integer(), nullable=False, server_default="1"))
    op.execute("UPDATE collection SET watched_to = next_passage")
    op.create_table(
        "watch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("speaker", sa.String(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_called", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_watch_collection_id", "watch", ["collection_id"])
    op.create_index("ix_watch_member", "watch", ["member"])


def downgrade() -> None:
    """Forget the watches."""
    op.drop_table("watch")
    op.drop_column("collection", "watched_to")
