"""What the moderators' desk keeps of people: the suggestions that they made, and their names in the log.

The log is there so that a server's moderators can see who changed what, so that a name stays in it for a year, also
where its bearer asks for more. What a member who is no moderator leaves there, a suggestion, goes at once.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, null, or_, select, update
from sqlmodel import SQLModel

from knowledge.library import Library
from knowledge.members import FORGOTTEN, PEOPLE
from knowledge.retention import ANSWERED_SUGGESTION_KEPT, LOG_NAMES_KEPT, WAITING_SUGGESTION_KEPT

_collection = SQLModel.metadata.tables["collection"]
_audit = SQLModel.metadata.tables["auditentry"]
_suggestion = SQLModel.metadata.tables["suggestion"]
_rule = SQLModel.metadata.tables["domainrule"]
_feed = SQLModel.metadata.tables["feed"]


class Suggestions:
    """The addresses that members suggested, waiting or decided, as the store of what it holds about them."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def of_member(self, member: str) -> list[dict[str, Any]]:
        """What a member suggested, in all collections, oldest first."""
        columns = (_suggestion.c.at, _suggestion.c.url, _suggestion.c.note, _suggestion.c.approved)
        query = select(_collection.c.name.label("collection"), *columns).join_from(_suggestion, _collection)
        with self._library.reading() as connection:
            rows = connection.execute(query.where(_suggestion.c.actor == member).order_by(_suggestion.c.id))
            return [{**row._mapping, "at": row.at.isoformat()} for row in rows]

    def forget(self, member: str) -> int:
        """Delete what a member suggested; the log keeps the address alone."""
        with self._library.writing() as connection:
            _unname_suggestions(connection, _audit.c.actor == member)
            return connection.execute(delete(_suggestion).where(_suggestion.c.actor == member)).rowcount

    def expire(self, now: datetime) -> int:
        """Delete what was decided on, and what waited too long."""
        answered = and_(_suggestion.c.decided_by.is_not(None), _suggestion.c.at <= now - ANSWERED_SUGGESTION_KEPT)
        old = or_(answered, _suggestion.c.at <= now - WAITING_SUGGESTION_KEPT)
        with self._library.writing() as connection:
            is_old = _audit.c.at <= now - ANSWERED_SUGGESTION_KEPT
            _unname_suggestions(connection, and_(is_old, _audit.c.actor.startswith(PEOPLE)))
            return connection.execute(delete(_suggestion).where(old)).rowcount


def _unname_suggestions(connection: Connection, condition: ColumnElement[bool]) -> None:
    """Take the name and the note out of the log's entries on suggestions."""
    entries = update(_audit).where(_audit.c.action == "suggest", condition)
    connection.execute(entries.values(actor=FORGOTTEN, after=null()))


class Log:
    """The names in the log and beside what moderators settled, as the store of what it holds about them."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def of_member(self, member: str) -> list[dict[str, Any]]:
        """What stands in the log under a member's name, in all collections, oldest first."""
        columns = (_audit.c.at, _audit.c.action, _audit.c.url)
        query = select(_collection.c.name.label("collection"), *columns).join_from(_audit, _collection)
        with self._library.reading() as connection:
            rows = connection.execute(query.where(_audit.c.actor == member).order_by(_audit.c.id))
            return [{**row._mapping, "at": row.at.isoformat()} for row in rows]

    def forget(self, member: str) -> int:
        """Take a name away from everything but the log; returns from how many records."""
        with self._library.writing() as connection:
            return sum(
                connection.execute(update(who.table).where(who == member).values({who: FORGOTTEN})).rowcount
                for who in (_rule.c.actor, _feed.c.added_by, _suggestion.c.decided_by)
            )

    def expire(self, now: datetime) -> int:
        """Take out the names that have stood there for a year; returns from how many records."""
        dated = ((_audit.c.actor, _audit.c.at), (_rule.c.actor, _rule.c.at), (_feed.c.added_by, _feed.c.added_at))
        with self._library.writing() as connection:
            return sum(
                connection.execute(
                    update(who.table).where(at <= now - LOG_NAMES_KEPT, who.startswith(PEOPLE)).values({who: FORGOTTEN})
                ).rowcount
                for who, at in dated
            )
