"""Postings become gaps of 16 bits, and terms stems: what was indexed is dropped, and indexed again on opening."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Take postings in gaps."""
    _forget_index()
    op.drop_column("posting", "passage_ids")
    op.add_column("posting", sa.Column("gaps", sa.LargeBinary(), nullable=False))


def downgrade() -> None:
    """Take postings as numbers."""
    _forget_index()
    op.drop_column("posting", "gaps")
    op.add_column("posting", sa.Column("passage_ids", sa.LargeBinary(), nullable=False))


def _forget_index() -> None:
    """Drop everything that is derived from the articles."""
    for table in ("posting", "segment", "tail", "passage"):
        op.execute(sa.text(f"DELETE FROM {table}"))
    op.execute(sa.text("UPDATE article SET first_passage = 0, passages = 0"))
    op.execute(sa.text("UPDATE collection SET next_passage = 1, indexed_to = 1"))
