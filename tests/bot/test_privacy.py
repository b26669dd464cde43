"""`/privacy`, for everybody everywhere, and what the bot lets run out by itself as time passes."""

import asyncio
import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.harness import LoopbackDiscord, Member, bot_on
from bot.harness.fixtures import People
from bot.refusals import words_for
from bot.serving import member_key
from bot.settings import Settings
from knowledge.checker import FactChecker
from knowledge.desk import Desk
from knowledge.errors import AlreadyDecided, LibraryError
from knowledge.library import Library
from knowledge.members import MemberKey
from tests.bot.conftest import POLL, until
from tests.bot.test_feedback import CLAIM, content_of, question


@pytest.fixture
def server(library: Library, empty_discord: LoopbackDiscord) -> str:
    """The collection of the first server, which has an article."""
    name = f"discord:{empty_discord.guilds[0].id}"
    library.add(name, POLL, actor="test")
    return name


async def speak(person: Member) -> None:
    """Say something of an answer, so that something is kept."""
    await person.press(await question(person, "Wrong verdict"), "Send")


@pytest.mark.parametrize("who", ["ada", "mo", "ann", "bea", "dan", "eve"])
async def test_everybody_sees_takes_and_deletes_what_is_kept_of_them(
    discord: LoopbackDiscord, people: People, library: Library, server: str, who: str
) -> None:
    person = getattr(people, who)
    assert "Nothing is kept of you" in (await person.slash("privacy")).text
    await speak(person)
    other = people.dan if who != "dan" else people.eve
    await speak(other)

    shown = await person.slash("privacy")
    assert shown.is_private
    assert "**Feedback on answers:** 1, each for 180 days" in shown.text
    exported = await person.press(shown, "Export")
    assert exported.is_private
    kept = json.loads(content_of(discord, exported))
    assert [one["claim"] for one in kept["feedback"]] == [CLAIM]
    assert person.user.id not in json.dumps(kept)

    sure = await person.press(shown, "Delete")
    assert "Delete what is kept of you?" in sure.text
    assert "Feedback on answers" in (await person.slash("privacy")).text
    assert "Deleted: nothing is kept of you" in (await person.press(sure, "Delete for good")).text
    assert "Nothing is kept of you" in (await person.slash("privacy")).text
    assert "Feedback on answers" in (await other.slash("privacy")).text


async def test_much_is_sent_packed(
    discord: LoopbackDiscord, people: People, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.privacy._PLAIN_LIMIT", 10)
    await speak(people.ada)

    exported = await people.ada.press(await people.ada.slash("privacy"), "Export")

    assert len(json.loads(gzip.decompress(content_of(discord, exported)))["feedback"]) == 1


def test_who_is_forgotten_is_called_so() -> None:
    assert (
        words_for(AlreadyDecided("forgotten"), "").remark == "It was decided by somebody whose name is no longer kept."
    )


async def test_who_changes_their_mind_deletes_nothing(discord: LoopbackDiscord, people: People, server: str) -> None:
    await speak(people.ada)
    sure = await people.ada.press(await people.ada.slash("privacy"), "Delete")

    kept = await people.ada.press(sure, "Cancel")

    assert "Feedback on answers" in kept.text
    assert kept.buttons == ["Export", "Delete"]


async def test_a_moderator_is_told_that_the_log_keeps_their_name(
    discord: LoopbackDiscord, people: People, server: str
) -> None:
    await people.mo.slash("source block", domain="example.com")
    await people.mo.slash("suggest", url="https://example.org/a", note="mine")
    shown = await people.mo.slash("privacy")
    assert "**Entries in logs of changes:** 2, your name for 365 days" in shown.text
    assert "**Suggested sources:** 1" in shown.text

    sure = await people.mo.press(shown, "Delete")
    assert "stays in the log under your name for 365 days" in sure.text
    left = await people.mo.press(sure, "Delete for good")

    assert "Deleted, but for this" in left.text
    assert "**Entries in logs of changes:** 1" in left.text
    log = (await people.mo.slash("source log")).text
    assert f"{people.mo.user.id}: block" in log
    assert "forgotten: suggest" in log
    assert "mine" not in log


async def test_the_buttons_work_after_a_restart_and_for_the_one_who_presses_alone(
    empty_discord: LoopbackDiscord, checker: FactChecker, people: People, server: str
) -> None:
    async with bot_on(empty_discord, checker):
        await speak(people.ada)
        await speak(people.dan)
        shown = await people.ada.slash("privacy")
    async with bot_on(empty_discord, checker):
        deleted = await people.ada.press(await people.ada.press(shown, "Delete"), "Delete for good")
        assert "nothing is kept of you" in deleted.text
        assert "Feedback on answers" in (await people.dan.slash("privacy")).text


# --- what runs out by itself ---


async def tidied(discord: LoopbackDiscord, is_so: Callable[[], bool]) -> None:
    """Wait for what the bot does every hour; hours pass meanwhile, for it may just be amid a round."""
    passing = asyncio.create_task(_pass_hours(discord))
    try:
        await until(is_so)
    finally:
        passing.cancel()


async def _pass_hours(discord: LoopbackDiscord) -> None:
    while True:
        discord.clock.advance(3600)
        await asyncio.sleep(0.2)


async def test_feedback_runs_out_while_the_bot_runs(
    discord: LoopbackDiscord, people: People, library: Library, server: str
) -> None:
    discord.clock.advance(timedelta(days=200).total_seconds())
    await speak(people.ada)
    await people.ada.slash("suggest", url="https://example.org/a")
    desk = Desk(library, server, "test")
    discord.clock.advance(timedelta(days=179).total_seconds())
    assert "Feedback on answers" in (await people.ada.slash("privacy")).text
    assert desk.disputed().total == 1

    discord.clock.advance(timedelta(days=2).total_seconds())

    await tidied(discord, lambda: desk.disputed().total == 0)
    left = (await people.ada.slash("privacy")).text
    assert "Feedback on answers" not in left
    assert "Suggested sources" in left  # it is not a year old yet


def is_there(library: Library, collection: str) -> Callable[[], bool]:
    return lambda: collection in {one.name for one in library.collections()}


def is_noted(library: Library, collection: str) -> Callable[[], bool]:
    """Whether the bot has noted that it left a server."""
    return lambda: _left_at(library, collection) is not None


def _left_at(library: Library, collection: str) -> object:
    with library.reading_of(collection) as (_, of):
        return of.left_at


def is_known(library: Library, collection: str) -> Callable[[], bool]:
    """Whether the bot has noted that it is in a server."""
    return lambda: _application(library, collection) is not None


def _application(library: Library, collection: str) -> object:
    with library.reading_of(collection) as (_, of):
        return of.application


async def test_a_server_that_removed_the_bot_is_forgotten_after_30_days(
    discord: LoopbackDiscord, people: People, library: Library, server: str
) -> None:
    await speak(people.ada)
    await discord.gateway.remove_bot(discord.guilds[0])
    await until(is_noted(library, server))
    assert is_there(library, server)()

    discord.clock.advance(timedelta(days=31).total_seconds())

    await tidied(discord, lambda: not is_there(library, server)())
    assert is_there(library, "shared")()
    assert "Nothing is kept of you" in (await people.dan.slash("privacy")).text


async def test_a_server_that_takes_the_bot_back_in_time_loses_nothing(
    discord: LoopbackDiscord, people: People, library: Library, server: str
) -> None:
    guild = discord.guilds[0]
    await discord.gateway.remove_bot(guild)
    await until(is_noted(library, server))
    discord.clock.advance(timedelta(days=29).total_seconds())
    await discord.gateway.add_bot(guild)
    await until(lambda: not is_noted(library, server)())

    await run_out(discord, library)

    assert "Altered" in (await people.ada.check(CLAIM)).text


async def run_out(discord: LoopbackDiscord, library: Library) -> None:
    """Let the bot look where it is, and then months pass, until it has deleted what is out of date.

    That it did shows in the data of two other servers: one that it is in, and one that removes it.
    """
    other, left = discord.guilds[1], discord.world.add_guild("Left", has_bot=False)
    for guild in (other, left):
        library.add(f"discord:{guild.id}", POLL, actor="test")
    await tidied(discord, is_known(library, f"discord:{other.id}"))
    await discord.gateway.add_bot(left)
    await discord.gateway.remove_bot(left)
    await until(is_noted(library, f"discord:{left.id}"))
    discord.clock.advance(timedelta(days=99).total_seconds())
    await tidied(discord, lambda: not is_there(library, f"discord:{left.id}")())


async def test_an_outage_however_long_deletes_nothing(
    discord: LoopbackDiscord, people: People, library: Library, server: str
) -> None:
    guild = discord.guilds[0]
    await until(is_known(library, server))
    await discord.gateway.outage(guild)

    await run_out(discord, library)

    await discord.gateway.recover(guild)
    assert "Altered" in (await people.ada.check(CLAIM)).text


async def test_a_bot_that_starts_amid_an_outage_deletes_nothing(
    empty_discord: LoopbackDiscord, checker: FactChecker, people: People, library: Library, server: str
) -> None:
    guild = empty_discord.guilds[0]
    async with bot_on(empty_discord, checker):
        await until(is_known(library, server))
    guild.is_available = False
    async with bot_on(empty_discord, checker):
        await run_out(empty_discord, library)
        await empty_discord.gateway.recover(guild)
        assert "Altered" in (await people.ada.check(CLAIM)).text


async def test_a_removal_while_the_bot_was_down_is_seen_at_its_next_start(
    empty_discord: LoopbackDiscord, checker: FactChecker, library: Library, server: str
) -> None:
    async with bot_on(empty_discord, checker):
        await until(is_known(library, server))
    empty_discord.guilds[0].has_bot = False
    async with bot_on(empty_discord, checker):
        await until(is_noted(library, server))
        empty_discord.clock.advance(timedelta(days=31).total_seconds())
        await tidied(empty_discord, lambda: not is_there(library, server)())


def test_the_key_may_come_from_the_environment(library: Library) -> None:
    settings = Settings(key=SecretStr("k" * 32))

    assert member_key(settings, library).hash("discord:5") == MemberKey(b"k" * 32).hash("discord:5")
    assert "k" * 32 not in repr(settings)


async def test_a_bot_without_its_key_does_not_start(
    empty_discord: LoopbackDiscord, checker: FactChecker, tmp_path: Path
) -> None:
    (tmp_path / "library.db.key").write_bytes(b"cut")

    with pytest.raises(LibraryError, match="holds no key"):
        async with bot_on(empty_discord, checker):
            pass
