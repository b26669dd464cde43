"""A server's data go 30 days after the bot was removed from it, and for no other reason."""

from datetime import UTC, datetime, timedelta

import pytest

from knowledge.library import Library
from knowledge.servers import Servers
from tests.conftest import make_article

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
ONE, TWO = "discord:1", "discord:2"


@pytest.fixture
def servers(library: Library) -> Servers:
    for name in (ONE, TWO, "shared"):
        library.add(name, make_article("A text."), actor="test")
    return Servers(library, "77")


def names(library: Library) -> set[str]:
    return {one.name for one in library.collections()}


def test_all_of_a_server_goes_30_days_after_the_bot_left(library: Library, servers: Servers) -> None:
    servers.leave(ONE, NOON)

    assert servers.delete_left(NOON + timedelta(days=30, seconds=-1)) == ()
    assert servers.delete_left(NOON + timedelta(days=30)) == (ONE,)
    assert names(library) == {TWO, "shared"}
    assert library.stats(TWO).articles == 1


def test_who_comes_back_in_time_loses_nothing(library: Library, servers: Servers) -> None:
    servers.leave(ONE, NOON)
    servers.enter(ONE)

    assert servers.delete_left(NOON + timedelta(days=400)) == ()


def test_a_removal_that_nobody_told_of_is_seen_and_counts_from_then(library: Library, servers: Servers) -> None:
    servers.tend({ONE, TWO}, NOON)
    servers.tend({TWO}, NOON + timedelta(days=5))
    servers.tend({TWO}, NOON + timedelta(days=20))

    assert servers.delete_left(NOON + timedelta(days=34)) == ()
    assert servers.delete_left(NOON + timedelta(days=35)) == (ONE,)


def test_a_server_that_is_seen_again_is_not_left(library: Library, servers: Servers) -> None:
    servers.tend({ONE, TWO}, NOON)
    servers.tend({TWO}, NOON)
    servers.tend({ONE, TWO}, NOON + timedelta(days=29))

    assert servers.delete_left(NOON + timedelta(days=400)) == ()


def test_collections_that_are_no_servers_of_this_bot_are_left_alone(library: Library, servers: Servers) -> None:
    servers.tend({ONE}, NOON)  # it has never been in the second server
    Servers(library, "88").tend(set(), NOON)  # another bot, as that of the console

    for bot in (servers, Servers(library, "88")):
        assert bot.delete_left(NOON + timedelta(days=400)) == ()
    assert names(library) == {ONE, TWO, "shared"}
