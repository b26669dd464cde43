"""An example is a real sentence of the newest articles, and what the check itself says of it and of a change in it."""

import pytest

from knowledge.checker import FactChecker
from knowledge.errors import CollectionDisabled
from knowledge.examples import example_from
from knowledge.library import Library
from knowledge.verdicts import Verdict
from tests.conftest import make_article


def add(library: Library, text: str, collection: str = "shared") -> None:
    number = library.stats(collection).articles
    library.add(collection, make_article(text, url=f"https://example.org/{number}"), actor="test")


@pytest.mark.parametrize(
    ("sentence", "changed"),
    [
        (
            "The survey says that 47% of likely voters favor the mayor.",
            "The survey says that 57% of likely voters favor the mayor.",
        ),
        (
            "The ferry carried 95 passengers over the lake on its first day.",
            "The ferry carried 85 passengers over the lake on its first day.",
        ),
        (
            "The council will not close the library on the hill this year.",
            "The council will close the library on the hill this year.",
        ),
        (
            "The county cannot pay for the new bridge out of its own purse.",
            "The county can pay for the new bridge out of its own purse.",
        ),
    ],
)
def test_a_number_or_a_negation_is_changed(library: Library, sentence: str, changed: str) -> None:
    add(library, f"It rained all day. {sentence} Nobody minded the rain.")

    example = example_from(FactChecker(library), "shared")

    assert example is not None
    assert (example.quote, example.changed) == (sentence, changed)
    assert example.of_quote.verdict is Verdict.VERBATIM
    assert example.of_changed.verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    "text",
    [
        "The bakery in Harbour Lane burned down early on Tuesday morning.",
        "Too short: 47%.",
        "“We counted 47 boats in the harbour,” said Ada Quill on Tuesday.",
        "The harbour was dug in 1947, at a cost of $12,500 and 3.5 years of work.",
        f"The list of 47 names goes {'on and ' * 40}on.",
    ],
)
def test_where_no_sentence_serves_there_is_no_example(library: Library, text: str) -> None:
    add(library, text)

    assert example_from(FactChecker(library), "shared") is None


def test_the_newest_article_gives_the_example(library: Library) -> None:
    add(library, "The old survey says that 31% of likely voters favor the mayor.")
    add(library, "The new survey says that 47% of likely voters favor the mayor.")

    example = example_from(FactChecker(library), "shared")

    assert example is not None
    assert example.quote.startswith("The new survey")


def test_a_server_without_articles_shows_those_that_it_searches(library: Library) -> None:
    add(library, "The survey says that 47% of likely voters favor the mayor.")
    checker = FactChecker(library)
    assert example_from(checker, "discord:1") is None
    with library.changing("discord:1", "test") as writer:
        writer.set_values(reads_shared=True)

    assert example_from(checker, "discord:1") is not None


def test_a_stopped_collection_shows_nothing(library: Library) -> None:
    add(library, "The survey says that 47% of likely voters favor the mayor.")
    library.switch("shared", disabled=True, actor="test")

    with pytest.raises(CollectionDisabled):
        example_from(FactChecker(library), "shared")
