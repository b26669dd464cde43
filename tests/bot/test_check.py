"""`/check` and "Check this message", from what a member does to the message that appears."""

import asyncio
import logging

import pytest

from bot.harness import CannotDoError, LoopbackDiscord, Member, Place
from bot.harness.fixtures import People
from knowledge.desk import Desk
from knowledge.library import Library
from tests.bot.conftest import POLL

CLAIM = "47% of Republican voters favor Tuberville"


async def test_a_claim_is_answered_with_its_receipt(discord: LoopbackDiscord) -> None:
    reply = await Member(discord, "Ada", Place.DIRECT).check("47% of Republican voters favor Tuberville")

    assert "Verbatim" in reply.text
    assert "**47% of Republican voters favor Tuberville**" in reply.text
    assert "2020-07-12" in reply.text
    assert "The Example" in reply.text
    assert reply.links[0].startswith("https://example.org/poll")
    assert not reply.is_private


async def test_a_changed_number_is_named(discord: LoopbackDiscord) -> None:
    reply = await Member(discord, "Ada", Place.DIRECT).check("57% of Republican voters favor Tuberville")

    assert "Altered: the source says 47%, not 57%" in reply.text


async def test_an_answer_can_be_kept_private(discord: LoopbackDiscord) -> None:
    ada = Member(discord, "Ada")

    assert (await ada.check("47% of Republican voters favor Tuberville", private=True)).is_private
    assert not (await ada.check("47% of Republican voters favor Tuberville", private=False)).is_private


async def test_what_is_nowhere_is_not_found_and_not_called_false(discord: LoopbackDiscord) -> None:
    reply = await Member(discord, "Ada", Place.DIRECT).check("Scientists found water ice on Mars")

    assert "Not found: nothing like it in the 1 article searched" in reply.text
    assert "This does not make it false" in reply.text


async def test_the_words_of_a_message_are_checked_without_their_markup(discord: LoopbackDiscord) -> None:
    reply = await Member(discord, "Ada", Place.DIRECT).right_click(
        "look:\n> 47% of **Republican** voters ||favor|| Tuberville", "Check this message"
    )

    assert "Verbatim" in reply.text
    assert reply.is_private


async def test_a_forwarded_message_is_read(discord: LoopbackDiscord) -> None:
    forwarded = {
        "type": 0,
        "content": "47% of Republican voters favor Tuberville",
        "embeds": [],
        "attachments": [],
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "flags": 0,
        "components": [],
    }

    ada = Member(discord, "Ada", Place.DIRECT)

    reply = await ada.right_click(ada.post(message_snapshots=[{"message": forwarded}]), "Check this message")

    assert "Claim: 47% of Republican voters favor Tuberville" in reply.text


async def test_the_embed_of_a_message_without_words_is_read(discord: LoopbackDiscord) -> None:
    embed = {"type": "rich", "title": "A post", "description": "47% of **Republican** voters favor Tuberville"}

    ada = Member(discord, "Ada", Place.DIRECT)

    reply = await ada.right_click(ada.post(embeds=[embed]), "Check this message")

    assert "Claim: 47% of Republican voters favor Tuberville" in reply.text


async def test_the_components_of_a_message_without_words_are_read(discord: LoopbackDiscord) -> None:
    display = {"type": 10, "id": 2, "content": "47% of Republican voters favor Tuberville"}
    container = {"type": 17, "id": 1, "components": [display], "spoiler": False, "accent_color": None}

    ada = Member(discord, "Ada", Place.DIRECT)

    reply = await ada.right_click(ada.post(components=[container]), "Check this message")

    assert "Claim: 47% of Republican voters favor Tuberville" in reply.text


async def test_mentions_in_a_message_are_read_as_names(discord: LoopbackDiscord) -> None:
    mentioned = {
        "id": "123456789012345678",
        "username": "bo",
        "global_name": "Bo",
        "discriminator": "0",
        "avatar": None,
    }

    ada = Member(discord, "Ada", Place.DIRECT)

    reply = await ada.right_click(
        ada.post("<@123456789012345678> said that taxes will be raised", mentions=[mentioned]), "Check this message"
    )

    assert "Claim: @Bo said that taxes will be raised" in reply.text


async def test_a_server_has_its_own_articles_and_everybody_else_the_shared_ones(
    discord: LoopbackDiscord, library: Library
) -> None:
    claim = "47% of Republican voters favor Tuberville"
    in_server, direct, elsewhere = (Member(discord, "Ada", place) for place in Place)

    assert "there are no articles to search here yet" in (await in_server.check(claim)).text
    assert "Verbatim" in (await direct.check(claim)).text
    assert "Verbatim" in (await elsewhere.check(claim)).text

    library.add(f"discord:{discord.guilds[0].id}", POLL, actor="test")
    assert "Verbatim" in (await in_server.check(claim)).text


@pytest.mark.parametrize("claim", ["", "😀 😀", "**||`` ``||**", "<:wave:123456789012345678>"])
async def test_a_message_without_words_is_told_so_in_words(
    discord: LoopbackDiscord, claim: str, caplog: pytest.LogCaptureFixture
) -> None:
    reply = await Member(discord, "Ada").right_click(claim, "Check this message")

    assert "Not checked: there are no words to check" in reply.text
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_many_people_are_answered_at_once(discord: LoopbackDiscord) -> None:
    people = [Member(discord, f"Person {number}", Place.DIRECT) for number in range(20)]

    replies = await asyncio.gather(*(person.check("57% of Republican voters favor Tuberville") for person in people))

    assert all("the source says 47%, not 57%" in reply.text for reply in replies)


async def test_nobody_can_use_a_command_that_is_not_registered(discord: LoopbackDiscord) -> None:
    with pytest.raises(CannotDoError):
        await Member(discord, "Ada").slash("nonsense")


async def test_nothing_that_people_write_is_logged(discord: LoopbackDiscord, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    await Member(discord, "Ada").check("47% of Republican voters favor Tuberville", speaker="Jeff Sessions")

    assert "check in" in caplog.text
    assert "Tuberville" not in caplog.text
    assert "Sessions" not in caplog.text
    assert discord.world.token not in caplog.text


# --- where, and for whom ---


@pytest.mark.parametrize("who", ["ada", "mo"])
async def test_in_a_thread_the_articles_of_its_server_are_searched(
    discord: LoopbackDiscord, people: People, library: Library, who: str
) -> None:
    library.add(f"discord:{discord.guilds[0].id}", POLL, actor="test")
    person: Member = getattr(people, who)
    person.channel = discord.world.add_thread(discord.guilds[0].general, "About the runoff")

    typed = await person.check("57% of Republican voters favor Tuberville")
    clicked = await person.right_click(CLAIM, "Check this message")

    assert "the source says 47%, not 57%" in typed.text
    assert "Verbatim" in clicked.text
    assert (await person.press(typed, "Details")).is_private
    assert not (await person.press(clicked, "Share")).is_private
    assert (await person.press(typed, "Remove")).is_gone


@pytest.mark.parametrize(
    ("who", "by_default", "is_private"),
    [("ada", False, False), ("ada", True, True), ("mo", True, True), ("dan", True, False), ("eve", False, True)],
)
async def test_who_does_not_say_gets_what_the_server_settled_and_alone_among_people_without_the_bot(
    discord: LoopbackDiscord, people: People, library: Library, who: str, by_default: bool, is_private: bool
) -> None:
    Desk(library, f"discord:{discord.guilds[0].id}", "test").change_settings(private_by_default=by_default)
    person: Member = getattr(people, who)

    assert (await person.check(CLAIM)).is_private is is_private
    assert not (await person.check(CLAIM, private=False)).is_private
    assert (await person.check(CLAIM, private=True)).is_private
