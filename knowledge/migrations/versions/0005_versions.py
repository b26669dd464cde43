"""Words that only an older version of an article has stay indexed, and are marked; pages are fetched again."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_SETTINGS = ("refreshes", "links_archive")


def upgrade() -> None:
    """Have the articles with several versions indexed again, which opening the library does."""
    _forget_passages("SELECT id FROM article WHERE version > 1")
    op.add_column("passage", sa.Column("version", sa.Integer(), nullable=True))
    for name in _SETTINGS:
        op.add_column("collection", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "pagestate",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("last_modified", sa.String(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id"),
    )


def downgrade() -> None:
    """Have the articles indexed again of which more than the newest version is."""
    _forget_passages("SELECT article_id FROM passage WHERE version IS NOT NULL")
    op.drop_table("pagestate")
    for name in _SETTINGS:
        op.drop_column("collection", name)
    op.drop_column("passage", "version")


def _forget_passages(articles: str) -> None:
    """Drop the passages of some articles; what the index has of them stands no more."""
    op.execute(sa.text(f"UPDATE article SET first_passage = 0, passages = 0 WHERE id IN ({articles})"))
    op.execute(sa.text("DELETE FROM passage WHERE article_id IN (SELECT id FROM article WHERE passages = 0)"))
