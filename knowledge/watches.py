"""Claims that members asked to be told of once they turn up, and what a server's members miss most.

`lookout` finds out what turned up. Members and places are opaque names such as "discord:1234"; a watch keeps the
member because a message needs one, and nothing else of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update
from sqlmodel import SQLModel

from knowledge.background import weight
from knowledge.claims import read_claim
from knowledge.errors import CollectionDisabled, TooManyWatches
from knowledge.library import Library
from knowledge.models import now
from knowledge.retention import WATCH_KEPT
from knowledge.text import bare_words, normal_words, terms

MOST_WATCHES = 20
"""Watches that one person may have at a time, over all servers."""
_ALIKE = 0.6
"""Share of the weight of two claims' words that both have, from which on they are one claim in other words."""

_collection = SQLModel.metadata.tables["collection"]
_watch = SQLModel.metadata.tables["watch"]


@dataclass(frozen=True, slots=True)
class Watch:
    """A claim that a member wants to be told of, in the language of `locale`.

    `place` is where it was asked, "" where that was in no channel. `found_at` is when it turned up; None as long as it
    is looked for.
    """

    id: int
    collection: str
    member: str
    place: str
    text: str
    speaker: str | None
    locale: str
    at: datetime
    found_at: datetime | None

    @property
    def ends_at(self) -> datetime:
        """When it is deleted at the latest."""
        return self.at + WATCH_KEPT


@dataclass(frozen=True, slots=True)
class Gap:
    """A claim that `members` people wait for, in the words of the first of them; `since` is when that one asked."""

    text: str
    members: int
    since: datetime


class Watches:
    """All watches of a library. Any thread may call it."""

    def __init__(self, library: Library, clock: Callable[[], datetime] = now) -> None:
        self._library = library
        self._clock = clock

    def add(
        self,
        collection: str,
        text: str,
        *,
        member: str,
        place: str = "",
        speaker: str | None = None,
        locale: str = "en-US",
    ) -> Watch:
        """Watch for a claim from now on; one that the member watches for already is kept for so much longer.

        Raises `TooManyWatches`, `CollectionDisabled`, and `ClaimError` for what nobody could find.
        """
        read_claim(text, speaker)
        with self._library.changing(collection, member) as writer:
            if writer.collection.disabled:
                raise CollectionDisabled(collection)
            own = _of_member(writer.connection, member)
            asked = (collection, text, speaker)
            known = next((one for one in own if (one.collection, one.text, one.speaker) == asked), None)
            if known is None and len(own) >= MOST_WATCHES:
                raise TooManyWatches(MOST_WATCHES)
            kept = {"place": place, "locale": locale, "at": self._clock(), "found_at": None, "is_called": False}
            if known is None:
                new = {"collection_id": writer.collection_id, "member": member, "text": text, "speaker": speaker}
                added = writer.connection.execute(insert(_watch).values(**new, **kept)).inserted_primary_key
                assert added is not None  # the database gave it a number
                number = added[0]
            else:
                number = known.id
                writer.connection.execute(update(_watch).where(_watch.c.id == number).values(**kept))
            return _watches(writer.connection, _WATCHES.where(_watch.c.id == number))[0]

    def get(self, number: int) -> Watch | None:
        """The watch of a number; None where it has ended."""
        with self._library.reading() as connection:
            return next(iter(_watches(connection, _WATCHES.where(_watch.c.id == number))), None)

    def own(self, member: str) -> tuple[Watch, ...]:
        """The watches of a member, oldest first."""
        with self._library.reading() as connection:
            return _of_member(connection, member)

    def of_member(self, member: str) -> list[dict[str, Any]]:
        """Everything that is kept of a member, oldest first."""
        return [
            {
                "claim": one.text,
                "speaker": one.speaker,
                "collection": one.collection,
                "place": one.place,
                "locale": one.locale,
                "at": one.at.isoformat(),
                "until": one.ends_at.isoformat(),
            }
            for one in self.own(member)
        ]

    def stop(self, number: int, member: str) -> bool:
        """Delete a watch of a member's; whether there was one."""
        with self._library.writing() as connection:
            mine = delete(_watch).where(_watch.c.id == number, _watch.c.member == member)
            return bool(connection.execute(mine).rowcount)

    def forget(self, member: str) -> int:
        """Delete everything that is kept of a member; returns how many watches that were."""
        with self._library.writing() as connection:
            return connection.execute(delete(_watch).where(_watch.c.member == member)).rowcount

    def expire(self, moment: datetime) -> int:
        """Delete what is older than `WATCH_KEPT` at a moment; returns how many watches that were."""
        with self._library.writing() as connection:
            return connection.execute(delete(_watch).where(_watch.c.at <= moment - WATCH_KEPT)).rowcount

    # --- what turned up ---

    def turned_up(self, limit: int) -> tuple[Watch, ...]:
        """Watches whose member is still to be told, those that turned up first before the others."""
        untold = _WATCHES.where(_watch.c.found_at.is_not(None), ~_watch.c.is_called)
        with self._library.reading() as connection:
            return _watches(connection, untold.order_by(_watch.c.found_at, _watch.c.id).limit(limit))

    def called(self, number: int) -> None:
        """Note that the member was called, and is to come and see."""
        self._change(number, is_called=True)

    def look_on(self, number: int) -> None:
        """Look for it again, where what turned up is gone."""
        self._change(number, found_at=None)

    def _change(self, number: int, **values: object) -> None:
        with self._library.writing() as connection:
            connection.execute(update(_watch).where(_watch.c.id == number).values(**values))

    # --- what is missing ---

    def gaps(self, collection: str, limit: int) -> tuple[Gap, ...]:
        """What most members of a collection wait for and it does not have; nearly the same claims are one."""
        with self._library.reading() as connection:
            standing = _WATCHES.where(_collection.c.name == collection, _watch.c.found_at.is_(None))
            watches = _watches(connection, standing.order_by(_watch.c.at, _watch.c.id))
        groups = _grouped(watches)
        groups.sort(key=lambda group: (-len(group.members), group.first.at))
        return tuple(Gap(group.first.text, len(group.members), group.first.at) for group in groups[:limit])


_WATCHES = select(
    _watch.c.id,
    _collection.c.name,
    _watch.c.member,
    _watch.c.place,
    _watch.c.text,
    _watch.c.speaker,
    _watch.c.locale,
    _watch.c.at,
    _watch.c.found_at,
).join(_collection, _collection.c.id == _watch.c.collection_id)


def _watches(connection: Connection, query: Select[*tuple[Any, ...]]) -> tuple[Watch, ...]:
    return tuple(Watch(*row) for row in connection.execute(query))


def _of_member(connection: Connection, member: str) -> tuple[Watch, ...]:
    return _watches(connection, _WATCHES.where(_watch.c.member == member).order_by(_watch.c.id))


# --- claims that are nearly the same ---


@dataclass(slots=True)
class _Group:
    """Watches for one claim; `words` are those of the first, with their weights."""

    first: Watch
    words: Mapping[str, float]
    members: set[str] = field(default_factory=set)


def _grouped(watches: Iterable[Watch]) -> list[_Group]:
    """Watches in groups of nearly the same claim, each led by its oldest."""
    groups: list[_Group] = []
    having: defaultdict[str, list[_Group]] = defaultdict(list)
    for watch in watches:
        words = _weighed(watch)
        near = {id(group): group for word in words for group in having[word]}.values()
        best = max(near, key=lambda group: _likeness(words, group.words), default=None)
        if best is None or _likeness(words, best.words) < _ALIKE:
            best = _Group(watch, words)
            groups.append(best)
            for word in words:
                having[word].append(best)
        best.members.add(watch.member)
    return groups


def _weighed(watch: Watch) -> Mapping[str, float]:
    words = normal_words(read_claim(watch.text, watch.speaker).statement)
    return {term: weight(word) for term, word in zip(terms(words), bare_words(words), strict=True)}


def _likeness(words: Mapping[str, float], others: Mapping[str, float]) -> float:
    """The share of the weight of two claims' words that both have."""
    both = sum(value for word, value in words.items() if word in others)
    either = sum(words.values()) + sum(others.values()) - both
    return both / either if either else 0.0
