"""A post that is nothing but a link: the article where it is among the sources, and a way to suggest it elsewhere."""

from typing import Any

import pytest

from bot.harness import LoopbackDiscord, bot_on
from bot.harness.fixtures import People
from knowledge.checker import FactChecker
from knowledge.desk import Desk
from knowledge.library import Library
from knowledge.models import Label
from tests.bot.conftest import POLL
from tests.conftest import make_article

UNKNOWN = "https://example.org/unheard-of"


def preview(words: str) -> dict[str, Any]:
    return {"type": "article", "title": "The Example", "description": words}


async def test_an_article_among_the_sources_is_shown_however_its_address_was_copied(
    discord: LoopbackDiscord, people: People
) -> None:
    reply = await people.dan.right_click(f"is this true? {POLL.url}/?utm_source=chat#top", "Check this message")

    assert "This article is among the sources" in reply.text
    assert "**Title:** Runoff nears" in reply.text
    assert "The runoff is on Tuesday." in reply.text
    assert "To check a claim of it, send the words." in reply.text
    assert reply.links == [POLL.url]


async def test_of_a_long_article_the_first_words_are_shown(
    discord: LoopbackDiscord, people: People, library: Library
) -> None:
    url = "https://example.org/long"
    library.add("shared", make_article("The otters came back. " * 100, url=url), actor="test")

    assert "The otters came back. The otters came …" in (await people.dan.check(url)).text


async def test_what_moderators_say_of_it_is_told(discord: LoopbackDiscord, people: People, library: Library) -> None:
    collection = f"discord:{discord.guilds[0].id}"
    library.add(collection, POLL, actor="test")
    Desk(library, collection, "test").label(POLL.url, Label.SATIRE)

    assert "satire, say this server’s moderators" in (await people.ada.check(POLL.url)).text


async def test_one_that_is_not_can_be_suggested_with_one_press(discord: LoopbackDiscord, people: People) -> None:
    reply = await people.ada.right_click(UNKNOWN, "Check this message")

    assert "This article is not among the sources" in reply.text
    assert reply.buttons == ["Suggest it"]
    assert reply.links == [UNKNOWN]
    thanks = await people.ada.press(reply, "Suggest it")
    assert thanks.is_private
    assert "### Suggested" in thanks.text
    assert UNKNOWN in (await people.mo.slash("source queue")).links


async def test_a_public_answer_to_a_link_can_be_removed_and_used_after_a_restart(
    empty_discord: LoopbackDiscord, people: People, library: Library
) -> None:
    async with bot_on(empty_discord, FactChecker(library)):
        reply = await people.ada.check(UNKNOWN)
    async with bot_on(empty_discord, FactChecker(library)):
        assert "### Suggested" in (await people.mo.press(reply, "Suggest it")).text
        assert "Somebody suggested it already" in (await people.ada.press(reply, "Suggest it")).text
        assert (await people.ada.press(reply, "Remove")).is_gone


async def test_one_that_no_button_can_hold_is_suggested_with_the_form(discord: LoopbackDiscord, people: People) -> None:
    reply = await people.ada.check(f"{UNKNOWN}?page={'7' * 600}")

    assert reply.buttons == ["Suggest a source", "Remove"]


@pytest.mark.parametrize("who", ["dan", "eve"])
async def test_where_there_are_no_moderators_it_cannot_be_suggested(
    discord: LoopbackDiscord, people: People, who: str
) -> None:
    reply = await getattr(people, who).right_click(UNKNOWN, "Check this message")

    assert "This article is not among the sources" in reply.text
    assert reply.buttons == []


async def test_its_preview_is_checked_where_the_article_is_not_there(discord: LoopbackDiscord, people: People) -> None:
    known = people.dan.post(UNKNOWN, embeds=[preview("57% of Republican voters favor Tuberville")])
    unheard = people.dan.post(UNKNOWN, embeds=[preview("Scientists found water ice on Mars")])

    assert "the source says 47%, not 57%" in (await people.dan.right_click(known, "Check this message")).text
    text = (await people.dan.right_click(unheard, "Check this message")).text
    assert "This article is not among the sources" in text
    assert "Nothing like the words of its preview is in the 1 article searched" in text
    assert "this does not make them false" in text


async def test_an_address_beside_a_claim_is_no_word_of_it(discord: LoopbackDiscord, people: People) -> None:
    reply = await people.dan.check(f"57% of Republican voters favor Tuberville {UNKNOWN}")

    assert "Claim: 57% of Republican voters favor Tuberville\n" in reply.text
