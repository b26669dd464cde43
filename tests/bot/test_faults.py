"""Whatever goes wrong between the bot and Discord, the bot is back by itself and answers the next check."""

import asyncio
from collections.abc import Callable

import pytest

from bot.harness import BotSilentError, LoopbackDiscord, Member, bot_on
from bot.harness.faults import Fault, Late, RateLimited, Reset, ServerError
from bot.harness.fixtures import People
from knowledge.checker import FactChecker
from knowledge.library import Library
from tests.bot.checkers import PatientChecker
from tests.bot.conftest import POLL

CLAIM = "57% of Republican voters favor Tuberville"
ANSWER = "the source says 47%, not 57%"


async def answers(member: Member) -> bool:
    return ANSWER in (await member.check(CLAIM)).text


# --- requests ---

PASSING = [
    pytest.param("callback", RateLimited(0.02), id="429 on the acknowledgement"),
    pytest.param("callback", RateLimited(0.02, is_global=True), id="429 on everything"),
    pytest.param("callback", ServerError(), id="500 on the acknowledgement"),
    pytest.param("callback", Reset(), id="reset before the acknowledgement"),
    pytest.param("callback", Reset(is_done=True), id="reset after the acknowledgement"),
    pytest.param("edit", RateLimited(0.02), id="429 on the answer"),
    pytest.param("edit", ServerError(502), id="502 on the answer"),
    pytest.param("edit", Reset(), id="reset before the answer"),
    pytest.param("edit", Reset(is_done=True), id="reset after the answer"),
]


@pytest.mark.parametrize(("endpoint", "fault"), PASSING)
async def test_a_check_survives(discord: LoopbackDiscord, people: People, endpoint: str, fault: Fault) -> None:
    discord.faults.plan(endpoint, fault)
    is_repeated = isinstance(fault, Reset) and fault.is_done and endpoint == "callback"

    # A callback that arrived twice is refused the second time; the bot takes that for what it is.
    with discord.expecting(*(["40060"] if is_repeated else [])):
        assert await answers(people.dan)

    assert discord.faults.left == 0
    assert await answers(people.dan)


async def test_a_ban_by_cloudflare_is_told_in_words(
    discord: LoopbackDiscord, people: People, logged_errors: Callable[[], list[str]]
) -> None:
    discord.faults.plan("callback", RateLimited(1, from_cloudflare=True))

    reply = await people.dan.check(CLAIM)

    assert "something went wrong on this side" in reply.text
    assert len(logged_errors()) == 1
    assert await answers(people.dan)


async def test_an_acknowledgement_that_comes_late_is_not_tried_again(discord: LoopbackDiscord, people: People) -> None:
    discord.faults.plan("callback", Late(3.5))

    with discord.expecting("10062", "was not acknowledged in 3 s"), pytest.raises(BotSilentError):
        await people.dan.check(CLAIM)

    assert await answers(people.dan)


@pytest.mark.parametrize("what", ["its token expires", "the one who asked dismisses it"])
async def test_a_check_that_is_over_before_it_is_answered_is_no_error(
    empty_discord: LoopbackDiscord, people: People, library: Library, what: str
) -> None:
    checker = PatientChecker(library)
    async with bot_on(empty_discord, checker):
        asking = asyncio.create_task(people.dan.check(CLAIM))
        await asyncio.to_thread(checker.has_begun.wait, 30)
        if what == "its token expires":
            empty_discord.clock.advance(15 * 60 + 1)
            refusal = "50027"
        else:
            (thinking,) = people.dan.sees()
            empty_discord.world.delete(thinking.message)
            refusal = "10008"
        answering = asyncio.create_task(empty_discord.rest.answered("edit"))
        await asyncio.sleep(0)
        checker.may_finish.set()

        with empty_discord.expecting(refusal):
            assert await answering >= 400
        if refusal == "10008":
            assert (await asking).is_gone
        asking.cancel()
        assert await answers(people.dan)


@pytest.mark.parametrize("endpoint", ["user", "application", "commands", "sync", "gateway"])
@pytest.mark.parametrize("fault", [Reset(), RateLimited(0.02)], ids=["reset", "429"])
async def test_a_log_in_survives(
    empty_discord: LoopbackDiscord, people: People, checker: FactChecker, endpoint: str, fault: Fault
) -> None:
    empty_discord.faults.plan(endpoint, fault)

    async with bot_on(empty_discord, checker):
        assert await answers(people.dan)


async def test_a_reset_in_the_middle_of_a_log_in_does_not_begin_it_anew(
    empty_discord: LoopbackDiscord, people: People, checker: FactChecker
) -> None:
    empty_discord.faults.plan("commands", Reset())

    async with bot_on(empty_discord, checker):
        assert await answers(people.dan)

    assert empty_discord.rest.requests.count("GET /users/@me") == 1


async def test_a_log_in_survives_a_discord_that_resets_everything_for_a_while(
    empty_discord: LoopbackDiscord, people: People, checker: FactChecker
) -> None:
    empty_discord.faults.plan("user", Reset(), times=9)

    async with bot_on(empty_discord, checker):
        assert await answers(people.dan)


# --- the gateway ---


async def test_a_bot_that_is_asked_to_reconnect_resumes(discord: LoopbackDiscord, people: People) -> None:
    await discord.gateway.ask_to_reconnect()
    await discord.gateway.until_ready()

    assert discord.gateway.resumes == 1
    assert discord.gateway.identifies == 1
    assert await answers(people.dan)


async def test_a_session_that_may_be_resumed_is_resumed(discord: LoopbackDiscord, people: People) -> None:
    await discord.gateway.invalidate(resumable=True)
    await discord.gateway.until_ready()

    assert discord.gateway.resumes == 1
    assert await answers(people.dan)


async def test_a_session_that_is_over_is_begun_anew(discord: LoopbackDiscord, people: People) -> None:
    await discord.gateway.invalidate(resumable=False)
    await discord.gateway.until_ready()

    assert discord.gateway.identifies == 2
    assert await answers(people.dan)


async def test_a_session_that_was_forgotten_meanwhile_is_begun_anew(discord: LoopbackDiscord, people: People) -> None:
    discord.gateway.forget_sessions()
    await discord.gateway.close()
    await discord.gateway.until_ready()

    assert discord.gateway.identifies == 2
    assert await answers(people.dan)


@pytest.mark.parametrize("code", [1000, 1001, 4000, 4001, 4007, 4008, 4009])
async def test_a_closed_connection_is_taken_up_again(discord: LoopbackDiscord, people: People, code: int) -> None:
    await discord.gateway.close(code)
    await discord.gateway.until_ready()

    assert await answers(people.dan)


async def test_an_aborted_socket_is_taken_up_again(discord: LoopbackDiscord, people: People) -> None:
    await discord.gateway.abort()
    await discord.gateway.until_ready()

    assert await answers(people.dan)


async def test_a_gateway_that_refuses_for_a_while_after_a_cut_is_tried_again(
    discord: LoopbackDiscord, people: People
) -> None:
    discord.gateway.refusals = 3
    await discord.gateway.close()
    await discord.gateway.until_ready()

    assert discord.gateway.refusals == 0
    assert await answers(people.dan)


async def test_a_check_that_is_asked_while_the_connection_is_cut_is_answered_after_it_resumed(
    discord: LoopbackDiscord, people: People
) -> None:
    await discord.gateway.close()

    assert await answers(people.dan)


async def test_a_gateway_that_is_down_at_the_start_is_tried_again(
    empty_discord: LoopbackDiscord, people: People, checker: FactChecker
) -> None:
    empty_discord.gateway.refusals = 3

    async with bot_on(empty_discord, checker):
        assert await answers(people.dan)


@pytest.mark.parametrize(
    "event", ["INTERACTION_CREATE", "GUILD_CREATE", "GUILD_DELETE", "GUILD_UPDATE", "CHANNEL_CREATE"]
)
async def test_an_event_that_cannot_be_read_is_skipped(
    discord: LoopbackDiscord, people: People, logged_errors: Callable[[], list[str]], event: str
) -> None:
    await discord.gateway.dispatch(event, {"nonsense": True})
    await discord.gateway.dispatch("NO_SUCH_EVENT", {})

    assert await answers(people.dan)
    assert logged_errors() == [f"a {event} event could not be read and is skipped"]
    assert discord.gateway.identifies == 1


@pytest.mark.parametrize("frame", ["", "no JSON", "[]", "null", '{"op": 0}', '{"op": 10}', '{"op": 99, "d": {}}'])
async def test_a_frame_that_no_gateway_should_send_does_not_end_the_bot(
    discord: LoopbackDiscord, people: People, logged_errors: Callable[[], list[str]], frame: str
) -> None:
    ends_the_client = frame in ("", "no JSON", "[]", "null", '{"op": 10}')

    await discord.gateway.send_raw(frame)

    await discord.gateway.until_ready(identifies=2 if ends_the_client else 1)
    assert await answers(people.dan)
    logged_errors()


# --- servers and restarts ---


async def test_a_server_that_is_unavailable_for_a_while_loses_nothing(
    discord: LoopbackDiscord, people: People, library: Library
) -> None:
    guild = discord.guilds[0]
    library.add(f"discord:{guild.id}", POLL, actor="test")

    await discord.gateway.outage(guild)
    assert await answers(people.dan)
    await discord.gateway.recover(guild)

    assert await answers(people.ada)


async def test_a_server_may_invite_and_remove_the_bot_while_it_runs(discord: LoopbackDiscord, people: People) -> None:
    guild = discord.world.add_guild("Late", has_bot=False)
    await discord.gateway.add_bot(guild)
    assert "no articles to search here yet" in (await Member(discord, "Lou", guild=guild).check(CLAIM)).text

    await discord.gateway.remove_bot(guild)

    assert await answers(people.dan)


async def test_the_button_of_a_card_works_after_a_restart(
    empty_discord: LoopbackDiscord, people: People, checker: FactChecker
) -> None:
    async with bot_on(empty_discord, checker):
        reply = await people.dan.check(CLAIM)
    async with bot_on(empty_discord, checker):
        await people.dan.press(reply, "Remove")

    assert reply.is_gone


async def test_a_button_that_nobody_knows_any_more_is_answered_in_words(
    discord: LoopbackDiscord, people: People
) -> None:
    button = {"type": 2, "style": 1, "label": "Old", "custom_id": "receipts:0:old"}
    old = discord.world.post(
        people.ada.channel, discord.world.bot, {"components": [{"type": 1, "components": [button]}]}
    )

    reply = await people.ada.press(people.ada.sees()[-1], "Old")

    assert old.id != reply.message.id
    assert reply.is_private
    assert "Out of date" in reply.text
    assert "ask again with /check" in reply.text
