"""`/source add` of saved news pages, in the harness, from a server on loopback: each is added, or refused in words.

Every eighth page is asked for; all 88 with `RECEIPTS_PAGES=all` (`-rP` prints what was said of each).
"""

import os
import socket
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from bot.harness import LoopbackDiscord, bot_on
from bot.harness.fixtures import People
from bot.web import Web
from knowledge.checker import FactChecker
from knowledge.ingest.download import Downloader
from knowledge.ingest.extractor import Extractor
from knowledge.library import Library
from tests.knowledge.ingest.servers import Server, ok, saying
from tests.quality.pages import PAGES, Labelled, labelled

_EVERY = 1 if os.environ.get("RECEIPTS_PAGES") == "all" else 8

pytestmark = pytest.mark.skipif(
    not (PAGES / "gold.jsonl").exists(), reason=f"needs the saved pages, which are not in {PAGES}"
)


@pytest.fixture(scope="module")
def pages() -> dict[str, Labelled]:
    """The pages, each by a number, with which its path on the server begins."""
    return {str(number): one for number, one in enumerate(labelled()) if number % _EVERY == 0}


@pytest.fixture
def server(pages: dict[str, Labelled]) -> Iterator[Server]:
    def answer(connection: socket.socket, head: bytes) -> None:
        page = pages[head.split()[1].decode().split("/")[1]]
        saying(ok(page.markup.encode(), kind="text/html; charset=utf-8"))(connection, head)

    with Server(answer) as opened:
        yield opened


async def test_each_saved_page_is_added_or_refused_in_words(
    empty_discord: LoopbackDiscord,
    people: People,
    checker: FactChecker,
    library: Library,
    server: Server,
    pages: dict[str, Labelled],
) -> None:
    door = Downloader(gap=0, resolve=lambda name, port: ["127.0.0.1"], also_allowed=[server.place])
    refused = 0
    with Extractor() as extractor:
        async with bot_on(empty_discord, checker, web=Web(door, extractor)):
            for number, page in pages.items():
                url = urlsplit(page.url)
                asked = server.url(f"/{number}{url.path}", host=url.hostname or "news.example.org")
                reply = await people.mo.slash("source add", url=asked)
                sys.stdout.write(f"{page.name} {' | '.join(reply.text.splitlines())[:300]}\n")
                assert "went wrong" not in reply.text, page.name
                if "Add" in reply.buttons:
                    assert "Added" in (await people.mo.press(reply, "Add")).text, page.name
                else:
                    assert "that did not become an article" in reply.text, page.name
                    refused += 1
                empty_discord.clock.advance(2)

    added = sum(one.articles for one in library.collections() if one.name != "shared")
    assert added >= len(pages) - refused
    assert refused <= len(pages) // 8
    assert list(library.verify(f"discord:{empty_discord.guilds[0].id}")) == []
