"""`/search`: what the articles have on some words, a page at a time."""

import datetime as dt
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.escaping import clean
from bot.harness import LoopbackDiscord, bot_on, rules
from bot.harness.components import texts
from bot.harness.fixtures import People
from bot.search_pages import WORDS_LIMIT, search_page
from knowledge.checker import FactCheck, FactChecker, Search
from knowledge.desk import Desk
from knowledge.library import Library
from tests.bot.test_cards import MENTION, fact_checks, is_well_marked
from tests.bot.test_details import without_our_link
from tests.conftest import make_article

ANIMALS = ["otter", "heron", "beaver", "marten", "kingfisher", "lynx", "badger", "stork", "hare", "owl", "toad", "vole"]


@pytest.fixture
def library(library: Library) -> Library:
    """Twelve more articles, all on the same river."""
    for number, animal in enumerate(ANIMALS):
        article = make_article(
            f"Wardens counted the {animal} near the Ambler river this week. They will come again in spring.",
            url=f"https://example.org/{animal}",
            title=f"The {animal} is back",
            publisher="The Example",
            published_on=dt.date(2031, 5, 1 + number),
        )
        library.add("shared", article, actor="test")
    return library


async def test_passages_can_be_read_page_by_page(discord: LoopbackDiscord, people: People) -> None:
    first = await people.dan.slash("search", words="Ambler river")

    assert first.is_private
    assert "The nearest passages" in first.text
    assert "1 to 4 of 12, one an article; 13 articles searched; nothing here is judged" in first.text
    assert first.text.count("**Ambler river**") == 4
    assert first.text.count("[open](<https://example.org/") == 4
    assert first.buttons == ["Previous", "Next"]

    assert "5 to 8 of 12" in (await people.dan.press(first, "Next")).text
    assert "9 to 12 of 12" in (await people.dan.press(first, "Next")).text
    assert "5 to 8 of 12" in (await people.dan.press(first, "Previous")).text


async def test_no_article_is_on_two_pages(discord: LoopbackDiscord, people: People) -> None:
    page = await people.dan.slash("search", words="wardens in spring")
    found = _titles(page.text)
    for _ in range(2):
        page = await people.dan.press(page, "Next")
        found += _titles(page.text)

    assert sorted(found) == sorted(ANIMALS)


def _titles(text: str) -> list[str]:
    return re.findall(r"\*\*The (\w+) is back\*\*", text)


async def test_pages_are_turned_after_a_restart(
    empty_discord: LoopbackDiscord, people: People, library: Library
) -> None:
    async with bot_on(empty_discord, FactChecker(library)):
        page = await people.eve.slash("search", words="Ambler: *river*")
    async with bot_on(empty_discord, FactChecker(library)):
        page = await people.eve.press(page, "Next")

    assert "For: Ambler: \\*river\\*" in page.text
    assert "5 to 8 of 12" in page.text


async def test_a_public_page_is_turned_and_removed_by_the_one_who_searched(
    discord: LoopbackDiscord, people: People, library: Library
) -> None:
    Desk(library, f"discord:{discord.guilds[0].id}", "test").change_settings(reads_shared=True)
    page = await people.ada.slash("search", words="Ambler river", private=False)

    refusal = await people.mo.press(page, "Next")
    assert refusal.is_private
    assert "only the one who searched can turn these pages" in refusal.text

    page = await people.ada.press(page, "Next")
    assert not page.is_private
    assert "5 to 8 of 12" in page.text
    assert (await people.ada.press(page, "Remove")).is_gone


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("zeppelins", "Nothing has these words"),
        ("😀", "there are no words to check"),
    ],
)
async def test_words_that_are_nowhere_and_no_words_are_answered(
    discord: LoopbackDiscord, people: People, words: str, answer: str
) -> None:
    assert answer in (await people.dan.slash("search", words=words)).text


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fact_checks(), st.text(min_size=1, max_size=WORDS_LIMIT).filter(clean), st.booleans())
def test_pages_of_anything_fit_and_cannot_mention_or_break_out(found: FactCheck, words: str, private: bool) -> None:
    results = found.evidence * 7
    view = search_page(Search(clean(words), 7, 1.0, results), 0, is_private=private)
    message = {"components": view.to_components(), "flags": rules.IS_COMPONENTS_V2}  # type: ignore[no-untyped-call]

    assert rules.message_problems({**message, "allowed_mentions": {"parse": []}}).lines == []
    for text in texts(message["components"]):
        assert not MENTION.search(text.replace("\\<", ""))
        assert all(is_well_marked(without_our_link(line)) for line in text.split("\n"))
