"""Moderators' work: settings, labels, reviews, removals that can be undone, drafts, suggestions, rules for domains."""

import sqlalchemy as sa
from alembic import op

from knowledge.models import lookup_key

revision = "0003"
down_revision = "0002"

_ROWS_A_STEP = 2_000
_SETTINGS = ("disabled", "reads_shared", "private_by_default", "quota", "log_channel", "roles")


def upgrade() -> None:
    """Add what the desk keeps, and the key that articles are looked up by."""
    for name in _SETTINGS[:3]:
        op.add_column("collection", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("collection", sa.Column("quota", sa.Integer(), nullable=True))
    op.add_column("collection", sa.Column("log_channel", sa.String(), nullable=True))
    op.add_column("collection", sa.Column("roles", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("article", sa.Column("label", sa.String(20), nullable=False, server_default=""))
    op.add_column("article", sa.Column("review", sa.JSON(), nullable=True))
    op.add_column("article", sa.Column("lookup", sa.String(), nullable=False, server_default=""))
    _fill_lookup()
    op.create_index("ix_article_lookup", "article", ["collection_id", "lookup"])
    op.create_index("ix_article_publisher", "article", ["collection_id", "publisher"])
    _count()
    _create_tables()


def _fill_lookup() -> None:
    """Give every article its key; in Python, for databases fold case differently."""
    connection = op.get_bind()
    last = 0
    read = sa.text("SELECT id, title, publisher, url FROM article WHERE id > :last ORDER BY id LIMIT :step")
    while rows := connection.execute(read, {"last": last, "step": _ROWS_A_STEP}).all():
        keys = [{"id": row.id, "lookup": lookup_key(row.title, row.publisher, row.url)} for row in rows]
        connection.execute(sa.text("UPDATE article SET lookup = :lookup WHERE id = :id"), keys)
        last = rows[-1].id


def _count() -> None:
    """Begin the numbers of articles and collections where they are now."""
    op.create_table(
        "lastnumber",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    for table in ("article", "collection"):
        op.execute(sa.text(f"INSERT INTO lastnumber (name, last) SELECT '{table}', COALESCE(MAX(id), 0) FROM {table}"))


def _create_tables() -> None:
    op.create_table(
        "removal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("holding_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"]),
        sa.ForeignKeyConstraint(["holding_id"], ["collection.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("holding_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_removal_collection_id", "removal", ["collection_id"])
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("article", sa.JSON(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_draft_collection_id", "draft", ["collection_id"])
    op.create_index("ix_draft_url", "draft", ["url"])
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_suggestion_waiting", "suggestion", ["collection_id", "decided_by", "id"])
    op.create_table(
        "domainrule",
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("policy", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"]),
        sa.PrimaryKeyConstraint("collection_id", "domain"),
    )


def downgrade() -> None:
    """Drop what the desk keeps; what was removed and could be undone is lost."""
    held = "(SELECT id FROM article WHERE collection_id IN (SELECT holding_id FROM removal))"
    op.execute(sa.text(f"DELETE FROM articleversion WHERE article_id IN {held}"))
    op.execute(sa.text(f"DELETE FROM article WHERE id IN {held}"))
    op.execute(sa.text("CREATE TEMPORARY TABLE holding AS SELECT holding_id FROM removal"))
    for table in ("domainrule", "suggestion", "draft", "removal", "lastnumber"):
        op.drop_table(table)
    op.execute(sa.text("DELETE FROM collection WHERE id IN (SELECT holding_id FROM holding)"))
    op.execute(sa.text("DROP TABLE holding"))
    op.drop_index("ix_article_lookup", "article")
    op.drop_index("ix_article_publisher", "article")
    for name in ("label", "review", "lookup"):
        op.drop_column("article", name)
    for name in _SETTINGS:
        op.drop_column("collection", name)
