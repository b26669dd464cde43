"""`python -m tests.end_to_end.pictures [FOLDER]`: makes the README's picture of a card anew, and pictures to look at.

The card is the bot's own answer over the bundled articles, drawn by `receipts console --web` in headless Chromium.
With a folder the whole page is put there too, at desktop and phone width, dark and light.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.demo import COLLECTION, TOUR, demo_library
from bot.harness.web_console import web_console
from bot.web import web
from knowledge.checker import FactChecker
from tests.end_to_end.browser import browser
from tests.end_to_end.web_chat import LAST, WebChat

CARD = Path(__file__).parents[2] / "bot" / "demo" / "card.png"
_CLAIM = next(stop.claim for stop in TOUR if stop.about == "A number that grew")
_POST = "Have you seen this?\n> “We will not close the library while I am mayor”"


async def make_card() -> bytes:
    """The picture on the README's first screen."""
    async with _chat() as chat:
        await chat.open()
        await chat.tab.dress(width=950, height=1000, scale=1.5)
        await chat.check(_CLAIM)
        await chat.tab.evaluate("document.querySelector('.more').remove()")  # where nobody points there is none
        return await chat.tab.picture(LAST, margin=8)


async def make_pages() -> dict[str, bytes]:
    """The whole page in every look, by the names of the files."""
    pages: dict[str, bytes] = {}
    async with _chat() as chat:
        for width in (1280, 390):
            for scheme in ("dark", "light"):
                await _make_pages_of(chat, pages, width, scheme)
    return pages


async def _make_pages_of(chat: WebChat, pages: dict[str, bytes], width: int, scheme: str) -> None:
    async def keep(name: str) -> None:
        await asyncio.sleep(0.2)
        pages[f"{name}-{width}-{scheme}.png"] = await chat.tab.picture()

    await chat.open(role="moderator", width=width, scheme=scheme)
    await chat.check(_CLAIM)
    await keep("card")
    await chat.say(_POST)
    await chat.tab.click(f"{LAST} .more")
    await keep("apps")
    await chat.tab.click(".popup [role=menuitem]")
    await chat.tab.until("document.querySelector('#log > .private .container') !== null")
    await keep("private")
    await chat.command("/source list")
    await keep("list")
    for command in ("help", "status", "settings"):
        await chat.command(f"/receipts {command}")
        await keep(command)
        if command == "help":
            await chat.tab.click(f"{LAST} .row button")
            await chat.tab.until("document.querySelector('#log').lastElementChild.innerText.includes('Verbatim:')")
            await keep("answers")
    await chat.tab.evaluate("document.getElementById('line').focus()")
    await chat.tab.type("/")
    await chat.tab.until("!document.getElementById('suggestions').hidden")
    await keep("commands")
    await chat.tab.evaluate("document.getElementById('line').value = ''")
    await chat.say("/nonsense")
    await chat.say("/source paste")
    await chat.tab.until("document.querySelector('dialog') !== null")
    await keep("form")


@asynccontextmanager
async def _chat() -> AsyncIterator[WebChat]:
    with demo_library() as library, web() as internet, TemporaryDirectory(prefix="receipts-") as profile:
        async with (
            web_console(FactChecker(library), COLLECTION, internet) as url,
            browser(Path(profile)) as tab,
        ):
            yield WebChat(tab, url)


def _main(folders: list[str]) -> None:
    CARD.write_bytes(asyncio.run(make_card()))
    for folder in map(Path, folders):
        folder.mkdir(parents=True, exist_ok=True)
        for name, picture in asyncio.run(make_pages()).items():
            (folder / name).write_bytes(picture)


if __name__ == "__main__":
    _main(sys.argv[1:])
