"""What members say of answers, with their consent, and which answers are disputed by it.

The claim, the passage's address and the verdict are kept as the member saw them; the member is a keyed hash.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, delete, func, insert, select, update
from sqlmodel import SQLModel

from knowledge.errors import CollectionDisabled
from knowledge.library import Library
from knowledge.members import MemberKey
from knowledge.models import Opinion, now
from knowledge.retention import FEEDBACK_KEPT
from knowledge.verdicts import Verdict
from knowledge.writer import Writer

MOST_OF_ONE = 100
"""Opinions that are kept of one member in one collection; further ones take the place of the oldest."""

_feedback = SQLModel.metadata.tables["feedback"]
_collection = SQLModel.metadata.tables["collection"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody saw; `address` is the passage's, "" where none was shown, `speaker` who is said to have said it."""

    claim: str
    verdict: Verdict
    address: str = ""
    speaker: str = ""

    @property
    def digest(self) -> str:
        """The same for the same answer, whoever sees it."""
        seen = json.dumps([self.claim, self.speaker, self.address, self.verdict.value])
        return hashlib.sha256(seen.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Dispute:
    """An answer that somebody thinks wrong, how many think what of it, and when the last of them said so."""

    id: int
    answer: Answer
    right: int
    wrong_passage: int
    wrong_verdict: int
    at: datetime


class Feedback:
    """The feedback of all collections: taken in, and as the store of what it holds about members."""

    def __init__(self, library: Library, key: MemberKey, clock: Callable[[], datetime] = now) -> None:
        self._library = library
        self._key = key
        self._clock = clock

    def give(self, collection: str, member: str, answer: Answer, opinion: Opinion) -> bool:
        """Keep what a member thinks of an answer; whether it takes the place of what they said of it before.

        Raises `CollectionDisabled`.
        """
        name = self._key.hash(member)
        with self._library.changing(collection, name) as writer:
            if writer.collection.disabled:
                raise CollectionDisabled(collection)
            same = (*_of(writer, name), _feedback.c.answer == answer.digest)
            said = update(_feedback).where(*same).values(opinion=opinion, at=self._clock())
            if writer.connection.execute(said).rowcount:
                return True
            _insert(writer, name, answer, opinion, self._clock())
            newest = select(_feedback.c.id).where(*_of(writer, name)).order_by(_feedback.c.id.desc()).limit(MOST_OF_ONE)
            too_many = delete(_feedback).where(*_of(writer, name), _feedback.c.id.not_in(newest))
            writer.connection.execute(too_many)
            return False

    def of_member(self, member: str) -> list[dict[str, Any]]:
        """What a member said, in all collections, oldest first."""
        mine = _feedback.c.member == self._key.hash(member)
        query = select(_feedback, _collection.c.name).join(_collection).where(mine).order_by(_feedback.c.id)
        with self._library.reading() as connection:
            return [_told(row) for row in connection.execute(query)]

    def forget(self, member: str) -> int:
        """Delete what a member said; returns how many records that were."""
        return self._delete(_feedback.c.member == self._key.hash(member))

    def expire(self, now: datetime) -> int:
        """Delete what was said more than 180 days ago; returns how many records that were."""
        return self._delete(_feedback.c.at <= now - FEEDBACK_KEPT)

    def _delete(self, condition: ColumnElement[bool]) -> int:
        with self._library.writing() as connection:
            return connection.execute(delete(_feedback).where(condition)).rowcount


def _of(writer: Writer, member: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _feedback.c.collection_id == writer.collection_id, _feedback.c.member == member


def _insert(writer: Writer, member: str, answer: Answer, opinion: Opinion, at: datetime) -> None:
    seen = {"claim": answer.claim, "speaker": answer.speaker, "address": answer.address, "verdict": answer.verdict}
    key = {"collection_id": writer.collection_id, "answer": answer.digest, "member": member}
    writer.connection.execute(insert(_feedback).values(**key, **seen, opinion=opinion, at=at))


def _told(row: Row[Any]) -> dict[str, Any]:
    return {
        "collection": row.name,
        "at": row.at.isoformat(),
        "opinion": row.opinion.value,
        "claim": row.claim,
        "speaker": row.speaker,
        "address": row.address,
        "verdict": row.verdict,
        "member": row.member,
    }


# --- what is disputed ---


def disputed(collection_id: int) -> Select[Any]:
    """The answers that somebody in a collection thinks wrong, those that were last spoken of first."""
    of = _feedback.c
    seen: list[ColumnElement[Any]] = [of.claim, of.speaker, of.address, of.verdict.label("seen")]
    seen += [_count(opinion).label(opinion.value) for opinion in Opinion]
    return (
        select(func.min(of.id).label("id"), func.max(of.at).label("at"), *seen)
        .where(of.collection_id == collection_id)
        .group_by(of.answer, of.claim, of.speaker, of.address, of.verdict)
        .having(func.count() > _count(Opinion.RIGHT))
        .order_by(func.max(of.at).desc(), func.min(of.id).desc())
    )


def dispute_of(row: Row[Any]) -> Dispute:
    """The dispute of a row that `disputed` selects."""
    answer = Answer(row.claim, Verdict(row.seen), row.address, row.speaker)
    return Dispute(row.id, answer, row.right, row.passage, row.verdict, row.at)


def disputed_under(connection: Connection, collection_id: int, number: int) -> Dispute | None:
    """The disputed answer of a number; None where there is none."""
    rows = connection.execute(disputed(collection_id).having(func.min(_feedback.c.id) == number)).all()
    return dispute_of(rows[0]) if rows else None


def _count(opinion: Opinion) -> ColumnElement[int]:
    return func.sum(case((_feedback.c.opinion == opinion, 1), else_=0))
