"""Brings a database to the schema of this code, through the Alembic revisions in `migrations`."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from knowledge.errors import SchemaError

REVISION = "0008"
"""The newest revision; a test holds it against the files."""


def upgrade(connection: Connection, before: Callable[[str], object] = lambda found: None) -> None:
    """Make or upgrade the tables inside the caller's transaction. Raises `SchemaError` for an unknown schema.

    `before` gets the revision of a schema that is about to be upgraded.
    """
    if _revision(connection) == REVISION:
        return
    # Alembic takes 0.2 s to import, and an opened library needs it only after an upgrade of the code.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    found = _revision(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise SchemaError(found)
    if found is None and inspect(connection).get_table_names():
        raise SchemaError("none of ours")
    if found is not None:
        before(found)
    command.upgrade(config, "head")


def is_current(connection: Connection) -> bool:
    """Whether nothing needs to be done."""
    return _revision(connection) == REVISION


def _revision(connection: Connection) -> str | None:
    """The revision that the database says it has; None where it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found
