"""The pytest plugin: a Discord with two servers and people in it, and the real bot in it, in this process or its own.

A test that uses it fails on whatever the real Discord would not have taken: an unknown endpoint, a refused request, a
missing or second acknowledgement, a reply that could mention, an exception in a task, an error in the log. A test that
means one of these says so, with `LoopbackDiscord.expecting` or the fixture `logged_errors`. The fixtures `library` and
`library_url` are the test suite's own.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.harness.loopback import LoopbackDiscord
from bot.harness.member import Member, Place
from bot.harness.session import BotProcess, bot_on, bot_process
from knowledge.checker import FactChecker
from knowledge.library import Library


@dataclass(frozen=True, slots=True)
class People:
    """Who is there: in the first server a member, a moderator and an admin, in the second a member and a moderator;
    somebody in direct messages, and somebody with a user install in a server without the bot."""

    ada: Member
    mo: Member
    ann: Member
    bea: Member
    max: Member
    dan: Member
    eve: Member


@pytest.fixture
def checker(library: Library) -> FactChecker:
    """The checker of the test's library; tests override it for one that fails or takes its time."""
    return FactChecker(library)


@pytest.fixture
def logged_errors(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Takes the errors out of the log that a test means to have there, and gives their messages."""

    def take() -> list[str]:
        errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
        for record in errors:
            caplog.records.remove(record)
        return [record.getMessage() for record in errors]

    return take


@pytest_asyncio.fixture
async def empty_discord(caplog: pytest.LogCaptureFixture) -> AsyncIterator[LoopbackDiscord]:
    """A Discord without a bot, which at the end of a test has seen nothing that the real one would refuse."""
    broken: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: broken.append(_told(context)))
    async with LoopbackDiscord() as discord:
        yield discord
    errors = [
        r.getMessage() for when in ("setup", "call") for r in caplog.get_records(when) if r.levelno >= logging.ERROR
    ]
    assert discord.violations == []
    assert errors == []
    assert broken == []
    assert discord.faults.left == 0, "a fault was planned and did not come to pass"


def _told(context: dict[str, Any]) -> str:
    return f"{context['message']}: {context.get('exception')!r}"


@pytest_asyncio.fixture
async def discord(empty_discord: LoopbackDiscord, checker: FactChecker) -> AsyncIterator[LoopbackDiscord]:
    """A Discord with the bot of this process ready in it."""
    async with bot_on(empty_discord, checker):
        yield empty_discord


@pytest.fixture
def people(empty_discord: LoopbackDiscord) -> People:
    """Who is there."""
    second = empty_discord.guilds[1]
    return People(
        ada=Member(empty_discord, "Ada"),
        mo=Member(empty_discord, "Mo", roles=["Moderator"]),
        ann=Member(empty_discord, "Ann", roles=["Admin"]),
        bea=Member(empty_discord, "Bea", guild=second),
        max=Member(empty_discord, "Max", guild=second, roles=["Moderator"]),
        dan=Member(empty_discord, "Dan", Place.DIRECT),
        eve=Member(empty_discord, "Eve", Place.ELSEWHERE),
    )


StartBot = Callable[..., AbstractAsyncContextManager[BotProcess]]


@pytest.fixture
def start_bot(empty_discord: LoopbackDiscord, library: Library, library_url: str, tmp_path: Path) -> StartBot:
    """Starts `receipts run` on the test's library as a process of its own: `async with start_bot() as bot`."""

    def start(**environment: str) -> AbstractAsyncContextManager[BotProcess]:
        defaults = {**empty_discord.environment, "RECEIPTS_DATABASE_URL": library_url}
        return bot_process(tmp_path, {**defaults, **environment})

    return start
