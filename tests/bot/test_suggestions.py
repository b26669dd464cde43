"""What one who finds nothing can do about it: suggest a source, which the moderators then see."""

import pytest

from bot.harness import LoopbackDiscord, bot_on
from bot.harness.fixtures import People
from knowledge.checker import FactChecker
from knowledge.library import Library

CLAIM = "Scientists found water ice on Mars"
URL = "https://example.org/mars"


@pytest.mark.parametrize("who", ["ada", "mo", "ann", "bea"])
async def test_a_source_for_what_was_not_found_reaches_the_moderators(
    discord: LoopbackDiscord, people: People, who: str
) -> None:
    person = getattr(people, who)
    reply = await person.check(CLAIM)
    assert "Not found: " in reply.text

    form = await person.press_for_form(reply, "Suggest a source")
    thanks = await person.submit(form, {"Address": URL, "Note": "It has the picture"})

    assert thanks.is_private
    assert "### Suggested" in thanks.text
    moderator = people.max if who == "bea" else people.mo
    queue = (await moderator.slash("source queue")).text
    assert URL in queue.replace("\\", "")
    assert "It has the picture" in queue


async def test_anybody_who_sees_an_answer_may_suggest_and_also_after_a_restart(
    empty_discord: LoopbackDiscord, people: People, library: Library
) -> None:
    async with bot_on(empty_discord, FactChecker(library)):
        reply = await people.ada.check(CLAIM)
    async with bot_on(empty_discord, FactChecker(library)):
        form = await people.mo.press_for_form(reply, "Suggest a source")
        thanks = await people.mo.submit(form, {"Address": URL})

    assert "### Suggested" in thanks.text


@pytest.mark.parametrize("who", ["dan", "eve"])
async def test_where_there_are_no_moderators_nothing_can_be_suggested(
    discord: LoopbackDiscord, people: People, who: str
) -> None:
    reply = await getattr(people, who).check(CLAIM)

    assert "Not found: " in reply.text
    assert "Suggest a source" not in reply.buttons


async def test_what_was_found_needs_no_source(discord: LoopbackDiscord, people: People) -> None:
    assert "Suggest a source" not in (await people.dan.check("47% of Republican voters favor Tuberville")).buttons


async def test_an_address_that_is_none_is_refused_in_words(discord: LoopbackDiscord, people: People) -> None:
    form = await people.ada.press_for_form(await people.ada.check(CLAIM), "Suggest a source")

    assert "Not done: " in (await people.ada.submit(form, {"Address": "the library"})).text
