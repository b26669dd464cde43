"""The life of the client: registering, failing in words, surviving what Discord does, ending cleanly."""

import asyncio
import logging
import socket
import threading

import pytest

from bot.endurance import Delays
from bot.harness import LoopbackDiscord, Member, bot_on_loopback
from bot.harness.session import bot_on
from knowledge.checker import FactCheck, FactChecker
from knowledge.library import Library


class BrokenChecker(FactChecker):
    """A checker with a bug in it."""

    def check(self, text: str, *, collection: str = "shared", speaker: str | None = None, limit: int = 5) -> FactCheck:
        raise ZeroDivisionError("something nobody thought of")


class PatientChecker(FactChecker):
    """A checker whose first check takes as long as the test wants."""

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self.has_begun = threading.Event()
        self.may_finish = threading.Event()

    def check(self, text: str, *, collection: str = "shared", speaker: str | None = None, limit: int = 5) -> FactCheck:
        if not self.has_begun.is_set():
            self.has_begun.set()
            self.may_finish.wait(30)
        return super().check(text, collection=collection, speaker=speaker, limit=limit)


async def test_an_unexpected_failure_is_an_apology_whose_reference_is_in_the_log(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    async with bot_on_loopback(BrokenChecker(library)) as discord:
        reply = await Member(discord, "Ada").check("a claim that nobody can check")

    assert "something went wrong on this side, sorry" in reply.text
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    reference = record.getMessage().rpartition(" ")[2]
    assert reference in reply.text
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)
    assert "a claim that nobody can check" not in caplog.text
    assert discord.violations == []


async def test_commands_are_registered_once_and_not_at_every_start(checker: FactChecker) -> None:
    async with LoopbackDiscord() as discord:
        async with bot_on(discord, checker):
            pass
        async with bot_on(discord, checker):
            pass

        assert _syncs(discord) == 1
        assert {command["name"] for command in discord.world.commands} == {"check", "Check this message"}


def _syncs(discord: LoopbackDiscord) -> int:
    return sum(request.startswith("PUT") for request in discord.rest.requests)


async def test_commands_that_changed_are_registered_again(checker: FactChecker) -> None:
    async with LoopbackDiscord() as discord:
        async with bot_on(discord, checker):
            pass
        discord.world.commands[0]["description"] = "What an older version said"
        async with bot_on(discord, checker):
            pass

        assert _syncs(discord) == 2


async def test_commands_can_be_installed_for_servers_and_people_and_used_everywhere(checker: FactChecker) -> None:
    async with bot_on_loopback(checker) as discord:
        for command in discord.world.commands:
            assert sorted(command["contexts"]) == [0, 1, 2]
            assert sorted(command["integration_types"]) == [0, 1]


async def test_an_event_that_cannot_be_read_does_not_end_the_client(
    checker: FactChecker, caplog: pytest.LogCaptureFixture
) -> None:
    async with bot_on_loopback(checker) as discord:
        await discord.gateway.dispatch("INTERACTION_CREATE", {"nonsense": True})
        await discord.gateway.dispatch("GUILD_CREATE", {})
        await discord.gateway.dispatch("NO_SUCH_EVENT", {})

        reply = await Member(discord, "Ada").right_click("😀", "Check this message")

    assert "Not checked" in reply.text
    assert caplog.text.count("could not be read and is skipped") == 2


async def test_a_gateway_that_refuses_at_first_is_tried_again(
    checker: FactChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with LoopbackDiscord() as discord:
        discord.gateway.refusals = 2
        async with bot_on(discord, checker):
            reply = await Member(discord, "Ada").right_click("😀", "Check this message")

    assert "Not checked" in reply.text
    assert discord.gateway.refusals == 0


async def test_a_discord_that_is_not_there_at_first_is_tried_again(
    checker: FactChecker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    has_failed = asyncio.Event()
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(caplog.handler, "emit", lambda record: loop.call_soon_threadsafe(has_failed.set))
    discord = LoopbackDiscord(port=_free_port())

    async def arrive_late() -> str:
        await has_failed.wait()
        async with discord:
            await discord.gateway.until_ready()
            return (await Member(discord, "Ada").right_click("😀", "Check this message")).text

    late = asyncio.create_task(arrive_late())
    async with bot_on(discord, checker):
        assert "Not checked" in await late


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_what_is_being_answered_at_the_end_is_still_answered(library: Library) -> None:
    checker = PatientChecker(library)
    async with LoopbackDiscord() as discord:
        async with bot_on(discord, checker):
            ada = Member(discord, "Ada")
            answer = asyncio.create_task(ada.check("😀"))
            await asyncio.to_thread(checker.has_begun.wait, 30)
            threading.Timer(0.2, checker.may_finish.set).start()
        assert "Not checked: there are no words to check" in (await answer).text

    assert discord.violations == []


async def test_a_question_that_comes_too_late_is_told_so(library: Library) -> None:
    checker = PatientChecker(library)
    async with LoopbackDiscord() as discord:
        ada = Member(discord, "Ada")

        async def ask_until_it_is_too_late() -> str:
            while "the bot is restarting" not in (reply := await ada.check("😀")).text:
                assert "there are no words to check" in reply.text
            checker.may_finish.set()
            return reply.text

        async with bot_on(discord, checker):
            first = asyncio.create_task(ada.check("😀"))
            await asyncio.to_thread(checker.has_begun.wait, 30)
            asking = asyncio.create_task(ask_until_it_is_too_late())
        assert "Please ask again in a minute" in await asking
        assert "there are no words to check" in (await first).text


async def test_a_check_that_hangs_is_cut_off_at_the_end(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    checker = PatientChecker(library)
    async with LoopbackDiscord() as discord, bot_on(discord, checker, delays=Delays(drain=0.1)):
        asking = asyncio.create_task(Member(discord, "Ada").check("😀"))
        await asyncio.to_thread(checker.has_begun.wait, 30)

    checker.may_finish.set()
    asking.cancel()
    assert discord.violations == []


async def test_a_cut_connection_is_taken_up_again(checker: FactChecker) -> None:
    async with bot_on_loopback(checker) as discord:
        await discord.gateway.close()
        await discord.gateway.until_ready()

        reply = await Member(discord, "Ada").right_click("😀", "Check this message")

    assert "Not checked" in reply.text
