"""The life of the client: registering, failing in words, ending cleanly. What Discord does to it: `test_faults`."""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable

import pytest

from bot.endurance import Delays
from bot.harness import LoopbackDiscord, Member, bot_on
from bot.harness.fixtures import People
from bot.harness.session import QUICK
from knowledge.checker import FactChecker
from knowledge.library import Library
from tests.bot.checkers import BrokenChecker, PatientChecker


async def test_an_unexpected_failure_is_an_apology_whose_reference_is_in_the_log(
    empty_discord: LoopbackDiscord,
    people: People,
    library: Library,
    caplog: pytest.LogCaptureFixture,
    logged_errors: Callable[[], list[str]],
) -> None:
    async with bot_on(empty_discord, BrokenChecker(library)):
        reply = await people.ada.check("a claim that nobody can check")

    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    (message,) = logged_errors()
    assert "something went wrong on this side, sorry" in reply.text
    assert message.rpartition(" ")[2] in reply.text
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)
    assert "a claim that nobody can check" not in caplog.text


def _syncs(discord: LoopbackDiscord) -> int:
    return sum(request.startswith("PUT") for request in discord.rest.requests)


async def test_commands_are_registered_once_and_not_at_every_start(
    empty_discord: LoopbackDiscord, checker: FactChecker
) -> None:
    for _ in range(2):
        async with bot_on(empty_discord, checker):
            pass

    assert _syncs(empty_discord) == 1
    assert {command["name"] for command in empty_discord.world.commands} >= {"check", "Check this message", "source"}


async def test_commands_that_changed_are_registered_again(empty_discord: LoopbackDiscord, checker: FactChecker) -> None:
    async with bot_on(empty_discord, checker):
        pass
    empty_discord.world.commands[0]["description"] = "What an older version said"
    async with bot_on(empty_discord, checker):
        pass

    assert _syncs(empty_discord) == 2


async def test_checks_and_privacy_can_be_installed_by_servers_and_people_and_used_everywhere(
    discord: LoopbackDiscord,
) -> None:
    for command in discord.world.commands:
        is_for_all = command["name"] in ("check", "Check this message", "search", "receipts", "privacy")
        assert sorted(command["contexts"]) == ([0, 1, 2] if is_for_all else [0])
        assert sorted(command["integration_types"]) == ([0, 1] if is_for_all else [0])


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
    assert discord.violations == []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_what_is_being_answered_at_the_end_is_still_answered(
    empty_discord: LoopbackDiscord, people: People, library: Library
) -> None:
    checker = PatientChecker(library)
    async with bot_on(empty_discord, checker):
        answer = asyncio.create_task(people.ada.check("😀"))
        await asyncio.to_thread(checker.has_begun.wait, 30)
        threading.Timer(0.2, checker.may_finish.set).start()

    assert "Not checked: there are no words to check" in (await answer).text


async def test_a_question_that_comes_too_late_is_told_so(
    empty_discord: LoopbackDiscord, people: People, library: Library
) -> None:
    checker = PatientChecker(library)

    async def ask_until_it_is_too_late() -> str:
        while "the bot is restarting" not in (reply := await people.ada.check("😀")).text:
            assert "there are no words to check" in reply.text
        checker.may_finish.set()
        return reply.text

    async with bot_on(empty_discord, checker):
        first = asyncio.create_task(people.ada.check("😀"))
        await asyncio.to_thread(checker.has_begun.wait, 30)
        asking = asyncio.create_task(ask_until_it_is_too_late())
    assert "Please ask again in a minute" in await asking
    assert "there are no words to check" in (await first).text


async def test_a_check_that_hangs_is_cut_off_at_the_end(
    empty_discord: LoopbackDiscord, people: People, library: Library
) -> None:
    checker = PatientChecker(library)
    async with bot_on(empty_discord, checker, delays=Delays(identify=QUICK.identify, drain=0.1)):
        asking = asyncio.create_task(people.ada.check("😀"))
        await asyncio.to_thread(checker.has_begun.wait, 30)

    checker.may_finish.set()
    asking.cancel()
