"""A test that uses the plugin fails where the bot does what it must not: a run of tests that have to fail."""

import pytest

pytest_plugins = ["pytester"]

WRONG = """
import asyncio
import logging

import aiohttp
import pytest

from bot.harness import BotSilentError, Member
from bot.harness.faults import ServerError
from bot.harness.interactions import Kind
from knowledge.library import Library


@pytest.fixture
def library_url(tmp_path):
    return f"sqlite:///{tmp_path}/a.db"


@pytest.fixture
def library(library_url):
    with Library.open(library_url) as library:
        yield library


async def request(discord, method, path, body=None):
    async with aiohttp.ClientSession() as http:
        headers = {"Authorization": f"Bot {discord.world.token}"}
        async with http.request(method, discord.api_base + path, json=body, headers=headers) as response:
            return response.status


async def begin(discord):
    ada = Member(discord, "Ada")
    return await discord.interact(Kind.COMMAND, ada.user, ada.channel, {"type": 1, "name": "check", "id": "1"})


async def callback(discord, interaction, body):
    return await request(discord, "POST", f"/interactions/{interaction.id}/{interaction.token}/callback", body)


async def test_unknown_endpoint(empty_discord):
    await request(empty_discord, "GET", "/nonsense")


async def test_refused_request(empty_discord):
    channel = empty_discord.guilds[0].general.id
    await request(empty_discord, "POST", f"/channels/{channel}/messages", {"content": "x" * 2001})


async def test_missing_acknowledgement(empty_discord):
    interaction = await begin(empty_discord)
    empty_discord.clock.advance(3)
    await interaction.outcomes.get()


async def test_second_acknowledgement(empty_discord):
    interaction = await begin(empty_discord)
    await callback(empty_discord, interaction, {"type": 5})
    await callback(empty_discord, interaction, {"type": 5})


async def test_exception_in_a_task(empty_discord):
    async def fail():
        raise ZeroDivisionError

    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    del task
    import gc

    gc.collect()


async def test_error_in_the_log(empty_discord):
    logging.getLogger("anything").error("something went wrong")


async def test_reply_that_could_mention(empty_discord):
    interaction = await begin(empty_discord)
    await callback(empty_discord, interaction, {"type": 4, "data": {"content": "@everyone"}})


async def test_fault_that_never_came(empty_discord):
    empty_discord.faults.plan("callback", ServerError())


async def test_nothing_wrong(discord, people):
    await people.ada.check("a claim that is nowhere")
"""


def test_whatever_the_real_discord_would_not_have_taken_fails_a_test(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n")
    pytester.makeconftest('pytest_plugins = ["bot.harness.fixtures"]')
    pytester.makepyfile(WRONG)

    result = pytester.runpytest_subprocess("-q")

    # Where CI is set, and in a wide terminal, pytest puts the reason behind the name.
    failed = {line.split(" - ")[0].rpartition("::")[2] for line in result.outlines if line.startswith("ERROR test_")}
    assert failed == {
        "test_unknown_endpoint",
        "test_refused_request",
        "test_missing_acknowledgement",
        "test_second_acknowledgement",
        "test_exception_in_a_task",
        "test_error_in_the_log",
        "test_reply_that_could_mention",
        "test_fault_that_never_came",
    }
    result.assert_outcomes(passed=9, errors=8)
