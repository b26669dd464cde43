"""Links open a real page in a real Chromium at the right place, and that place alone is highlighted."""

import html
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from knowledge.links import link_to
from knowledge.text import Span
from tests.end_to_end.browser import CHROMIUM, Page, browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install the Debian package chromium")

HIGHLIGHT = (255, 0, 255)
TWICE = "The harbour pays for itself - every year, “come rain or shine”, & 47% of it is fish."
LONG = "This paragraph is the first of two that somebody quotes as one, and it says so at some length."
ON = "The second of the two goes on about the same boats, and then it stops at the old lighthouse."
CHINESE = "渔港每年自给自足，四十七个百分点来自鱼。"
SHORT = "so be it"
TEXT = "\n\n".join(
    [
        "Quillham Harbour in numbers",
        f"Odile Fenwick, the mayor, said on Monday: {TWICE} Nobody laughed.",
        LONG,
        ON,
        CHINESE,
        "The clerk wrote: So be it to the council, and so be it to the boats.",
        f"In a post of her own: {TWICE} — Odile Fenwick (@fenwick) May 3, 2031",
    ]
)


def places(words: str) -> list[Span]:
    """Every place of some words in the text."""
    found = [at for at in range(len(TEXT)) if TEXT.startswith(words, at)]
    return [Span(at, at + len(words)) for at in found]


def page() -> str:
    """The text as a page whose paragraphs stand a screen apart."""
    paragraphs = TEXT.split("\n\n")
    body = "".join(f'<p id="p{n}">{html.escape(one)}</p><div class="far"></div>' for n, one in enumerate(paragraphs))
    style = "::target-text{background:#f0f;color:#f0f}.far{height:900px}p{font:20px sans-serif;width:700px}"
    return f'<!doctype html><meta charset="utf-8"><title>Harbour</title><style>{style}</style>{body}'


def paragraphs_of(span: Span) -> set[int]:
    """The numbers of the paragraphs that a place touches."""
    return set(range(TEXT.count("\n\n", 0, span.start), TEXT.count("\n\n", 0, span.end) + 1))


@pytest_asyncio.fixture
async def site() -> AsyncIterator[str]:
    """A server on loopback that has the page."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=page(), content_type="text/html")

    application = web.Application()
    application.router.add_get("/harbour", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}/harbour"
    await runner.cleanup()


async def highlighted(tab: Page) -> set[int]:
    """The numbers of the paragraphs in which something is highlighted."""
    numbers = range(TEXT.count("\n\n") + 1)
    return {number for number in numbers if HIGHLIGHT in await tab.colours(await tab.box(f"#p{number}"))}


async def test_every_link_highlights_its_own_place_alone(site: str, tmp_path: Path) -> None:
    whole = places(f"{LONG}\n\n{ON}")
    wanted = [*places(TWICE), *places(LONG), *whole, *places(CHINESE), *places(SHORT), *places("So be it")]
    assert len(wanted) == 7
    async with browser(tmp_path / "profile") as tab:
        for span in wanted:
            link = link_to(site, TEXT, span)
            assert ":~:text=" in link
            await tab.open(link)
            assert await highlighted(tab) == paragraphs_of(span), (TEXT[span.start : span.end], link)
            assert await tab.evaluate("scrollY") > 0, "the page was not scrolled to the words"
        await tab.open(site)
        assert await highlighted(tab) == set(), "a page without a directive highlights nothing"


async def test_the_browser_keeps_the_rules_that_the_links_rely_on(site: str, tmp_path: Path) -> None:
    async with browser(tmp_path / "profile") as tab:
        await tab.open(f"{site}#:~:text=THE%20HARBOUR%20PAYS")
        assert await highlighted(tab) == {1}, "case does not count, and the first place is taken"
        await tab.open(f"{site}#:~:text=arbour%20pays%20for")
        assert await highlighted(tab) == set(), "part of a word is no match"
        await tab.open(f"{site}#:~:text=some%20length.%20The%20second")
        assert await highlighted(tab) == set(), "words do not run from one paragraph into the next"
        await tab.open(f"{site}#:~:text=of%20her%20own%3A-,The%20harbour%20pays")
        assert await highlighted(tab) == {6}, "a prefix chooses among copies"
