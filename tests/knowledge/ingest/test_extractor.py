"""Pages are read in a process that hostile ones may end, and nothing but themselves with it."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from knowledge.errors import NoArticleText, PageProblem
from knowledge.ingest.extractor import Extractor
from knowledge.ingest.page import MARKUP_LIMIT

GOOD = "<html><p>Words of a page.</p></html>"
SECONDS = 1.0


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    """One for all, with a process that is ready."""
    with Extractor(seconds=SECONDS) as extractor:
        extractor.read(GOOD)
        yield extractor


def worker_of(extractor: Extractor) -> int:
    """The number of its process."""
    worker = extractor._worker
    assert worker is not None
    number = worker._process.pid
    assert number is not None
    return number


def problem_of(extractor: Extractor, markup: str) -> PageProblem:
    with pytest.raises(NoArticleText) as caught:
        extractor.read(markup, "https://example.org/a")
    assert caught.value.url == "https://example.org/a"
    return caught.value.problem


def test_many_pages_are_read_by_one_process(extractor: Extractor) -> None:
    before = worker_of(extractor)
    assert {extractor.read(GOOD).text for _ in range(20)} == {"Words of a page."}
    assert worker_of(extractor) == before


def test_a_page_without_an_article_says_why(extractor: Extractor) -> None:
    assert problem_of(extractor, "<html></html>") == PageProblem.NO_TEXT


def test_too_much_markup_is_not_even_sent(extractor: Extractor) -> None:
    begun = time.monotonic()
    assert problem_of(extractor, "x" * (MARKUP_LIMIT + 1)) == PageProblem.TOO_LARGE
    assert time.monotonic() - begun < 0.1


def test_a_process_that_takes_too_long_is_ended_and_the_next_page_read(extractor: Extractor) -> None:
    before = worker_of(extractor)
    begun = time.monotonic()
    assert problem_of(extractor, "<p>" * 1_000_000) == PageProblem.TOO_SLOW
    assert time.monotonic() - begun < SECONDS + 1
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)
    assert extractor.read(GOOD).text == "Words of a page."


def test_a_process_that_takes_too_much_memory_is_told_apart() -> None:
    with Extractor(seconds=30, memory=64 * 1024**2) as extractor:
        assert problem_of(extractor, "<a href=x>" * 300_000) == PageProblem.TOO_MUCH_MEMORY
        assert extractor.read(GOOD).text == "Words of a page."


def test_a_process_that_dies_costs_one_page(extractor: Extractor) -> None:
    extractor.read(GOOD)
    os.kill(worker_of(extractor), signal.SIGKILL)
    assert problem_of(extractor, GOOD) == PageProblem.UNREADABLE
    assert extractor.read(GOOD).text == "Words of a page."


def test_threads_take_turns(extractor: Extractor) -> None:
    pages = {f"Words of page {number}." for number in range(40)}
    with ThreadPoolExecutor(8) as threads:
        assert {page.text for page in threads.map(lambda words: extractor.read(f"<p>{words}"), pages)} == pages


def test_the_process_ends_with_its_extractor() -> None:
    extractor = Extractor()
    extractor.read(GOOD)
    number = worker_of(extractor)
    extractor.close()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_an_extractor_that_is_never_used_starts_nothing() -> None:
    threads = threading.active_count()
    with Extractor() as extractor:
        assert extractor._worker is None
    assert threading.active_count() == threads


HOSTILE: dict[str, Callable[[], str]] = {
    "10,000 levels": lambda: "<div>" * 10_000 + "words",
    "100,000 levels of bold": lambda: "<p>" + "<b>" * 100_000 + "words",
    "10,000 lists": lambda: "<ul><li>words" * 10_000,
    "10,000 tables": lambda: "<table><tr><td>words" * 10_000,
    "10,000 quotes": lambda: "<blockquote>words — a (@b) May 4, 2031" * 10_000,
    "a million attributes": lambda: "<p " + " ".join(f"a{number}" for number in range(1_000_000)) + ">words",
    "an attribute of a megabyte": lambda: f"<p class='{'a ' * 500_000}'>words",
    "a word of five megabytes": lambda: "<p>" + "a" * 5_000_000,
    "blanks of five megabytes": lambda: "<p>a" + " " * 5_000_000 + "b",
    "a million unclosed tags": lambda: "<p>" * 1_000_000,
    "a million links": lambda: "<a href=x>a" * 700_000,
    "300,000 spans": lambda: "<p>" + "<span>a</span>" * 300_000,
    "a million entities": lambda: "<p>" + "&amp;" * 1_000_000,
    "entities that are none": lambda: "<p>" + "&#x41" * 1_000_000,
    "zero width": lambda: "<p>a" + "\u200b\u200d\ufeff" * 500_000,
    "bidi": lambda: "<p>" + "\u202ea\u2066b" * 500_000,
    "deep JSON-LD": lambda: f"<html><script type='application/ld+json'>{'[' * 500_000}</script><p>words",
    "wide JSON-LD": lambda: f"<html><script type='application/ld+json'>[{'{},' * 300_000}{{}}]</script><p>words",
    "endless digits": lambda: f"<html><script type='application/ld+json'>{'9' * 900_000}</script><p>words",
    "many scripts": lambda: "<script type='application/ld+json'>[1]</script>" * 100_000 + "<p>words",
    "a title of dashes": lambda: f"<html><meta property='og:title' content='{' - a' * 500_000}'><p>words",
    "a million headings": lambda: "<h1>a</h1>" * 500_000 + "<p>words",
    "dates": lambda: "<html><p>" + " ".join(f"{at % 28 + 1}.{at % 12 + 1}.2020" for at in range(300_000)),
    "line breaks": lambda: "<p>" + "a<br><br>" * 400_000,
    "signatures": lambda: "<blockquote>" + "— a (@b) " * 500_000,
    "offers": lambda: "<p>subscribe " * 300_000,
    "boxes": lambda: "<div class='a'><p>words and more words</p></div>" * 100_000,
    "comments": lambda: "<!--" * 1_000_000,
    "declarations": lambda: "<![CDATA[" * 500_000,
    "half surrogates": lambda: "<p>" + "\ud800" * 1_000_000,
    "control characters": lambda: "<p>" + "\0\x01\x1b" * 1_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markup_takes_no_longer_than_its_limit(extractor: Extractor, name: str) -> None:
    markup = HOSTILE[name]()
    extractor.read(GOOD)  # so that a process is there
    problem: PageProblem | None = None
    begun = time.monotonic()
    try:
        extractor.read(markup, "https://example.org/a")
    except NoArticleText as error:
        problem = error.problem
    assert time.monotonic() - begun < SECONDS + 1
    assert problem is not PageProblem.UNREADABLE
