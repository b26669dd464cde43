"""The server of the page: who is let in, what a browser is told to allow, and what somebody does there."""

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from yarl import URL

from bot.harness import LoopbackDiscord, Place
from bot.harness.components import Payload
from bot.harness.seat import Seat, people_of
from bot.harness.web_console import WebConsole
from bot.harness.web_session import PageSession
from knowledge.library import Library
from tests.conftest import make_article

BUTTONS: list[Payload] = [
    {"type": 1, "components": [{"type": 2, "style": 1, "label": "Add", "custom_id": "a", "disabled": True}]},
    {"type": 1, "components": [{"type": 5, "custom_id": "who", "placeholder": "Who?"}]},
]


@pytest.fixture
def library(library: Library, empty_discord: LoopbackDiscord) -> Library:
    """One article, in the shared collection and in the first server's."""
    article = make_article("The ferry carried 412 people on Friday.", title="The ferry")
    for collection in ("shared", f"discord:{empty_discord.guilds[0].id}"):
        library.add(collection, article, actor="test")
    return library


@pytest_asyncio.fixture
async def url(empty_discord: LoopbackDiscord) -> AsyncIterator[URL]:
    """The address of the page, on a Discord without a bot."""
    async with WebConsole(empty_discord, Place.SERVER).open() as address:
        yield URL(address)


@dataclass
class Desk:
    """A page without a browser: what it does, and what it is told."""

    session: PageSession
    told: list[Payload] = field(default_factory=list)

    async def do(self, action: str, **details: Any) -> Payload:
        """Do something; the answer to it."""
        await self.session.do({"id": 7, "do": action, **details})
        return next(one for one in reversed(self.told) if one.get("to") == 7)

    @property
    def messages(self) -> list[Payload]:
        """What it was told of messages, newest last."""
        return [one["message"] for one in self.told if "message" in one]


def desk_on(discord: LoopbackDiscord, place: Place = Place.DIRECT) -> Desk:
    """Somebody at a page; direct messages search the shared collection."""
    told: list[Payload] = []
    session = PageSession(discord, Seat(people_of(discord), place), told.append)
    discord.world.watchers.append(session.watch)
    return Desk(session, told)


async def status(url: URL, **headers: str) -> int:
    """How a request is answered."""
    async with aiohttp.ClientSession() as client, client.get(url, headers=headers) as answer:
        return answer.status


# --- who is let in ---


async def test_the_address_cannot_be_guessed_and_is_another_each_time(empty_discord: LoopbackDiscord) -> None:
    async with (
        WebConsole(empty_discord, Place.SERVER).open() as one,
        WebConsole(empty_discord, Place.SERVER).open() as other,
    ):
        assert URL(one).host == "127.0.0.1"
        assert len(URL(one).parts[1]) >= 32
        assert URL(one).parts[1] != URL(other).parts[1]


@pytest.mark.parametrize("path", ["/", "/index.html", "/x/", "/x/style.css", "/x/socket"])
async def test_nothing_is_served_to_who_does_not_know_the_address(url: URL, path: str) -> None:
    assert await status(url.origin().with_path(path)) == 404


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "script"}, False),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "empty"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Host": "evil.example"}, False),
        ({"Host": "localhost"}, False),
    ],
)
async def test_other_pages_are_turned_away(url: URL, headers: dict[str, str], allowed: bool) -> None:
    assert await status(url, **headers) == (200 if allowed else 403)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
async def test_the_socket_opens_for_the_page_alone(url: URL, origin: str) -> None:
    async with aiohttp.ClientSession() as client:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await client.ws_connect(url / "socket", headers={"Origin": origin} if origin else None)
        assert refused.value.status == 403

        async with client.ws_connect(url / "socket", headers={"Origin": str(url.origin())}) as socket:
            await socket.send_str("no JSON")
            await socket.send_json(["no object"])
            await socket.send_json({"id": 1, "do": "sit"})
            assert (await socket.receive_json())["place"] == "server"


@pytest.mark.parametrize("name", ["../web_console.py", "%2e%2e/web_console.py", "nothing.js", "page"])
async def test_nothing_but_the_page_is_served(url: URL, name: str) -> None:
    assert await status(URL(f"{url}{name}", encoded=True)) == 404


async def test_every_answer_says_what_a_browser_may_do(url: URL) -> None:
    for name in ("", "style.css", "main.js", "icon.svg"):
        async with aiohttp.ClientSession() as client, client.get(url / name if name else url) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert answer.status == 200
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "require-trusted-types-for 'script'" in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_the_page_asks_for_nothing_from_elsewhere_and_builds_no_markup(url: URL) -> None:
    async with aiohttp.ClientSession() as client:
        for entry in (files("bot.harness") / "page").iterdir():
            async with client.get(url / entry.name) as answer:
                text = await answer.text()
            assert "innerHTML" not in text
            assert "insertAdjacentHTML" not in text
            assert not any(f'{how}"http' in text for how in ("src=", "href=", "url("))


async def test_a_file_of_a_message_is_a_picture_or_kept(empty_discord: LoopbackDiscord, url: URL) -> None:
    for kind, shown in (("image/png", "inline"), ("text/html", "attachment"), ("image/svg+xml", "attachment")):
        kept = empty_discord.world.attach("a", b"<script>", kind)
        async with (
            aiohttp.ClientSession() as client,
            client.get(url / "attachments" / kept["id"] / "a") as answer,
        ):
            assert answer.headers["Content-Disposition"] == shown
            assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert await status(url / "attachments" / "1" / "a") == 404


# --- what somebody does ---


async def test_a_claim_is_checked_and_the_answer_removed(discord: LoopbackDiscord) -> None:
    desk = desk_on(discord)
    assert await desk.do("type", text="/check claim: The ferry carried 512 people on Friday") == {"to": 7}
    card = desk.messages[-1]
    assert "the source says 412, not 512" in str(card["components"])
    assert card["used"] == {"by": "You", "command": "/check"}
    assert not card["loading"]
    buttons = [one for row in card["components"][0]["components"] for one in row.get("components") or []]
    remove = next(one for one in buttons if one["label"] == "Remove")

    assert await desk.do("press", message=card["id"], component=remove["id"]) == {"to": 7}
    assert desk.told[-2]["tell"] == "deleted"
    assert "gone" in (await desk.do("press", message=card["id"], component=remove["id"]))["error"]


async def test_a_message_is_posted_and_checked_by_right_click(discord: LoopbackDiscord) -> None:
    desk = desk_on(discord)
    await desk.do("type", text="“The ferry carried 412 people on Friday”")
    state = await desk.do("sit")
    assert state["apps"] == ["Check this message"]

    await desk.do("apps", message=state["messages"][0]["id"], name="Check this message")
    assert desk.messages[-1]["private"]
    assert "Verbatim" in str(desk.messages[-1]["components"])


async def test_a_form_is_opened_filled_in_and_sent(discord: LoopbackDiscord) -> None:
    desk = desk_on(discord, Place.SERVER)
    assert "there is no command" in (await desk.do("type", text="/source paste"))["error"]
    await desk.do("sit", role="moderator")
    form = (await desk.do("type", text="/source paste"))["form"]
    assert form["title"] == "Paste an article"

    assert "missing" in (await desk.do("submit", values={"Title": "Otters"}))["error"]
    text = base64.b64encode(b"The otters moved in on Friday, said the keeper of the mill.").decode()
    values = {
        "Title": "Otters",
        "Address": "https://example.org/otters",
        "Or its text as a file": [{"name": "otters.txt", "content": text}],
    }
    assert await desk.do("submit", values=values) == {"to": 7}
    assert "The otters moved in" in str(desk.messages[-1]["components"])


async def test_commands_and_what_the_bot_suggests_complete(discord: LoopbackDiscord) -> None:
    desk = desk_on(discord, Place.SERVER)
    await desk.do("sit", role="moderator")

    async def labels(text: str) -> list[str]:
        return [one["label"] for one in (await desk.do("complete", text=text))["suggestions"]]

    assert "check" in await labels("/")
    assert "source add" in await labels("/source a")
    assert await labels("/check claim: x pr") == ["private"]
    assert await labels("/check private: t") == ["true"]
    assert await labels("/source import file: ") == ["Choose a file…"]
    assert await labels("/nonsense ") == []
    (article,) = (await desk.do("complete", text="/source show article: fer"))["suggestions"]
    assert "The ferry" in article["label"]
    await desk.do("type", text=f"/source show article: {article['text']}")
    assert "412 people" in str(desk.messages[-1]["components"])


async def test_a_file_of_a_command_is_what_the_page_sent_and_never_one_of_this_machine(
    discord: LoopbackDiscord,
) -> None:
    desk = desk_on(discord, Place.SERVER)
    await desk.do("sit", role="moderator")

    assert "no file '/etc/passwd'" in (await desk.do("type", text="/source import file: /etc/passwd"))["error"]
    sent = [{"name": "a.txt", "content": "not base64!"}]
    assert "whole" in (await desk.do("type", text="/source import file: a.txt", files=sent))["error"]


@pytest.mark.parametrize(
    "asked",
    [
        {"do": "nothing"},
        {},
        {"do": "type"},
        {"do": "type", "text": 5},
        {"do": "type", "text": "\ud800"},
        {"do": "type", "text": "x" * 2001},
        {"do": "type", "text": " "},
        {"do": "type", "text": "/"},
        {"do": "sit", "role": "owner"},
        {"do": "sit", "place": ["server"]},
        {"do": "press", "message": "1", "component": 1},
        {"do": "apps", "message": [], "name": "x"},
        {"do": "submit", "values": {}},
        {"do": "choose"},
    ],
)
async def test_what_cannot_be_done_is_told_in_words(empty_discord: LoopbackDiscord, asked: Payload) -> None:
    desk = desk_on(empty_discord)
    await desk.session.do({"id": 1, **asked})
    assert desk.told[-1]["to"] == 1
    assert desk.told[-1]["error"].startswith("That does not work")


async def test_a_bot_that_does_not_answer_is_told_as_discord_would(empty_discord: LoopbackDiscord) -> None:
    empty_discord.world.commands = [
        {"id": "1", "name": "check", "type": 1, "description": "x", "options": [], "integration_types": [0]}
    ]
    desk = desk_on(empty_discord, Place.SERVER)
    with empty_discord.expecting("was not acknowledged in 3 s"):
        doing = asyncio.create_task(desk.do("type", text="/check"))
        await asyncio.sleep(0.05)
        empty_discord.clock.advance(4)
        assert await doing == {"to": 7, "error": "The application did not respond", "is_silent": True}


async def test_one_sees_what_is_for_oneself_and_that_something_is_new_elsewhere(
    empty_discord: LoopbackDiscord,
) -> None:
    desk = desk_on(empty_discord, Place.SERVER)
    world, general = empty_discord.world, empty_discord.guilds[0].general
    world.post(general, world.bot, {"content": "for Ada"}, visible_to=world.add_user("Ada"))
    assert desk.told == []

    message = world.post(general, world.bot, {"components": BUTTONS, "flags": 1 << 15})
    assert desk.told[-1]["tell"] == "posted"
    menu = desk.messages[-1]["components"][1]["components"][0]
    assert "Receipts" in [option["label"] for option in menu["options"]]
    disabled = message.payload["components"][0]["components"][0]
    assert "disabled" in (await desk.do("press", message=message.id, component=disabled["id"]))["error"]
    assert "no menu" in (await desk.do("choose", message=message.id, component=disabled["id"], choices=[]))["error"]

    await desk.do("sit", place="direct")
    world.post(general, world.bot, {"content": "for all"})
    assert desk.told[-1] == {"tell": "unread", "place": "server"}
