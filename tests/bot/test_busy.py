"""Whatever the library is busy with, Discord is answered within its three seconds: the harness fails a test else."""

import asyncio
import threading

import pytest

from bot.harness import LoopbackDiscord, bot_on
from bot.harness.fixtures import People
from knowledge.checker import FactChecker
from knowledge.library import Library
from tests.bot.checkers import BusyChecker, HangingLibrary
from tests.bot.conftest import POLL, until

CLAIM = "47% of Republican voters favor Tuberville"


async def test_everything_is_acknowledged_while_checks_take_all_the_time(
    empty_discord: LoopbackDiscord, people: People, library: Library
) -> None:
    library.add(f"discord:{empty_discord.guilds[0].id}", POLL, actor="test")
    async with bot_on(empty_discord, FactChecker(library)):
        answer, settings = await people.dan.check(CLAIM), await people.mo.slash("receipts settings")
    checker = BusyChecker(library)
    async with bot_on(empty_discord, checker):
        before = len(empty_discord.acknowledgements)
        asked = [
            people.ada.check(CLAIM),
            people.dan.check(CLAIM),
            people.eve.right_click(CLAIM, "Check this message"),
            people.bea.right_click(POLL.url, "Check this message"),
            people.ada.slash("search", words="voters"),
            people.dan.press(answer, "Details"),
            people.mo.slash("source list"),
            people.eve.slash("receipts help"),
        ]
        waiting = [asyncio.create_task(one) for one in asked]
        await until(lambda: len(empty_discord.acknowledgements) == before + len(asked))

        form = await people.mo.slash_for_form("source edit", article=POLL.url)
        await people.mo.press_for_form(settings, "Change")
        choices = await people.mo.complete("source show", "article", "Run")
        assert not any(task.done() for task in waiting)
        checker.may_finish.set()
        replies = await asyncio.gather(*waiting)

    assert form.prefilled("Title") == POLL.title
    assert [choice["name"] for choice in choices] == [POLL.title]
    assert all(reply.text and not reply.is_loading for reply in replies)
    assert max(empty_discord.acknowledgements) < 3000


async def test_on_a_disk_that_hangs_nobody_waits_for_more_than_words(
    empty_discord: LoopbackDiscord, people: People, library_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.client._READ_WITHIN", 0.05)
    with HangingLibrary.open(library_url) as library:
        library.add(f"discord:{empty_discord.guilds[0].id}", POLL, actor="test")
        async with bot_on(empty_discord, FactChecker(library)):
            library.answers = threading.Event()
            refused = await people.mo.slash("source edit", article=POLL.url)
            choices = await people.mo.complete("source show", "article", "Run")
            asking = asyncio.create_task(people.ada.check(CLAIM))
            await until(lambda: any(reply.is_loading for reply in people.ada.sees()))
            library.answers.set()
            answer = await asking

    assert "Not done: the library is busy" in refused.text
    assert choices == []
    assert answer.is_private, "what cannot be read in time is taken as private"
    assert "Verbatim" in answer.text
