"""Forms (modals), which can be sent after a restart too: `revived` makes them anew from what their id says."""

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord

from bot.catalogue import noted, say
from bot.imports import content_of
from bot.permissions import require_server
from bot.sheets import article_sheet, preview, sheet_layout
from knowledge.desk import ServerSettings, SettingsChanges
from knowledge.errors import IngestError
from knowledge.ingest import Refusal, read_articles, valid_article, valid_date, valid_url
from knowledge.models import Article, FeedsGoTo, NewArticle

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

FILE_LIMIT = 10 * 1024 * 1024
_FORM = "form"
_DATE_HINT = noted("Such as 2031-05-01; leave it empty where it is not known")

TextField = discord.ui.TextInput[Any]


class _Form(discord.ui.Modal):
    """A form; whatever goes wrong with it is told in words."""

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Do what it is for."""
        bot: ReceiptsBot = interaction.client
        await bot.carry_out(interaction, type(self).__name__, self.carry_out)

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """What the form is for, once there is time for it."""
        raise NotImplementedError


def _field(label: str, field: discord.ui.Item[Any], hint: str | None = None) -> discord.ui.Label[Any]:
    return discord.ui.Label(text=label, component=field, description=hint)


class PasteForm(_Form):
    """An article as a text, or as a file where it is longer than a field holds."""

    def __init__(self) -> None:
        super().__init__(title=say("Paste an article"), custom_id="receipts:1:paste")
        paragraph = discord.TextStyle.paragraph
        self.headline = TextField(custom_id="title", required=False, max_length=300)
        self.address = TextField(custom_id="url", max_length=2000, placeholder="https://")
        self.date = TextField(custom_id="date", required=False, max_length=10)
        self.words = TextField(custom_id="text", required=False, style=paragraph, max_length=4000)
        self.upload: discord.ui.FileUpload[Any] = discord.ui.FileUpload(custom_id="file", required=False, max_values=1)
        self.add_item(_field(say("Title"), self.headline))
        self.add_item(_field(say("Address"), self.address))
        self.add_item(_field(say("Date"), self.date, say(_DATE_HINT)))
        self.add_item(_field(say("Text"), self.words, say("Up to {n} characters", n=4000)))
        self.add_item(_field(say("Or its text as a file"), self.upload, say("txt, md or html, where it is longer")))

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Show what would be added."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await bot.moderate(interaction, lambda desk: None)
        text = self.words.value
        if self.upload.values:
            text = await _text_of(bot, self.upload.values[0])
        article = valid_article(
            _FORM, url=self.address.value, text=text, title=self.headline.value, date=self.date.value
        )
        draft = await bot.moderate(interaction, lambda desk: desk.draft(article))
        from bot.source_views import draft_buttons  # which open forms themselves

        await interaction.edit_original_response(view=sheet_layout(preview(article), *draft_buttons(draft)))


async def _text_of(bot: "ReceiptsBot", upload: discord.Attachment) -> str:
    """The text of an article's file. Raises `IngestError`."""
    if upload.size > FILE_LIMIT:
        raise IngestError(upload.filename, "is larger than 10 MiB")
    content = await content_of(upload)
    return await bot.in_thread(lambda: _read_text(upload.filename, content))


def _read_text(name: str, content: bytes) -> str:
    with tempfile.TemporaryDirectory(prefix="receipts-") as folder:
        path = Path(folder, f"article{Path(name).suffix.lower()[:8]}")
        path.write_bytes(content)
        for item in read_articles([path]):
            if isinstance(item, Refusal):
                raise IngestError(name, item.reason)
            return item.text
    raise IngestError(name, "has no article in it")


class SuggestForm(_Form):
    """A source that a member suggests to the moderators."""

    def __init__(self) -> None:
        super().__init__(title=say("Suggest a source"), custom_id="receipts:1:suggest")
        self.address = TextField(custom_id="url", max_length=2000, placeholder="https://")
        self.note = TextField(custom_id="note", required=False, style=discord.TextStyle.paragraph, max_length=500)
        self.add_item(_field(say("Address"), self.address, say("Of the article that has it")))
        self.add_item(_field(say("Note"), self.note, say("Why, or what to look for in it")))

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Put it into the queue."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        thanks = await bot.suggest_source(interaction, self.address.value, self.note.value)
        await interaction.edit_original_response(view=sheet_layout(thanks))


class EditForm(_Form):
    """The facts of an article: of one that waits to be added, or of one that is there."""

    def __init__(self, subject: str, number: int, article: NewArticle | Article | None = None) -> None:
        super().__init__(title=say("Edit the article"), custom_id=f"receipts:1:edit:{subject}:{number}")
        self._subject, self._number = subject, number
        day = article.published_on.isoformat() if article and article.published_on else None
        self.headline = TextField(custom_id="title", max_length=300, default=article.title[:300] if article else None)
        self.publisher = TextField(
            custom_id="publisher", required=False, max_length=200, default=article.publisher[:200] if article else None
        )
        self.date = TextField(custom_id="date", required=False, max_length=10, default=day)
        self.address = TextField(custom_id="url", max_length=2000, default=article.url[:2000] if article else None)
        self.add_item(_field(say("Title"), self.headline))
        self.add_item(_field(say("Publisher"), self.publisher))
        self.add_item(_field(say("Date"), self.date, say(_DATE_HINT)))
        self.add_item(_field(say("Address"), self.address))

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Change it, and show what it is now."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        require_server(interaction)
        if self._subject == "draft":
            await self._edit_draft(interaction, bot)
            return
        title, publisher = self.headline.value.strip(), self.publisher.value.strip()
        date, url = _valid(self.date.value, valid_date), _valid(self.address.value, valid_url)
        found = await bot.moderate(
            interaction,
            lambda desk: desk.edit(str(self._number), title=title, publisher=publisher, published_on=date, url=url),
        )
        await interaction.edit_original_response(view=sheet_layout(article_sheet(found, title=say("Changed"))))

    async def _edit_draft(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        from bot.source_views import draft_buttons

        waiting = await bot.moderate(interaction, lambda desk: desk.draft_of(self._number))
        article = valid_article(
            _FORM,
            url=self.address.value,
            text=waiting.text,
            title=self.headline.value,
            publisher=self.publisher.value,
            date=self.date.value,
            language=waiting.language,
        )
        await bot.moderate(interaction, lambda desk: desk.change_draft(self._number, article))
        await interaction.edit_original_response(view=sheet_layout(preview(article), *draft_buttons(self._number)))


_MOST_ROLES = 25
"""Choices of a menu."""
_ALONE, _EVERYBODY = "alone", "everybody"


class SettingsForm(_Form):
    """All that moderators settle for their server; `settings` is what the form opens with."""

    def __init__(self, settings: ServerSettings | None = None) -> None:
        super().__init__(title=say("Settings of this server"), custom_id="receipts:1:settings")
        now = settings or ServerSettings()
        self.roles: discord.ui.RoleSelect[Any] = discord.ui.RoleSelect(
            custom_id="roles",
            required=False,
            min_values=0,
            max_values=_MOST_ROLES,
            default_values=[discord.Object(int(role), type=discord.Role) for role in now.roles[:_MOST_ROLES]],
        )
        channel = now.log_channel and int(now.log_channel.removeprefix("discord:"))
        self.log_channel: discord.ui.ChannelSelect[Any] = discord.ui.ChannelSelect(
            custom_id="channel",
            channel_types=[discord.ChannelType.text],
            required=False,
            min_values=0,
            default_values=[discord.Object(channel, type=discord.TextChannel)] if channel else [],
        )
        self.answers = _choice(
            "answers",
            _ALONE if now.private_by_default else _EVERYBODY,
            {_EVERYBODY: say("to everybody"), _ALONE: say("to the asker alone")},
        )
        self.shared: discord.ui.Checkbox[Any] = discord.ui.Checkbox(custom_id="shared", default=now.reads_shared)
        self.feeds = _choice(
            "feeds",
            now.feeds_go_to,
            {FeedsGoTo.ARTICLES: say("among the articles at once"), FeedsGoTo.QUEUE: say("to /source queue")},
        )
        self.add_item(_field(say("Roles that moderate too"), self.roles, say("Beside those who may manage messages")))
        self.add_item(_field(say("Log channel"), self.log_channel, say("Where every change is told")))
        self.add_item(_field(say("Answers are shown"), self.answers, say("Where the asker does not say it")))
        self.add_item(_field(say("Search the shared articles too"), self.shared, say("Those of whoever runs the bot")))
        self.add_item(_field(say("New articles of feeds go"), self.feeds))

    async def carry_out(self, interaction: discord.Interaction[Any], bot: "ReceiptsBot") -> None:
        """Settle all of it at once, and show it where the form was opened."""
        await interaction.response.defer()
        after = await bot.moderate(interaction, lambda desk: desk.change_settings(**self._changes()))
        from bot.settings_views import settings_layout  # which opens this form

        await interaction.edit_original_response(view=settings_layout(after))

    def _changes(self) -> SettingsChanges:
        channel = next((f"discord:{one.id}" for one in self.log_channel.values), None)
        return {
            "roles": tuple(sorted(str(role.id) for role in self.roles.values)),
            "log_channel": channel,
            "private_by_default": self.answers.value == _ALONE,
            "reads_shared": self.shared.value,
            "feeds_go_to": FeedsGoTo(self.feeds.value or FeedsGoTo.ARTICLES),
        }


def _choice(custom_id: str, chosen: str, labels: Mapping[str, str]) -> discord.ui.RadioGroup[Any]:
    """One of several, by their labels."""
    options = [
        discord.RadioGroupOption(label=label, value=value, default=value == chosen) for value, label in labels.items()
    ]
    return discord.ui.RadioGroup(custom_id=custom_id, options=options)


def _valid(text: str, read: Any) -> Any:
    try:
        return read(text)
    except ValueError as error:
        raise IngestError(_FORM, str(error)) from error


_EDIT = re.compile(r"receipts:1:edit:(draft|article):(\d{1,18})")


def revived(custom_id: str) -> discord.ui.Modal | None:
    """The form of an id, as an earlier process opened it; None where there is no such form."""
    if custom_id == "receipts:1:paste":
        return PasteForm()
    if custom_id == "receipts:1:suggest":
        return SuggestForm()
    if custom_id == "receipts:1:settings":
        return SettingsForm()
    if match := _EDIT.fullmatch(custom_id):
        return EditForm(match[1], int(match[2]))
    return None
