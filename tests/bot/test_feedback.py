"""What members say of an answer: asked for consent first, read back from the message, told to moderators."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards import card_of
from bot.feedback import question_layout
from bot.harness import LoopbackDiscord, Reply, bot_on, rules
from bot.harness.components import texts
from bot.harness.fixtures import People
from bot.layout import asked_by, claim_files
from knowledge.checker import FactCheck, FactChecker
from knowledge.desk import Desk
from knowledge.feedback import Dispute
from knowledge.library import Library
from knowledge.models import Opinion
from knowledge.verdicts import Verdict
from tests.bot.conftest import POLL
from tests.bot.test_cards import MENTION, fact_checks
from tests.quality.cases import add, case_of, complaints, invented

CLAIM = "57% of Republican voters favor Tuberville"


@pytest.fixture
def library(library: Library, empty_discord: LoopbackDiscord) -> Library:
    """The library, with the same article in the first server too."""
    library.add(f"discord:{empty_discord.guilds[0].id}", POLL, actor="test")
    return library


def disputes(desk: Desk) -> tuple[Dispute, ...]:
    return desk.disputed().items


async def question(person: Any, label: str, claim: str = CLAIM, **options: Any) -> Reply:
    """What somebody is asked who checks a claim and presses a button on its details."""
    details = await person.press(await person.check(claim, **options), "Details")
    assert details.buttons == ["Right", "Wrong passage", "Wrong verdict"]
    reply: Reply = await person.press(details, label)
    return reply


async def test_before_anything_is_kept_one_reads_what_would_be_and_for_how_long(
    discord: LoopbackDiscord, people: People, desk: Desk
) -> None:
    asked = await question(people.ada, "Wrong verdict")

    assert asked.is_private
    assert asked.buttons == ["Send", "Cancel"]
    for words in (CLAIM, "Tell the moderators of this server?", "**You say:** Wrong verdict", "Altered", "180 days"):
        assert words in asked.text
    assert "keyed hash" in asked.text
    assert asked.links[0].startswith(POLL.url)
    assert disputes(desk) == ()


async def test_a_member_who_cancels_leaves_nothing(discord: LoopbackDiscord, people: People, desk: Desk) -> None:
    cancelled = await people.ada.press(await question(people.ada, "Wrong verdict"), "Cancel")

    assert "nothing is kept" in cancelled.text
    assert cancelled.buttons == []
    assert disputes(desk) == ()
    assert "Nothing is kept of you" in (await people.ada.slash("privacy")).text


@pytest.mark.parametrize("claim", [CLAIM, f"{CLAIM}. " * 40])
@pytest.mark.parametrize("speaker", [None, "Donald Trump"])
async def test_what_is_kept_is_what_the_member_saw(
    discord: LoopbackDiscord, people: People, desk: Desk, claim: str, speaker: str | None
) -> None:
    options = {"speaker": speaker} if speaker else {}
    sent = await people.ada.press(await question(people.ada, "Wrong verdict", claim, **options), "Send")

    assert "Sent, thank you" in sent.text
    assert sent.buttons == []
    (dispute,) = disputes(desk)
    assert dispute.answer.claim == claim.strip()
    assert dispute.answer.speaker == (speaker or "")
    assert dispute.answer.address.startswith(POLL.url)
    assert dispute.answer.verdict is (Verdict.ALTERED if claim == CLAIM else Verdict.RELATED)
    assert dispute.wrong_verdict == 1


async def test_a_member_counts_once_and_may_change_their_mind(
    discord: LoopbackDiscord, people: People, desk: Desk
) -> None:
    for label in ("Wrong verdict", "Wrong verdict", "Wrong passage"):
        last = await people.ada.press(await question(people.ada, label), "Send")
    assert "takes the place of what you said of this answer before" in last.text
    await people.mo.press(await question(people.mo, "Wrong verdict"), "Send")

    (dispute,) = disputes(desk)
    assert (dispute.wrong_verdict, dispute.wrong_passage, dispute.right) == (1, 1, 0)

    for person in (people.ada, people.mo):
        await person.press(await question(person, "Right"), "Send")
    assert disputes(desk) == ()


async def test_the_buttons_work_after_a_restart(
    empty_discord: LoopbackDiscord, checker: FactChecker, people: People, desk: Desk
) -> None:
    claim = f"{CLAIM}. " * 40
    async with bot_on(empty_discord, checker):
        details = await people.ada.press(await people.ada.check(claim), "Details")
    async with bot_on(empty_discord, checker):
        asked = await people.ada.press(details, "Wrong passage")
    async with bot_on(empty_discord, checker):
        await people.ada.press(asked, "Send")
        await people.ada.press(await question(people.ada, "Wrong passage", claim), "Send")

    (dispute,) = disputes(desk)  # the member is the same one to a bot that was restarted
    assert dispute.answer.claim == claim.strip()
    assert dispute.wrong_passage == 1


async def test_an_answer_that_changed_meanwhile_is_disputed_as_it_was_seen(
    discord: LoopbackDiscord, people: People, desk: Desk
) -> None:
    details = await people.ada.press(await people.ada.check(CLAIM), "Details")
    desk.remove(POLL.url)

    await people.ada.press(await people.ada.press(details, "Wrong verdict"), "Send")

    assert disputes(desk)[0].answer.verdict is Verdict.ALTERED


@pytest.mark.parametrize("who", ["dan", "eve"])
async def test_in_direct_messages_and_elsewhere_those_who_run_the_bot_are_told(
    discord: LoopbackDiscord, people: People, library: Library, desk: Desk, who: str
) -> None:
    person = getattr(people, who)
    asked = await question(person, "Wrong verdict")
    assert "Tell those who run the bot?" in asked.text

    await person.press(asked, "Send")

    assert Desk(library, "shared", "test").disputed().total == 1
    assert disputes(desk) == ()


async def test_an_answer_without_a_passage_can_be_disputed_too(
    discord: LoopbackDiscord, people: People, desk: Desk
) -> None:
    await people.ada.press(await question(people.ada, "Wrong verdict", "the otters went away in spring"), "Send")

    (dispute,) = disputes(desk)
    assert (dispute.answer.verdict, dispute.answer.address) == (Verdict.NOT_FOUND, "")


async def test_moderators_see_what_is_disputed_page_by_page_and_members_do_not(
    discord: LoopbackDiscord, people: People
) -> None:
    assert "No answer is disputed" in (await people.mo.slash("receipts disputed")).text
    for number in range(11):
        claim = f"{40 + number}% of **Republican** voters favor @everyone, said number {number}"
        await people.ada.press(await question(people.ada, "Wrong verdict", claim), "Send")
        discord.clock.advance(10)  # who asks faster has to wait

    first = await people.mo.slash("receipts disputed")
    assert "Disputed answers 1 to 10 of 11" in first.text
    assert "said number 10" in first.text
    assert "1 wrong verdict" in first.text
    assert people.ada.user.id not in first.text
    second = await people.mo.press(first, "Older")
    assert "Disputed answers 11 to 11 of 11" in second.text
    assert "said number 0" in second.text

    assert "only moderators" in (await people.ada.slash("receipts disputed")).text
    refused = await people.ada.slash("receipts feedback export", number=1, verdict="close")
    assert "only moderators" in refused.text
    assert "No answer is disputed" in (await people.max.slash("receipts disputed")).text
    gone = await people.max.slash("receipts feedback export", number=1, verdict="close")
    assert "there is no such disputed answer" in gone.text


async def test_a_moderator_makes_a_case_that_the_quality_tests_can_read(
    discord: LoopbackDiscord, people: People, library: Library, desk: Desk
) -> None:
    article = invented()["harbour-crane"]
    add(library, f"discord:{discord.guilds[0].id}", [article])
    claim = "A crane that does not lift is a bill that does not end"
    await people.ada.press(await question(people.ada, "Wrong verdict", claim), "Send")
    number = disputes(desk)[0].id

    reply = await people.mo.slash("receipts feedback export", number=number, verdict="verbatim", why="the same words")

    row = json.loads(content_of(discord, reply))
    assert row == {
        "name": f"disputed: {claim}",
        "claim": claim,
        "articles": [article.url],
        "verdict": "verbatim",
        "article": article.url,
        "why": "the same words",
    }
    case = case_of(row)
    add(library, case.collection, [article])
    assert complaints(FactChecker(library), case) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fact_checks(), st.sampled_from(Opinion), st.booleans())
def test_a_question_on_anything_fits_and_cannot_mention(
    fact_check: FactCheck, opinion: Opinion, is_server: bool
) -> None:
    card = card_of(fact_check)
    asked = asked_by(card)
    view = question_layout(asked, card.link or "", opinion, fact_check.verdict, is_server=is_server)
    message = {"components": view.to_components(), "flags": rules.IS_COMPONENTS_V2}  # type: ignore[no-untyped-call]
    files = [file.filename for file in claim_files(asked)]

    assert rules.message_problems({**message, "allowed_mentions": {"parse": []}}, files=files).lines == []
    for text in texts(message["components"]):
        assert not MENTION.search(text.replace("\\<", ""))


def content_of(discord: LoopbackDiscord, reply: Reply) -> bytes:
    """The one file of a message."""
    (component,) = [one for one in reply.payload["components"] if one["type"] == 13]
    attachment = component["file"]["url"].split("/attachments/")[1].split("/")[0]
    return discord.world.files[attachment][1]
