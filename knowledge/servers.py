"""The servers that a bot is a member of, and what becomes of the data of one that it was removed from.

A collection remembers which bot is in its server: another one on the same library, such as that of the console, says
nothing about it.
"""

from collections.abc import Collection as Names
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlmodel import SQLModel

from knowledge.library import Library
from knowledge.retention import SERVER_KEPT

_collection = SQLModel.metadata.tables["collection"]


class Servers:
    """The collections of the servers of one bot; `application` is its name, such as "1234"."""

    def __init__(self, library: Library, application: str) -> None:
        self._library = library
        self._application = application

    def tend(self, present: Names[str], now: datetime) -> None:
        """Note in which of the library's servers the bot is, and since when it is out of others."""
        with self._library.reading() as connection:
            rows = connection.execute(select(_collection.c.name, _collection.c.application, _collection.c.left_at))
            known = rows.all()
        here = [one.name for one in known if one.name in present and (one.application, one.left_at) != self._here]
        gone = [
            one.name
            for one in known
            if one.name not in present and one.application == self._application and one.left_at is None
        ]
        if here or gone:
            with self._library.writing() as connection:
                self._note(connection, here, None)
                self._note(connection, gone, now)

    def enter(self, server: str) -> None:
        """Note that the bot is in a server."""
        with self._library.writing() as connection:
            self._note(connection, [server], None)

    def leave(self, server: str, now: datetime) -> None:
        """Note that the bot was removed from a server."""
        with self._library.writing() as connection:
            self._note(connection, [server], now)

    def delete_left(self, now: datetime) -> tuple[str, ...]:
        """Delete all of the servers that the bot has been out of for 30 days; returns their names."""
        mine = (_collection.c.application == self._application, _collection.c.left_at <= now - SERVER_KEPT)
        with self._library.reading() as connection:
            names = tuple(connection.scalars(select(_collection.c.name).where(*mine)))
        for name in names:
            self._library.delete_collection(name)
        return names

    @property
    def _here(self) -> tuple[str, None]:
        return self._application, None

    def _note(self, connection: Connection, names: list[str], left_at: datetime | None) -> None:
        noted: dict[str, Any] = {"application": self._application, "left_at": left_at}
        connection.execute(update(_collection).where(_collection.c.name.in_(names)).values(noted))
