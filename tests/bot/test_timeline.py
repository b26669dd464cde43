"""The time line of a quote that several articles have: its words, its picture, and how it comes to *Details*."""

import unicodedata
from dataclasses import replace
from datetime import date
from importlib.resources import files
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFont, ImageOps

from bot.cards import LOOKS
from bot.escaping import clean, width
from bot.harness import LoopbackDiscord, Reply, bot_on
from bot.harness.components import Component, Payload, of_type
from bot.harness.fixtures import People
from bot.timeline import Mark, Timeline, drawable, picture_of, timeline_of
from knowledge.checker import FactCheck, FactChecker
from knowledge.library import Library
from knowledge.models import NewArticle
from knowledge.text import Span
from knowledge.verdicts import Finding, FindingKind, Verdict
from tests.bot.conftest import POLL
from tests.bot.test_cards import HOSTILE, fact_checks

CLAIM = "57% of Republican voters favor Tuberville"
LATER = {
    "The Echo": (date(2020, 7, 13), POLL.text),
    "Morning News": (date(2020, 8, 2), POLL.text.replace("47%", "57%")),
    "Weekly": (date(2021, 1, 4), POLL.text.replace("47%", "57%")),
}


@pytest.fixture
def articles(library: Library) -> Library:
    """The poll in three more articles, of which the later two have another number."""
    for number, (publisher, (day, text)) in enumerate(LATER.items()):
        url = f"https://example.org/later/{number}"
        library.add("shared", NewArticle(url=url, publisher=publisher, published_on=day, text=text), actor="test")
    return library


# --- what is on it ---


def test_articles_stand_by_date_and_another_wording_is_told(articles: Library) -> None:
    timeline = timeline_of(FactChecker(articles).check(CLAIM, limit=12))

    assert timeline is not None
    assert timeline.words == (
        "Time line of 4 articles that have the quote, by date of publication. "
        "2020-07-12 in The Example: Altered, 47%, not 57%. "
        "2020-07-13 in The Echo: Altered, 47%, not 57%. "
        "Another wording: 2020-08-02 in Morning News: Verbatim. "
        "2021-01-04 in Weekly: Verbatim."
    )


def test_of_fewer_than_three_articles_or_days_there_is_none(library: Library) -> None:
    checker = FactChecker(library)
    for number in range(3):
        assert timeline_of(checker.check(CLAIM, limit=12)) is None
        same_day = replace(POLL, url=f"https://example.org/{number}", text=f"{POLL.text} {number}.")
        library.add("shared", same_day, actor="test")
    assert timeline_of(checker.check(CLAIM, limit=12)) is None


def test_related_passages_have_no_time_line(articles: Library) -> None:
    check = FactChecker(articles).check(CLAIM, limit=12)
    related = tuple(replace(one, verdict=Verdict.RELATED) for one in check.evidence)

    assert timeline_of(replace(check, evidence=related)) is None


def test_an_article_without_a_date_comes_last(articles: Library) -> None:
    undated = NewArticle(url="https://example.org/undated", text=POLL.text)
    articles.add("shared", undated, actor="test")

    timeline = timeline_of(FactChecker(articles).check(CLAIM, limit=12))

    assert timeline is not None
    assert timeline.marks[-1].day is None
    assert timeline.words.endswith(" Another wording: No date in example.org: Altered, 47%, not 57%.")


# --- the picture ---

MARK = Mark(date(2031, 5, 9), "The Courier", "courier.example.org", Verdict.ALTERED, "47%, not 57%")


def line_of(*marks: Mark) -> Timeline:
    return Timeline((MARK, replace(MARK, day=date(2031, 6, 1)), *(replace(one, day=date(2031, 7, 1)) for one in marks)))


@st.composite
def hostile_checks(draw: st.DrawFn) -> FactCheck:
    """What a check would say of a dozen articles that say anything."""
    check = draw(fact_checks(depth=0).filter(lambda one: one.evidence and one.verdict is not Verdict.RELATED))
    evidence = []
    for number in range(draw(st.integers(2, 14))):
        finding = Finding(draw(st.sampled_from(FindingKind)), draw(HOSTILE), draw(HOSTILE), span=Span(0, 1))
        url, day = f"https://example.org/{number}", date(2031, 5, draw(st.integers(1, 28)))
        facts = {"url": url, "publisher": draw(HOSTILE), "published_on": day}
        article = check.evidence[0].article.model_copy(update=facts)
        evidence.append(replace(check.evidence[0], article=article, findings=(finding,)))
    return replace(check, evidence=tuple(evidence))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile_checks())
def test_whatever_articles_say_picture_and_words_are_bounded(check: FactCheck) -> None:
    timeline = timeline_of(check)
    if timeline is None:
        return
    picture = picture_of(timeline)

    with Image.open(BytesIO(picture)) as image:
        assert (image.format, image.width, image.height <= 1900) == ("PNG", 800, True)
    assert len(picture) < 400_000
    assert width(timeline.words) <= 1024
    assert timeline.words == clean(timeline.words)


def test_what_the_words_have_no_room_for_is_counted() -> None:
    timeline = Timeline((replace(MARK, wording="word " * 30),) * 12)

    assert timeline.words.endswith(" And 7 more.")


def test_letters_without_a_shape_give_way_to_the_host_and_never_become_boxes() -> None:
    unknown = replace(MARK, outlet="新华社", wording="“四十七”, not “五十七”")

    assert picture_of(line_of(unknown)) == picture_of(line_of(replace(MARK, outlet=MARK.host, wording="")))
    assert "新华社" in line_of(unknown).words


def test_every_verdict_looks_different_without_its_colour() -> None:
    looks = set()
    for verdict in Verdict:
        with Image.open(BytesIO(picture_of(line_of(replace(MARK, verdict=verdict, wording=""))))) as image:
            badge = image.crop((124, 332, 156, 364)).convert("L")
            looks.add(ImageOps.autocontrast(badge).convert("1", dither=Image.Dither.NONE).tobytes())
    assert len(looks) == len(Verdict)


def test_the_font_has_a_shape_for_all_that_is_drawn() -> None:
    path = str(files("bot").joinpath("fonts", "DejaVuSansCondensed.ttf"))
    font = ImageFont.truetype(path, 20, layout_engine=ImageFont.Layout.BASIC)

    def shape(character: str) -> tuple[tuple[int, int], bytes]:
        mask = font.getmask(unicodedata.normalize("NFC", character))
        return mask.size, bytes(mask)

    missing = shape("\uffff")
    drawn = [chr(code) for code in range(0x20, 0x2500) if drawable(chr(code))]
    assert [c for c in [*drawn, *(look.symbol for look in LOOKS.values())] if shape(c) == missing] == []
    assert set("aéßłžșЖщΩ–“”…€") <= set(drawn)


# --- how it comes to the reader ---


def pictures_in(reply: Reply) -> list[Payload]:
    return [
        item for gallery in of_type(reply.payload["components"], Component.MEDIA_GALLERY) for item in gallery["items"]
    ]


@pytest.mark.parametrize("who", ["dan", "eve"])
async def test_details_answer_at_once_and_gain_the_picture(
    empty_discord: LoopbackDiscord, articles: Library, people: People, who: str
) -> None:
    person = getattr(people, who)
    async with bot_on(empty_discord, FactChecker(articles)):
        card = await person.check(CLAIM)
        details = await person.press(card, "Details")
        words = details.text
        if not pictures_in(details):
            await details.changed()

    assert pictures_in(card) == []
    (picture,) = pictures_in(details)
    assert picture["description"].startswith("Time line of 4 articles")
    assert details.text == words
    assert details.is_private
    assert picture["media"]["url"].endswith("/timeline.png")


async def test_details_that_are_dismissed_before_the_picture_comes_are_no_error(
    empty_discord: LoopbackDiscord, articles: Library, people: People
) -> None:
    async with bot_on(empty_discord, FactChecker(articles)):
        details = await people.dan.press(await people.dan.check(CLAIM), "Details")
        with empty_discord.expecting("10008"):
            empty_discord.world.delete(details.message)
            assert await empty_discord.rest.answered("edit") >= 400

        assert not (await people.dan.check(CLAIM)).is_gone


async def test_an_end_while_a_picture_is_drawn_is_no_error(
    empty_discord: LoopbackDiscord, articles: Library, people: People
) -> None:
    async with bot_on(empty_discord, FactChecker(articles)):
        details = await people.dan.press(await people.dan.check(CLAIM), "Details")

    assert "How it was decided" in details.text
