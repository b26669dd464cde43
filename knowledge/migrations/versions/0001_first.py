"""The first schema: collections, articles with versions, the audit, and the derived passages and index."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_state = sa.Enum("BUILDING", "LIVE", "DEAD", name="segmentstate")
_field = sa.Enum("TITLE", "TEXT", name="passagefield")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "collection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("next_passage", sa.Integer(), nullable=False),
        sa.Column("indexed_to", sa.Integer(), nullable=False),
        sa.Column("next_segment", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("publisher", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("first_passage", sa.Integer(), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("collection_id", "url"),
    )
    op.create_table(
        "articleversion",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("article_id", "number"),
    )
    op.create_table(
        "passage",
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("field", _field, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("collection_id", "number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "segment",
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", _state, nullable=False),
        sa.Column("first_passage", sa.Integer(), nullable=False),
        sa.Column("end_passage", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("collection_id", "number"),
    )
    op.create_table(
        "posting",
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("document_frequency", sa.Integer(), nullable=False),
        sa.Column("passage_ids", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("collection_id", "term", "segment"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tail",
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("first_passage", sa.Integer(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("collection_id", "first_passage"),
    )
    op.create_table(
        "lease",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job"),
    )
    op.create_table(
        "auditentry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_auditentry_collection_id", "auditentry", ["collection_id"])


def downgrade() -> None:
    """Drop every table."""
    for table in (
        "auditentry",
        "lease",
        "tail",
        "posting",
        "segment",
        "passage",
        "articleversion",
        "article",
        "collection",
    ):
        op.drop_table(table)
