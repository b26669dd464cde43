"""Everything that is kept of somebody is told, can be forgotten, and runs out; the whole file is looked through."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from knowledge.desk import Desk
from knowledge.feedback import Answer, Feedback
from knowledge.library import Library
from knowledge.members import MemberKey
from knowledge.models import Opinion
from knowledge.privacy import expire, forget, member_stores, told
from knowledge.verdicts import Verdict
from knowledge.watches import Watches
from tests.conftest import make_article

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
MEMBER, MODERATOR, OTHER = "discord:424242424242424242", "discord:535353535353535353", "discord:646464646464646464"
KEY = MemberKey.new()
URL = "https://example.org/a"


def days(number: int) -> datetime:
    """A moment so many days later."""
    return datetime.now(UTC) + timedelta(days=number)


@pytest.fixture
def library(library: Library) -> Library:
    """A library in which a member and a moderator did everything that leaves a name, in two servers."""
    for server in ("discord:1", "discord:2"):
        member, desk = Desk(library, server, MEMBER), Desk(library, server, MODERATOR)
        suggestion = member.suggest(f"{URL}/1", "a note of mine")
        member.suggest(f"{URL}/2", "another note")
        Desk(library, server, OTHER).suggest(f"{URL}/3", "of somebody else")
        Feedback(library, KEY).give(server, MEMBER, Answer("A claim", Verdict.CLOSE, URL), Opinion.VERDICT)
        desk.decide(suggestion.id, approve=True)
        desk.publish(desk.draft(make_article("A text.", url=f"{URL}/1")))
        desk.draft(make_article("A text that waits.", url=f"{URL}/2"))
        desk.undo(desk.remove(f"{URL}/1").id)
        desk.block("example.com")
        desk.add_feed(f"{URL}/feed")
        desk.change_settings(reads_shared=True)
        Watches(library).add(server, "The ferry carried 412 people on Friday", member=MEMBER)
    return library


def names_in(library: Library, member: str) -> set[str]:
    """The columns, as "table.column", in which a member's name stands, in whatever form."""
    return {f"{table}.{column}" for table, column, value in _cells(library) if member.partition(":")[2] in value}


def _cells(library: Library) -> Iterator[tuple[str, str, str]]:
    with library.reading() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        for table in tables:
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                yield from ((table, column, str(value)) for column, value in row.items())


def test_a_member_is_told_everything_and_nothing_of_others(library: Library) -> None:
    kept = told(member_stores(library, KEY), MEMBER)

    assert [len(records) for records in kept.values()] == [2, 4, 2, 4]
    assert {one["claim"] for one in kept["feedback"]} == {"A claim"}
    assert {one["note"] for one in kept["suggestions"]} == {"a note of mine", "another note"}
    assert {one["action"] for one in kept["log"]} == {"suggest"}
    assert all({one["collection"] for one in records} == {"discord:1", "discord:2"} for records in kept.values())


def test_a_member_who_is_forgotten_is_nowhere_any_more(library: Library) -> None:
    stores = member_stores(library, KEY)
    assert names_in(library, MEMBER) == {"suggestion.actor", "auditentry.actor"}

    assert forget(stores, MEMBER) == 6

    assert names_in(library, MEMBER) == set()
    assert KEY.hash(MEMBER) not in {value for _, _, value in _cells(library)}
    assert not any("note of mine" in value or "another note" in value for _, _, value in _cells(library))
    assert not any(told(stores, MEMBER).values())
    assert forget(stores, MEMBER) == 0


def test_what_others_did_stays(library: Library) -> None:
    stores = member_stores(library, KEY)
    before = told(stores, OTHER), told(stores, MODERATOR)

    forget(stores, MEMBER)

    assert (told(stores, OTHER), told(stores, MODERATOR)) == before
    assert [one.actor for one in Desk(library, "discord:1", MODERATOR).queue().items] == [OTHER]


def test_of_a_moderator_who_is_forgotten_the_log_keeps_the_name_for_a_year(library: Library) -> None:
    stores = member_stores(library, KEY)
    forget(stores, MODERATOR)
    for collection in library.collections():
        Desk(library, collection.name, "receipts").purge(days(2))

    assert names_in(library, MODERATOR) == {"auditentry.actor"}
    assert told(stores, MODERATOR)["log"]
    expire(stores, days(364))
    assert names_in(library, MODERATOR) == {"auditentry.actor"}

    expire(stores, days(366))

    assert names_in(library, MODERATOR) == set()


def test_everybodys_name_runs_out_by_itself(library: Library) -> None:
    expire(member_stores(library, KEY), days(366))
    for collection in library.collections():
        Desk(library, collection.name, "receipts").purge(days(366))

    for member in (MEMBER, MODERATOR, OTHER):
        assert names_in(library, member) == set()
    assert not any("note" in value for table, _, value in _cells(library) if table == "auditentry")


def test_what_was_changed_stays_in_the_log_when_the_names_are_gone(library: Library) -> None:
    desk = Desk(library, "discord:1", MODERATOR)
    before = [entry.action for entry in desk.log(limit=50).items]

    expire(member_stores(library, KEY), days(366))

    after = desk.log(limit=50).items
    assert [entry.action for entry in after] == before
    assert {entry.actor for entry in after} == {"forgotten"}


def test_suggestions_run_out_90_days_after_they_are_decided_on_or_after_a_year(library: Library) -> None:
    stores = member_stores(library, KEY)
    kept = stores["suggestions"]

    expire(stores, days(89))
    assert len(kept.of_member(MEMBER)) == 4
    expire(stores, days(91))
    assert [one["note"] for one in kept.of_member(MEMBER)] == ["another note"] * 2
    expire(stores, days(366))
    assert kept.of_member(MEMBER) == []


def test_operators_and_feeds_are_no_people(library: Library) -> None:
    Desk(library, "discord:1", "operator").block("example.net")

    expire(member_stores(library, KEY), days(366))

    assert Desk(library, "discord:1", "x").log().items[0].actor == "operator"
