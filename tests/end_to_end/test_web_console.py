"""The page of `receipts console --web` in a real Chromium, with the mouse, with the keyboard alone, and on a phone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.catalogue import say, speaking
from bot.harness import LoopbackDiscord, Member, Place
from bot.harness.components import Payload
from bot.harness.web_console import WebConsole
from knowledge.library import Library
from tests.conftest import make_article
from tests.end_to_end.browser import CHROMIUM, browser
from tests.end_to_end.pictures import CARD
from tests.end_to_end.web_chat import LAST, WebChat

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install the Debian package chromium")

PROMISE = (
    "“We will build 412 homes on the river bank before the first of May, we will open 31 schools in the northern "
    "districts, and we will never close the library, the harbour office or the swimming pool while I am the mayor of "
    "this town,” said Mayor Bernadette Oyelaran-Whitcombe of Alder Falls on Friday."
)
CLAIM = "The ferry carried 512 people on Friday"
QUOTE = "“The ferry carried 412 people on Friday”"
FOCUS = "document.activeElement"


@pytest.fixture
def library(library: Library, empty_discord: LoopbackDiscord) -> Library:
    """One article in the first server."""
    article = make_article("The ferry carried 412 people on Friday.", title="The ferry", publisher="The Ledger")
    library.add(f"discord:{empty_discord.guilds[0].id}", article, actor="test")
    return library


@pytest_asyncio.fixture
async def chat(discord: LoopbackDiscord, tmp_path: Path) -> AsyncIterator[WebChat]:
    """The page on a Discord with the bot in it."""
    async with WebConsole(discord, Place.SERVER).open() as url, browser(tmp_path / "profile") as tab:
        yield WebChat(tab, url)


async def test_a_claim_is_checked_and_the_answer_removed(chat: WebChat) -> None:
    await chat.open()
    await chat.check(CLAIM)
    assert "Altered: the source says 412, not 512" in await chat.text(LAST)
    assert "You used /check" in await chat.text(LAST)
    link = await chat.tab.evaluate("(a => [a.href, a.rel, a.target])(document.querySelector('.container a'))")
    assert link[0].startswith("https://example.org/article#:~:text=")
    assert link[1:] == ["noopener noreferrer", "_blank"]

    await chat.press("Remove")
    await chat.tab.until("document.querySelectorAll('.message').length === 0")


async def test_the_details_are_shown_to_oneself_and_the_words_struck_out_are_struck_out(chat: WebChat) -> None:
    await chat.open()
    await chat.check(CLAIM)
    assert await chat.tab.evaluate(f"document.querySelector('{LAST} s, {LAST} del').textContent") == "512"

    await chat.press("Details")
    await chat.tab.until(f"document.querySelector('{LAST}.private .container') !== null")
    assert "How it was decided" in await chat.text(LAST)


async def test_a_private_answer_is_shared(chat: WebChat) -> None:
    await chat.open()
    await chat.say(QUOTE)
    await chat.tab.click(f"{LAST} .text", button="right")
    await chat.tab.click(".popup [role=menuitem]")
    await chat.tab.until(f"document.querySelector('{LAST}.private .container') !== null")

    await chat.press("Share")
    await chat.tab.until(f"document.querySelector('{LAST}:not(.private) .container') !== null")
    assert "Verbatim" in await chat.text(LAST)


@pytest.mark.parametrize("more", ["", " And then she said much more than that." * 20])
@pytest.mark.parametrize(
    ("locale", "others"), [("en-US", "Also in: 2 other articles"), ("de", "Auch in: 2 weiteren Artikeln")]
)
async def test_a_card_with_much_of_everything_is_no_longer_than_a_phones_screen(
    library: Library, chat: WebChat, more: str, locale: str, others: str
) -> None:
    for number in range(3):
        url = f"https://example.org/{number}"
        article = make_article(PROMISE, url=url, title="A long title " * 20, publisher="The Long Ledger " * 20)
        library.add(library.collections()[0].name, article, actor="test")

    await chat.open(width=390, locale=locale)
    altered = PROMISE.replace("412", "512").replace("31", "13").replace("never", "soon").replace("Friday", "Monday")
    await chat.check(altered[: -len(" Alder Falls on Monday.")] + more)

    assert others in await chat.text(LAST)
    assert (await chat.tab.box(f"{LAST} .container")).height <= 844

    with speaking(locale):
        details, wrong, cancel = say("Details"), say("Wrong verdict"), say("Cancel")
    await chat.press(details)
    await chat.press(wrong)
    await chat.tab.until(f"document.querySelector('{LAST}').innerText.includes({cancel!r})")
    assert (await chat.tab.box(f"{LAST} .container")).height <= 844


async def test_a_message_is_checked_by_right_click_for_oneself(chat: WebChat) -> None:
    await chat.open()
    await chat.say(QUOTE)
    await chat.tab.click(f"{LAST} .text", button="right")
    await chat.tab.click(".popup [role=menuitem]")
    await chat.tab.until(f"document.querySelector('{LAST}.private .container') !== null")
    shown = await chat.text(LAST)
    assert "Verbatim" in shown
    assert "Only you can see this" in shown

    await chat.tab.click(f"{LAST} .dismiss")
    assert await chat.cards() == 0


async def test_a_form_is_filled_in(chat: WebChat) -> None:
    await chat.open(role="moderator")
    await chat.say("/source paste")
    await chat.tab.until("document.querySelector('dialog[open]') !== null")
    assert await chat.tab.evaluate(f"{FOCUS}.labels[0].innerText") == "Title"
    for text in ("Otters", "https://example.org/otters", "2031-05-09", "The otters moved into the old mill on Friday."):
        await chat.tab.type(text)
        await chat.tab.key("Tab")
    await chat.tab.click("dialog button[type=submit]")
    await chat.tab.until("document.querySelector('dialog') === null")
    await chat.tab.until(f"document.querySelector('{LAST} .container') !== null")
    assert "The otters moved into the old mill" in await chat.text(LAST)
    assert await chat.tab.evaluate(f"{FOCUS}.id") == "line"


async def test_members_are_not_shown_what_moderators_are(chat: WebChat) -> None:
    await chat.open()
    await chat.say("/source list")
    await chat.tab.until("document.querySelector('#log .notice') !== null")
    assert "there is no command 'source' here" in await chat.text(".notice")

    await chat.tab.click("input[value=moderator]")
    await chat.tab.until("location.hash === '#moderator/server/en-US'")
    await chat.say("/source list")
    await chat.tab.until(f"document.querySelector('{LAST} .container') !== null")
    await chat.tab.click("button[data-place=direct]")
    await chat.tab.until("location.hash === '#moderator/direct/en-US'")
    assert await chat.cards() == 0


HOSTILE = (
    "<script>window.obeyed = 1</script><img src=x onerror='window.obeyed = 2'>\n"
    "[look](javascript:window.obeyed=3) [here](https://example.org/a) [https://bank.example](https://evil.example)\n"
    "\u202ereversed\u202c and **bold** `<b>code</b>` <https://example.org/\u202e>\n"
    "||<img src=x onerror='window.obeyed = 4'>|| @everyone <@1> <t:99999999999999:R>"
)


def hostile_card(text: str) -> Payload:
    """A card with a hostile text wherever a text can be."""
    buttons = [
        {"type": 2, "style": 5, "label": text[:70], "url": "https://example.org/a"},
        {"type": 2, "style": 4, "label": text[:70], "custom_id": "x"},
    ]
    option = {"label": text[:90], "value": "1", "description": text[:90]}
    menu = {"type": 3, "custom_id": "y", "placeholder": text[:90], "options": [option]}
    picture = {"media": {"url": "https://tracker.example/a.png"}, "description": text, "spoiler": True}
    parts = [{"type": 10, "content": text}, {"type": 1, "components": buttons}, {"type": 1, "components": [menu]}]
    return {
        "flags": 1 << 15,
        "components": [{"type": 17, "accent_color": 255, "components": [*parts, {"type": 12, "items": [picture]}]}],
    }


async def test_hostile_text_is_shown_and_not_obeyed(chat: WebChat, discord: LoopbackDiscord) -> None:
    await chat.open()
    mallory = Member(discord, "<b>Mallory</b>\u202e")
    embed = {"title": HOSTILE[:200], "description": HOSTILE, "url": "javascript:window.obeyed=5"}
    mallory.post(HOSTILE, embeds=[embed])
    discord.world.post(mallory.channel, discord.world.bot, hostile_card(HOSTILE))
    discord.world.attach("x", b"x", "text/html")
    await chat.tab.until("document.querySelectorAll('.message').length === 2")
    await chat.tab.evaluate("document.querySelectorAll('.spoiler').forEach(one => one.click())")
    await chat.tab.click(f"{LAST} .menu")
    await chat.tab.key("Escape")
    await asyncio.sleep(0.2)

    shown = await chat.text()
    assert "<script>window.obeyed = 1</script>" in shown
    assert "<b>Mallory</b>" in shown
    assert "javascript:window.obeyed=3" in shown
    assert "U+202E" in shown
    assert "\u202e" not in shown
    assert await chat.tab.evaluate("window.obeyed") is None
    assert await chat.tab.evaluate("document.querySelectorAll('#log :is(script, img, b, iframe)').length") == 0
    hrefs = await chat.tab.evaluate("[...document.querySelectorAll('#log a')].map(one => one.href)")
    assert "https://example.org/a" in hrefs
    assert {href.split("/")[2] for href in hrefs} == {"example.org", "tracker.example"}
    loaded = await chat.tab.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    assert all(name.startswith(chat.url) for name in loaded), "something was fetched from elsewhere"


EVERYTHING = (
    "# One\n## Two\n### Three\n-# small\n> quoted **bold** and *slanted*\n- a\n- b\n1. first\n"
    "__under__ ~~struck~~ `code` ||hidden|| [label](https://example.org/) <t:1900000000:D> \\*plain\\* a_b_c\n"
    "```py\nprint('<b>')\n```"
)


async def test_markdown_is_drawn_as_discord_draws_it(chat: WebChat, discord: LoopbackDiscord) -> None:
    await chat.open()
    discord.world.post(discord.guilds[0].general, discord.world.bot, {"content": EVERYTHING})
    await chat.tab.until("document.querySelector('.message') !== null")

    async def drawn(selector: str) -> list[str]:
        found = f"[...document.querySelectorAll('.text {selector}')].map(one => one.textContent)"
        return list(await chat.tab.evaluate(found))

    assert [*await drawn("h3"), *await drawn("h4"), *await drawn("h5")] == ["One", "Two", "Three"]
    assert await drawn(".subtext") == ["small"]
    assert await drawn("blockquote") == ["quoted bold and slanted"]
    assert await drawn("blockquote em") == ["slanted"]
    assert [*await drawn("ul li"), *await drawn("ol li")] == ["a", "b", "first"]
    assert [*await drawn("u"), *await drawn("s"), *await drawn(".spoiler")] == ["under", "struck", "hidden"]
    assert await drawn("code") == ["code", "print('<b>')"]
    assert await drawn("time") == ["March 17, 2030"]
    assert "*plain* a_b_c" in await chat.text()


@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_nothing_is_wider_than_a_phone(chat: WebChat, discord: LoopbackDiscord, scheme: str) -> None:
    await chat.open(width=390, scheme=scheme)
    member = Member(discord, "Ada " + "N" * 28)
    member.post("w" * 1500)
    member.post("```\n" + "code " * 200 + "\n```")
    discord.world.post(member.channel, discord.world.bot, hostile_card("long" * 400))
    await chat.check(CLAIM)
    await chat.tab.evaluate("document.getElementById('line').focus()")
    await chat.tab.type("/")
    await chat.tab.until("!document.getElementById('suggestions').hidden")

    widths = "[document.documentElement, document.getElementById('log'), ...document.querySelectorAll('.message')]"
    assert await chat.tab.evaluate(f"{widths}.every(one => one.scrollWidth <= one.clientWidth)")
    assert await chat.tab.evaluate("innerWidth") == 390
    background = await chat.tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(255, 255, 255)") == (scheme == "light")


async def test_the_keyboard_is_enough(chat: WebChat) -> None:
    await chat.open()
    tab = chat.tab
    await tab.type("/ch")
    await tab.until("document.querySelector('[aria-selected=true]') !== null")
    await tab.key("Enter")
    await tab.until("document.getElementById('line').value === '/check claim: '")
    await tab.type(CLAIM)
    await tab.key("Escape")
    await tab.key("Enter")
    await tab.until("document.querySelector('.container') !== null")
    for wanted in ("Apps for this message", "Remove"):
        await tab.key("Tab", shift=True)
        assert await chat.focus() == wanted
    await tab.key("Enter")
    await tab.until("document.querySelector('.message') === null")
    assert await tab.evaluate(f"{FOCUS}.id") == "line"

    await tab.type(QUOTE)
    await tab.key("Enter")
    await tab.until("document.querySelector('.message') !== null")
    await tab.key("Tab", shift=True)
    await tab.key("Tab", shift=True)
    assert (await chat.focus()).startswith("You,")
    await tab.key("F10", shift=True)
    await tab.until(f"{FOCUS}.role === 'menuitem'")
    await tab.key("Escape")
    assert await chat.focus() == "Apps for this message"
    await tab.key("Enter")
    await tab.until(f"{FOCUS}.role === 'menuitem'")
    await tab.key("Enter")
    await tab.until(f"document.querySelector('{LAST}.private .container') !== null")


async def test_the_end_of_a_claim_that_looks_like_an_option_is_sent(chat: WebChat) -> None:
    await chat.open()
    await chat.tab.type("/check claim: The ferry carried 512 people on Friday, it s")
    await chat.tab.until("document.querySelectorAll('#suggestions li').length === 1")
    await chat.tab.key("Enter")
    await chat.tab.until("document.querySelector('.container') !== null")
    assert "it s" in await chat.text(LAST)

    await chat.tab.type("/check claim: x s")
    await chat.tab.until("document.querySelectorAll('#suggestions li').length === 1")
    await chat.tab.key("Tab")
    await chat.tab.until("document.getElementById('line').value === '/check claim: x speaker: '")


async def test_the_theme_can_be_changed(chat: WebChat) -> None:
    await chat.open(scheme="dark")
    colour = "getComputedStyle(document.body).backgroundColor"
    assert await chat.tab.evaluate(colour) == "rgb(49, 51, 56)"
    await chat.tab.click("#theme")
    assert await chat.tab.evaluate(colour) == "rgb(255, 255, 255)"
    assert await chat.text("#theme") == "☾ Dark"


MENU: Payload = {
    "flags": 1 << 15,
    "components": [
        {
            "type": 1,
            "components": [
                {
                    "type": 3,
                    "custom_id": "menu",
                    "max_values": 2,
                    "placeholder": "Which?",
                    "options": [{"label": label, "value": label} for label in ("One", "Two", "Three")],
                }
            ],
        }
    ],
}


async def test_a_menu_is_a_list_that_arrows_walk(chat: WebChat, discord: LoopbackDiscord) -> None:
    await chat.open()
    discord.world.post(discord.guilds[0].general, discord.world.bot, MENU)
    await chat.tab.until("document.querySelector('.menu') !== null")
    await chat.tab.evaluate("document.querySelector('.menu').focus()")
    await chat.tab.key("Enter")
    await chat.tab.until(f"{FOCUS}.role === 'option'")
    for key in ("ArrowDown", " ", "ArrowDown", "Enter"):
        await chat.tab.key(key)
    chosen = "[...document.querySelectorAll('.popup [aria-selected=true]')].map(one => one.textContent)"
    assert await chat.tab.evaluate(chosen) == ["Two", "Three"]
    await chat.tab.key("Escape")
    assert await chat.focus() == "Which?\n▾"


def test_the_picture_on_the_readme_is_small_and_there() -> None:
    content = CARD.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) < 150_000
