"""`/source`: how moderators build and tend the articles of their server. What each does is in `knowledge.desk`."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.catalogue import noted, say
from bot.errors import DateError
from bot.forms import PasteForm
from bot.imports import begin_import
from bot.permissions import require_server
from bot.sheets import (
    Sheet,
    article_sheet,
    confirmation,
    domains_sheet,
    listing,
    log_sheet,
    preview,
    refreshed_sheet,
    sheet_layout,
)
from bot.source_views import (
    PAGE,
    ListFilter,
    RemoveArticleButton,
    RemovePublisherButton,
    draft_buttons,
    edit_form,
    list_buttons,
    log_buttons,
    show_queue,
)
from knowledge.desk import Desk
from knowledge.errors import ArticleNotFound
from knowledge.models import Article, Label, NewArticle

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

    Interaction = discord.Interaction[ReceiptsBot]

_REFRESHED_AT_ONCE = 40
"""Pages; a site is asked once a second, and an interaction lasts 15 minutes."""
_REFERENCE = noted("The article: its number, its address or its title")

source = app_commands.Group(
    name="source",
    description="The articles that this server trusts",
    default_permissions=discord.Permissions(manage_messages=True),
    allowed_contexts=app_commands.AppCommandContext(guild=True),
    allowed_installs=app_commands.AppInstallationType(guild=True),
)


@source.command(name="add", description="Add an article from the web, after a look at it")
@app_commands.describe(url="The address of the article")
async def add(interaction: "Interaction", url: app_commands.Range[str, 1, 2000]) -> None:
    """Fetch an article and show what would be added."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    bot = interaction.client
    await bot.moderate(interaction, lambda desk: None)  # nobody else makes the bot fetch anything
    article = await bot.fetch(url)
    known = await bot.moderate(interaction, lambda desk: _known(desk, article))
    text = await bot.text_of(known) if known else ""
    if known and text == article.text:
        sheet = article_sheet(known, text, title=say("Already here, with the same text"))
        await interaction.edit_original_response(view=sheet_layout(sheet))
        return
    draft = await bot.moderate(interaction, lambda desk: desk.draft(article))
    sheet = preview(article, is_known=known is not None)
    await interaction.edit_original_response(view=sheet_layout(sheet, *draft_buttons(draft)))


def _known(desk: Desk, article: NewArticle) -> Article | None:
    try:
        return desk.find(article.url)
    except ArticleNotFound:
        return None


@source.command(name="paste", description="Add an article by pasting its text or attaching it as a file")
async def paste(interaction: "Interaction") -> None:
    """Open the form."""
    # A form has to be the first answer, so that who may is looked at when it is sent.
    require_server(interaction)
    await interaction.response.send_modal(PasteForm())


@source.command(name="import", description="Add many articles from a file: csv, jsonl, txt, md, html, also .gz and .xz")
@app_commands.describe(file="The file")
async def import_(interaction: "Interaction", file: discord.Attachment) -> None:
    """Begin an import, whose progress is a message in the channel."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.client.moderate(interaction, lambda desk: None)
    await begin_import(interaction, file)


@source.command(name="list", description="The articles, the newest first")
@app_commands.describe(
    publisher="Of one publisher",
    since="From this day on, such as 2031-05-01",
    until="Up to this day",
    words="With these words in the title",
)
async def list_(
    interaction: "Interaction",
    publisher: app_commands.Range[str, 1, 30] | None = None,
    since: app_commands.Range[str, 10, 10] | None = None,
    until: app_commands.Range[str, 10, 10] | None = None,
    words: app_commands.Range[str, 1, 30] | None = None,
) -> None:
    """Show the first page."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    chosen = ListFilter(publisher or "", read_date(since), read_date(until), words or "")
    page = await interaction.client.moderate(interaction, lambda desk: chosen.page(desk, 0, PAGE))
    sheet = listing(page, 0, about=chosen.words_for)
    await interaction.edit_original_response(view=sheet_layout(sheet, *list_buttons(page, 0, chosen)))


@source.command(name="show", description="One article: what is known of it, and its first words")
@app_commands.describe(article=_REFERENCE)
async def show(interaction: "Interaction", article: str) -> None:
    """Show an article."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    found = await interaction.client.moderate(interaction, lambda desk: desk.find(article))
    text = await interaction.client.text_of(found)
    await interaction.edit_original_response(view=sheet_layout(article_sheet(found, text)))


@source.command(name="edit", description="Change an article's title, publisher, date or address")
@app_commands.describe(article=_REFERENCE)
async def edit(interaction: "Interaction", article: str) -> None:
    """Open the form with what stands there."""
    found = await interaction.client.moderate(interaction, lambda desk: desk.find(article), in_time=True)
    await interaction.response.send_modal(edit_form(found))


@source.command(name="label", description="Mark an article, on every card that cites it")
@app_commands.describe(article=_REFERENCE, label="What it is")
@app_commands.choices(
    label=[
        app_commands.Choice(name="none", value="none"),
        *(app_commands.Choice(name=one.value, value=one.value) for one in Label if one),
    ]
)
async def label(interaction: "Interaction", article: str, label: str) -> None:
    """Set the label."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    chosen = Label("" if label == "none" else label)
    found = await interaction.client.moderate(interaction, lambda desk: desk.label(article, chosen))
    title = say("Labelled as {label}", label=say(chosen.value)) if chosen else say("No label any more")
    await interaction.edit_original_response(view=sheet_layout(article_sheet(found, title=title)))


@source.command(name="remove", description="Remove an article, or all of a publisher")
@app_commands.describe(article=_REFERENCE, publisher="All articles of this publisher")
async def remove(
    interaction: "Interaction", article: str | None = None, publisher: app_commands.Range[str, 1, 60] | None = None
) -> None:
    """Ask once more."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    sheet, button = await interaction.client.moderate(interaction, lambda desk: _to_remove(desk, article, publisher))
    await interaction.edit_original_response(view=sheet_layout(sheet, *button))


def _to_remove(desk: Desk, article: str | None, publisher: str | None) -> tuple[Sheet, list[discord.ui.Item[Any]]]:
    if article:
        found = desk.find(article)
        return confirmation(1, found.title or found.url), [RemoveArticleButton(found.id or 0)]
    if publisher:
        number = desk.browse(publisher=publisher, limit=1).total
        if number:
            return confirmation(number, say("of {publisher}", publisher=publisher)), [RemovePublisherButton(publisher)]
        return Sheet(say("No articles of {publisher}", publisher=publisher)), []
    return Sheet(say("Name an article or a publisher")), []


@source.command(
    name="refresh", description="Fetch an article’s page again, or all of a publisher, and keep what changed"
)
@app_commands.describe(article=_REFERENCE, publisher="All articles of this publisher, some at a time")
async def refresh(
    interaction: "Interaction", article: str | None = None, publisher: app_commands.Range[str, 1, 60] | None = None
) -> None:
    """Fetch pages again, and tell what came of it."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    bot = interaction.client
    chosen = await bot.moderate(interaction, lambda desk: _to_refresh(desk, article, publisher))
    done = await bot.refresh(interaction, chosen[:_REFRESHED_AT_ONCE])
    sheet = refreshed_sheet(done, left=len(chosen) - len(done))
    await interaction.edit_original_response(view=sheet_layout(sheet))


def _to_refresh(desk: Desk, article: str | None, publisher: str | None) -> Sequence[Article]:
    if article:
        return (desk.find(article),)
    return desk.to_refresh(publisher) if publisher else ()


@source.command(name="export", description="All articles of this server as a file")
async def export(interaction: "Interaction") -> None:
    """Send the articles as JSONL."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    file = await interaction.client.export(interaction)
    if file is None:
        sheet = Sheet(
            say("Too many articles for a file in Discord"), remark=say("Ask whoever runs the bot for an export.")
        )
        await interaction.edit_original_response(view=sheet_layout(sheet))
        return
    view = sheet_layout(Sheet(say("The articles of this server"), remark=say("/source import reads this file again.")))
    view.add_item(discord.ui.File(f"attachment://{file.filename}"))
    await interaction.edit_original_response(view=view, attachments=[file])


@source.command(name="log", description="Who did what and when")
async def log(interaction: "Interaction") -> None:
    """Show the newest changes."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    page = await interaction.client.moderate(interaction, lambda desk: desk.log(offset=0, limit=PAGE))
    await interaction.edit_original_response(view=sheet_layout(log_sheet(page, 0), *log_buttons(page, 0)))


@source.command(name="allow", description="Let only the allowed publishers’ domains be added")
@app_commands.describe(domain="Such as example.org")
async def allow(interaction: "Interaction", domain: app_commands.Range[str, 1, 200]) -> None:
    """Allow a domain."""
    await _change_domains(interaction, lambda desk: desk.allow(domain))


@source.command(name="block", description="Let nothing of a publisher’s domain be added")
@app_commands.describe(domain="Such as example.org")
async def block(interaction: "Interaction", domain: app_commands.Range[str, 1, 200]) -> None:
    """Block a domain."""
    await _change_domains(interaction, lambda desk: desk.block(domain))


@source.command(name="unlist", description="Neither allow nor block a domain any more")
@app_commands.describe(domain="Such as example.org")
async def unlist(interaction: "Interaction", domain: app_commands.Range[str, 1, 200]) -> None:
    """Forget a domain."""
    await _change_domains(interaction, lambda desk: desk.unlist(domain))


async def _change_domains(interaction: "Interaction", change: Any) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)

    def changed(desk: Desk) -> Sheet:
        change(desk)
        return domains_sheet(desk.domains())

    sheet = await interaction.client.moderate(interaction, changed)
    await interaction.edit_original_response(view=sheet_layout(sheet))


@source.command(name="queue", description="The sources that members suggested")
async def queue(interaction: "Interaction") -> None:
    """Show the oldest suggestion that waits."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    page = await interaction.client.moderate(interaction, lambda desk: desk.queue(0, 1))
    await show_queue(interaction, page, otherwise=Sheet(say("No suggestion waits")))


@show.autocomplete("article")
@edit.autocomplete("article")
@label.autocomplete("article")
@remove.autocomplete("article")
@refresh.autocomplete("article")
async def _articles(interaction: "Interaction", typed: str) -> list[app_commands.Choice[str]]:
    found = await interaction.client.suggest(interaction, lambda desk: desk.complete_articles(typed))
    return [app_commands.Choice(name=_shown(a.title or a.url), value=str(a.id)) for a in found]


@list_.autocomplete("publisher")
@remove.autocomplete("publisher")
@refresh.autocomplete("publisher")
async def _publishers(interaction: "Interaction", typed: str) -> list[app_commands.Choice[str]]:
    found = await interaction.client.suggest(interaction, lambda desk: desk.complete_publishers(typed))
    return [app_commands.Choice(name=_shown(name), value=name) for name in found if len(name) <= 30]


def _shown(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:99]}…"


def read_date(text: str | None) -> dt.date | None:
    """A day such as 2031-05-01. Raises `DateError`."""
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise DateError from None
