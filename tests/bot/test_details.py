"""What *Details* tells, to whom it tells it, and *Share*, which makes a private answer public."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from bot.cards import card_of
from bot.details import details_layout
from bot.feedback import opinion_buttons
from bot.harness import LoopbackDiscord, bot_on, rules
from bot.harness.components import Payload, texts
from bot.harness.fixtures import People
from bot.layout import asked_by, claim_files
from knowledge.checker import FactCheck, FactChecker
from knowledge.library import Library
from knowledge.models import NewArticle
from tests.bot.conftest import POLL
from tests.bot.test_cards import MENTION, fact_checks, is_well_marked

CLAIM = "57% of Republican voters favor Tuberville"


def shown_details(fact_check: FactCheck) -> list[Payload]:
    """The components of the details, with their buttons."""
    view = details_layout(fact_check, card_of(fact_check), *opinion_buttons(fact_check.verdict))
    components: list[Payload] = view.to_components()  # type: ignore[no-untyped-call]
    return components


def problems_of_details(fact_check: FactCheck) -> list[str]:
    """Why Discord would refuse the details."""
    message = {"components": shown_details(fact_check), "flags": rules.IS_COMPONENTS_V2}
    files = [file.filename for file in claim_files(asked_by(card_of(fact_check)))]
    return rules.message_problems({**message, "allowed_mentions": {"parse": []}}, files=files).lines


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fact_checks())
def test_details_of_anything_fit_and_cannot_mention_or_break_out(fact_check: FactCheck) -> None:
    assert problems_of_details(fact_check) == []
    for text in texts(shown_details(fact_check)):
        assert not MENTION.search(text.replace("\\<", ""))
        for line in text.split("\n"):
            assert is_well_marked(without_our_link(line))


def without_our_link(line: str) -> str:
    """The line without the one masked link that ends it, which leads to an address of the article's."""
    words, found, address = line.rpartition("[open](<")
    return words if found and address.startswith("https://example.org/") else line


async def test_the_sentences_around_the_passage_every_difference_and_how_sure_it_is(
    discord: LoopbackDiscord, people: People
) -> None:
    reply = await people.dan.check(CLAIM)

    text = (await people.dan.press(reply, "Details")).text

    assert "> The runoff is on Tuesday. A new poll shows that **~~57%~~ __47%__ of Republican voters" in text
    assert "said Mayor Ada Quill." in text
    assert "**Number:** “57%” for the source’s “47%”" in text
    assert "Read as a statement: 57% of Republican voters favor Tuberville" in text
    assert "1 article searched" in text
    assert "The passage is the claim’s source with a probability of 99 %" in text


async def test_other_articles_stand_in_the_order_of_their_dates_with_a_link_each(
    discord: LoopbackDiscord, people: People, library: Library
) -> None:
    for number, day in enumerate((date(2020, 8, 1), date(2020, 7, 13), None)):
        article = NewArticle(
            url=f"https://example.org/again/{number}",
            title=f"Again {number}",
            publisher="The Echo",
            published_on=day,
            text=f"{POLL.text} This is report {number}.",
        )
        library.add("shared", article, actor="test")

    reply = await people.dan.check("47% of Republican voters favor Tuberville")
    text = (await people.dan.press(reply, "Details")).text

    assert "**Also in:** 3 other articles" in reply.text
    lines = text.split("**Other articles, by date**\n")[1].splitlines()[:3]
    assert [line.split(",")[0] for line in lines] == ["2020-07-13", "2020-08-01", "no date"]
    assert all("The Echo, Verbatim, Again" in line and "[open](<https://example.org/again/" in line for line in lines)


@pytest.mark.parametrize("who", ["ada", "mo", "ann", "dan", "eve"])
async def test_everybody_everywhere_may_see_the_details_alone(
    discord: LoopbackDiscord, people: People, who: str
) -> None:
    person = getattr(people, who)
    reply = await person.check(CLAIM)

    details = await person.press(reply, "Details")

    assert details.is_private
    assert not reply.is_gone
    assert "How it was decided" in details.text


@pytest.mark.parametrize("claim", [CLAIM, f"{CLAIM}. " * 40])
@pytest.mark.parametrize("who", ["dan", "eve"])
async def test_a_private_answer_is_shared_by_the_one_who_sees_it(
    discord: LoopbackDiscord, people: People, who: str, claim: str
) -> None:
    person = getattr(people, who)
    private = await person.right_click(claim, "Check this message")
    assert private.is_private

    shared = await person.press(private, "Share")

    assert not shared.is_private
    assert shared.text == private.text
    assert shared.buttons == ["Details", "Remove"]
    assert private.buttons == ["Details", "Share"]
    details = await person.press(shared, "Details")
    assert details.text.splitlines()[0] == private.text.splitlines()[0]


async def test_the_one_who_shared_can_take_it_back(discord: LoopbackDiscord, people: People) -> None:
    shared = await people.ada.press(await people.ada.check(CLAIM, private=True), "Share")

    await people.ada.press(shared, "Remove")

    assert shared.is_gone


async def test_a_claim_that_is_found_by_now_is_shared_as_it_is_now(
    discord: LoopbackDiscord, people: People, library: Library
) -> None:
    private = await people.dan.check("The ferry carried 412 people", private=True)
    assert "Not found" in private.text
    library.add("shared", NewArticle(url="https://example.org/f", text="The ferry carried 412 people."), actor="test")

    assert "Verbatim" in (await people.dan.press(private, "Share")).text


async def test_details_and_share_work_after_a_restart(
    empty_discord: LoopbackDiscord, checker: FactChecker, people: People
) -> None:
    async with bot_on(empty_discord, checker):
        private = await people.dan.check(f"{CLAIM}. " * 40, private=True, speaker="Donald Trump")
    async with bot_on(empty_discord, checker):
        assert "How it was decided" in (await people.dan.press(private, "Details")).text
        assert (await people.dan.press(private, "Share")).text == private.text
