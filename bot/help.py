"""`/receipts help`: what the bot does, on two screens, with an example from the articles that are searched here."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import discord

from bot.buttons import LastingButton
from bot.cards import LOOKS, card_of
from bot.catalogue import noted, plural, quoted, say
from bot.errors import AskedTooOftenError
from bot.escaping import clean, fitted, plain
from bot.permissions import is_in_server, may_moderate
from knowledge.checker import FactCheck
from knowledge.errors import CollectionDisabled
from knowledge.examples import Example
from knowledge.verdicts import Verdict

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

_COLOUR = 0x5B6770
SCREENS = 2

Block = str | None
"""A text of a screen; None is a line between two."""


class Asker(NamedTuple):
    """What the words depend on: where somebody asks, and whether they moderate there."""

    is_in_server: bool
    is_moderator: bool


class HelpButton(LastingButton, template=r"receipts:1:help:(?P<screen>[12])"):
    """Shows the other screen."""

    def __init__(self, screen: int) -> None:
        super().__init__(
            say("What you can do") if screen == 1 else say("What the answers mean"), f"receipts:1:help:{screen}"
        )
        self._screen = screen

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """The button of an id."""
        return cls(int(match["screen"]))

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Put the other screen in the place of this one."""
        await interaction.response.defer()
        await show_help(interaction, bot, self._screen)


async def show_help(interaction: discord.Interaction[Any], bot: "ReceiptsBot", screen: int) -> None:
    """Show a screen in the place of what stands there."""
    roles = (await bot.in_thread(bot.desk(interaction).settings)).roles
    asker = Asker(is_in_server(interaction), may_moderate(interaction, roles))
    if screen == 1:
        commands = [command.name for command in bot.tree.walk_commands()]
        commands += [command.name for command in bot.tree.walk_commands(type=discord.AppCommandType.message)]
        blocks = list(first_screen(asker, commands, *await _articles_of(interaction, bot)))
    else:
        blocks = list(second_screen(asker))
    await interaction.edit_original_response(view=_layout(blocks, HelpButton(SCREENS + 1 - screen)))


async def _articles_of(interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> tuple[int, Example | None]:
    """How many articles are searched, and the example of them; none where an operator stopped the collection.

    An example takes some checks, so that it counts as a question; who asked too many gets help without one.
    """
    status = await bot.collection_status(interaction)
    articles = status.articles + (status.shared or 0)
    try:
        bot.count_question(interaction)
        return articles, await bot.example(interaction)
    except AskedTooOftenError:
        return articles, None
    except CollectionDisabled:
        return 0, None


def _layout(blocks: Sequence[Block], button: HelpButton) -> discord.ui.LayoutView:
    ui = discord.ui
    shown: list[discord.ui.Item[Any]] = [ui.TextDisplay(block) if block else ui.Separator() for block in blocks]
    return ui.LayoutView(timeout=None).add_item(ui.Container(*shown, ui.ActionRow(button), accent_colour=_COLOUR))


# --- what you can do ---

_WAYS = {
    "check": noted(
        "**/check** finds where a quote or a claim comes from. An address shows whether it is an article here."
    ),
    noted("Check this message"): noted(
        "**Right click on a message → Apps → Check this message** checks what somebody posted, for you alone. "
        "On a phone press and hold the message."
    ),
    "search": noted("**/search** shows the passages on a matter, without a verdict."),
    "suggest": noted("**/suggest** names an article that the moderators should add."),
}
_ONLY_IN_SERVERS = frozenset({"suggest"})


def first_screen(asker: Asker, commands: Sequence[str], articles: int, example: Example | None) -> Iterator[Block]:
    """What the bot does, each way to ask it, and an example."""
    does = say(
        "It looks for a quote or a claim in articles and answers with the receipt: the passage, who said it, when, "
        "and word by word what was changed. It does not say what is true or false, and it makes up nothing."
    )
    yield f"### {say('What Receipts does')}\n{does}"
    is_here = {name for name in commands if asker.is_in_server or name not in _ONLY_IN_SERVERS}
    yield "\n".join(f"- {say(words)}" for name, words in _WAYS.items() if name in is_here)
    yield None
    if not articles:
        yield f"**{say('There are no articles to search here yet')}**\n{_how_to_begin(asker)}"
    elif example is not None:
        title = plural("An example from the {n} article here", "An example from the {n} articles here", articles)
        yield f"**{title}**\n{_said(example.quote, example.of_quote)}"
        yield f"{say('With one thing changed:')}\n{_said(example.changed, example.of_changed)}"
    else:
        yield plural("{n} article is searched here.", "{n} articles are searched here.", articles)


def _how_to_begin(asker: Asker) -> str:
    if asker.is_moderator:
        return say("**/source add** adds one, **/source import** many from a file, **/feed add** those of a feed.")
    if asker.is_in_server:
        return say("The moderators of this server add them; **/suggest** names one that they should add.")
    return say("Whoever runs the bot adds them. In a server that has the bot, its own articles are searched.")


def _said(words: str, check: FactCheck) -> str:
    """A claim and the answer to it, in a line each."""
    card = card_of(check)
    return f"> {fitted(plain(quoted(clean(words))), 400)}\n{card.symbol} {fitted(plain(card.title), 300)}"


# --- what the answers mean ---

_MEANINGS = {
    Verdict.VERBATIM: noted("the source has the same words in the same order."),
    Verdict.CLOSE: noted("a typo, a spelling or a small word differs; nothing that bears meaning does."),
    Verdict.ALTERED: noted("a number, a “not”, a name or another word that bears meaning differs."),
    Verdict.SPLICED: noted("pieces that stand apart in the source are joined as if they were one."),
    Verdict.MISATTRIBUTED: noted("the words are there, and the source gives them to somebody else."),
    Verdict.RELATED: noted("a passage on the same matter, in other words. It settles nothing."),
    Verdict.NOT_FOUND: noted("nothing like it in the articles that were searched. That does not make it false."),
}


def second_screen(asker: Asker) -> Iterator[Block]:
    """What each verdict means, what is kept about members, and who decides on the articles."""
    meanings = (f"{LOOKS[one].symbol} **{say(LOOKS[one].label)}**: {say(words)}" for one, words in _MEANINGS.items())
    yield "\n".join([f"### {say('What the answers mean')}", *meanings])
    yield None
    kept = say(
        "Nothing of what you check: no claim, no message, not who asked. How many checks a day came to which answer "
        "is counted. What you send of an answer, suggest or want to be told of is kept because you said so, and what "
        "a moderator changes with their account. **/privacy** shows it and deletes it."
    )
    yield f"**{say('What is kept about you')}**\n{kept}"
    yield f"**{say('Who decides on the articles')}**\n{_who_decides(asker)}"


def _who_decides(asker: Asker) -> str:
    if not asker.is_in_server:
        return say("Here, whoever runs the bot. In a server that has the bot, the moderators of that server.")
    decide = say(
        "The moderators of this server: who may manage messages, and the roles that they named. "
        "No other server sees these articles."
    )
    return f"{decide} {say('Every change is in **/source log**.')}" if asker.is_moderator else decide
