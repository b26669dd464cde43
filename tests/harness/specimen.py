"""A small bot that uses every part of Discord that a bot like ours may use, so that the emulator is tried with all."""

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import discord
import yarl
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.harness import LoopbackDiscord

Doing = discord.Interaction[Any]

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)
FRUIT = ("apple", "apricot", "banana", "blackcurrant", "cherry")


class Specimen(discord.AutoShardedClient):
    """The bot. `submitted` holds what the last form gave it."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            guild_ready_timeout=0.01,  # the servers are there at once; nobody has to wait two seconds for more
        )
        self.submitted: dict[str, Any] = {}
        self.tree = app_commands.CommandTree(self)
        for command in _COMMANDS:
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        """Register the commands, translated."""
        await self.tree.set_translator(_German())
        await self.tree.sync()


class _German(app_commands.Translator):
    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        return string.extras.get("de") if locale is discord.Locale.german else None


@asynccontextmanager
async def specimen_on(emulator: LoopbackDiscord) -> AsyncIterator[Specimen]:
    """The bot, ready on an emulator."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = emulator.api_base, yarl.URL(emulator.gateway.url)
    emulator.gateway.identify_window = 0.0
    try:
        async with Specimen() as bot:
            running = asyncio.create_task(bot.start(emulator.world.token))
            is_ready = asyncio.create_task(emulator.gateway.until_ready())
            await asyncio.wait({running, is_ready}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
            await is_ready
            await bot.wait_until_ready()
            yield bot
            await bot.close()
            await running
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


# --- options ---


@app_commands.command(description="Say what every option holds")
@app_commands.choices(colour=[app_commands.Choice(name="Red", value="r"), app_commands.Choice(name="Blue", value="b")])
async def everything(
    doing: Doing,
    text: app_commands.Range[str, 2, 20],
    count: app_commands.Range[int, 1, 10] = 1,
    ratio: app_commands.Range[float, 0.0, 1.0] = 0.5,
    sure: bool = False,
    person: discord.User | None = None,
    place: discord.TextChannel | None = None,
    group: discord.Role | None = None,
    whoever: discord.User | discord.Role | None = None,
    file: discord.Attachment | None = None,
    colour: str = "none",
) -> None:
    """Repeat all options, read back over HTTP where they are files."""
    content = f"{file.filename}, {file.content_type}: {(await file.read()).decode()}" if file else "no file"
    named = [getattr(one, "name", "nobody") for one in (person, place, group, whoever)]
    await doing.response.send_message("|".join([text, str(count), str(ratio), str(sure), *named, content, colour]))


@app_commands.command(description="Find a fruit")
async def find(doing: Doing, fruit: str, ripe: bool = False) -> None:
    """Repeat the fruit."""
    await doing.response.send_message(f"{'ripe ' if ripe else ''}{fruit}")


@find.autocomplete("fruit")
async def _fruit(doing: Doing, typed: str) -> list[app_commands.Choice[str]]:
    ripe = "ripe " if doing.namespace.ripe else ""
    return [app_commands.Choice(name=f"{ripe}{name}", value=name) for name in FRUIT if name.startswith(typed)]


library = app_commands.Group(name="library", description="What is in the library")
_source = app_commands.Group(name="source", description="Where it comes from", parent=library)


@library.command(name="count", description="Count")
async def _count(doing: Doing) -> None:
    await doing.response.send_message("3 articles")


@_source.command(name="add", description="Add a source")
async def _add(doing: Doing, name: str) -> None:
    await doing.response.send_message(f"added {name}")


@_source.command(name="remove", description="Remove a source")
async def _remove(doing: Doing, number: app_commands.Range[int, 1]) -> None:
    await doing.response.send_message(f"removed {number}")


@app_commands.context_menu(name="Count the words")
async def count_words(doing: Doing, message: discord.Message) -> None:
    """Count the words of a message, for the one who asks alone."""
    text = f"{len(message.content.split())} words by {message.author.display_name}, {len(message.attachments)} files"
    await doing.response.send_message(text, ephemeral=True)


@app_commands.command(description="Say who asks, and where")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def whoami(doing: Doing) -> None:
    """Say what the interaction tells of the person and the place."""
    install = "user" if doing.is_user_integration() else "guild"
    place = doing.guild.name if doing.guild else "direct"
    rights = doing.permissions.manage_messages
    await doing.response.send_message(f"{doing.user.display_name}, {doing.locale}, {install}, {place}, {rights}")


@app_commands.command(
    name=app_commands.locale_str("settings", de="einstellungen"),
    description=app_commands.locale_str("Change the settings", de="Die Einstellungen ändern"),
)
@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
async def settings(doing: Doing) -> None:
    """Only for those who manage a server."""
    await doing.response.send_message("settings", ephemeral=True)


# --- messages ---


@app_commands.command(description="A card of components of every kind")
async def card(doing: Doing) -> None:
    """Show every component that a message can have."""
    await doing.response.send_message(view=card_view(), files=_files())


def _files() -> list[discord.File]:
    picture = discord.File(io.BytesIO(PICTURE), "picture.png", description="A grey square")
    return [picture, discord.File(io.BytesIO(b"a,b\n1,2\n"), "table.csv")]


def card_view() -> ui.LayoutView:
    """A container with everything in it."""
    more: ui.Button[Any] = ui.Button(label="More", style=discord.ButtonStyle.primary)
    more.callback = _answering("more of it")  # type: ignore[method-assign]  # the library's own way for one button
    view = ui.LayoutView(timeout=None)
    view.add_item(
        ui.Container(
            ui.TextDisplay("# A title"),
            ui.Section("with a picture", accessory=ui.Thumbnail("attachment://picture.png", description="grey")),
            ui.Section("with a button", "and two texts", accessory=more),
            ui.Separator(spacing=discord.SeparatorSpacing.large),
            ui.MediaGallery(
                discord.MediaGalleryItem("attachment://picture.png", description="again", spoiler=True),
                discord.MediaGalleryItem("https://example.org/far.png"),
            ),
            ui.File("attachment://table.csv"),
            ui.ActionRow(
                ui.Button(label="Green", style=discord.ButtonStyle.success, disabled=True, custom_id="green"),
                ui.Button(
                    label="Grey", style=discord.ButtonStyle.secondary, emoji="🪨", custom_id="grey", disabled=True
                ),
                ui.Button(label="Red", style=discord.ButtonStyle.danger, custom_id="red", disabled=True),
                ui.Button(label="Read", url="https://example.org/read"),
            ),
            accent_colour=discord.Colour(0x336699),
        )
    )
    return view


def _answering(text: str) -> Any:
    async def callback(doing: Doing) -> None:
        await doing.response.send_message(text, ephemeral=True)

    return callback


@app_commands.command(description="A classic embed")
async def embed(doing: Doing) -> None:
    """Show the embed."""
    await doing.response.send_message(embed=full_embed(), file=_files()[0])


def card_components() -> list[dict[str, Any]]:
    """The same as it goes over the wire."""
    components: list[dict[str, Any]] = card_view().to_components()  # type: ignore[no-untyped-call]
    return components


def full_embed() -> discord.Embed:
    """An embed with everything that embeds have."""
    shown = discord.Embed(title="Title", description="Words", url="https://example.org/", colour=0x112233)
    shown.timestamp = discord.utils.utcnow()
    shown.set_author(name="Author", url="https://example.org/author", icon_url="https://example.org/icon.png")
    shown.set_footer(text="Footer", icon_url="https://example.org/icon.png")
    shown.set_image(url="attachment://picture.png").set_thumbnail(url="https://example.org/thumb.png")
    shown.add_field(name="Left", value="1").add_field(name="Right", value="2", inline=False)
    return shown


@app_commands.command(description="A table, given back")
async def sheet(doing: Doing, table: discord.Attachment) -> None:
    """Send a file back turned around."""
    await doing.response.defer()
    turned = discord.File(io.BytesIO((await table.read())[::-1]), f"turned-{table.filename}")
    await doing.edit_original_response(content="turned", attachments=[turned])


@app_commands.command(description="Follow-ups of all kinds")
async def later(doing: Doing) -> None:
    """Answer, and send, change and remove more."""
    await doing.response.send_message("first")
    kept = await doing.followup.send("second", wait=True, file=discord.File(io.BytesIO(b"x"), "second.txt"))
    await kept.edit(content="second, changed", attachments=[])
    gone = await doing.followup.send("third", wait=True)
    await gone.delete()
    await doing.followup.send("for you alone", ephemeral=True)
    again = await doing.original_response()
    await doing.edit_original_response(content=f"{again.content}, changed")


@app_commands.command(description="Think, in private, and then take it back")
async def thinking(doing: Doing, keep: bool) -> None:
    """Defer, and then show a card or nothing."""
    await doing.response.defer(ephemeral=True, thinking=True)
    if keep:
        await doing.edit_original_response(view=card_view(), attachments=_files())
    else:
        await doing.delete_original_response()


@app_commands.command(description="Write into the channel, change it, take it away")
async def announce(doing: Doing, text: str, keep: bool = True) -> None:
    """Use the channel and not the interaction."""
    await doing.response.defer(ephemeral=True)
    assert isinstance(doing.channel, discord.TextChannel)
    message = await doing.channel.send(f"draft of {text}")
    message = await message.edit(content=text)
    read = await doing.channel.fetch_message(message.id)
    if not keep:
        await message.delete()
    await doing.edit_original_response(content=f"announced: {read.content}")


@app_commands.command(description="Write to the one who asks")
async def write(doing: Doing) -> None:
    """Send a direct message, or say that it cannot be sent."""
    await doing.response.defer(ephemeral=True)
    try:
        await doing.user.send("a direct message")
    except discord.Forbidden as refusal:
        await doing.edit_original_response(content=f"refused: {refusal.code}")
    else:
        await doing.edit_original_response(content="sent")


# --- forms ---


@app_commands.command(description="A form with every kind of field")
async def form(doing: Doing) -> None:
    """Open the form."""
    await doing.response.send_modal(Everything())


class Everything(ui.Modal, title="Everything"):
    """A form; one with all kinds of fields would be longer than Discord allows, so that the rest is in `Rest`."""

    note: ui.TextDisplay[Any] = ui.TextDisplay("Please fill in")
    text: ui.Label[Any] = ui.Label(
        text="Text", component=ui.TextInput(style=discord.TextStyle.long, min_length=2, max_length=30, default="so far")
    )
    kind: ui.Label[Any] = ui.Label(
        text="Kind",
        description="one or two",
        component=ui.Select(
            options=[discord.SelectOption(label=name, value=name.lower()) for name in ("One", "Two", "Three")],
            max_values=2,
        ),
    )
    files: ui.Label[Any] = ui.Label(text="Files", component=ui.FileUpload(required=False, max_values=2))
    people: ui.Label[Any] = ui.Label(text="Person", component=ui.UserSelect(required=False, min_values=0))

    async def on_submit(self, doing: Doing) -> None:
        """Say what was filled in."""
        files: Sequence[discord.Attachment] = self.files.component.values  # type: ignore[attr-defined]
        contents = [(await file.read()).decode() for file in files]
        doing.client.submitted = {
            "text": self.text.component.value,  # type: ignore[attr-defined]
            "kind": self.kind.component.values,  # type: ignore[attr-defined]
            "files": contents,
            "people": [person.name for person in self.people.component.values],  # type: ignore[attr-defined]
        }
        await doing.response.send_message("thank you", ephemeral=True)


class Rest(ui.Modal, title="The rest"):
    """The other kinds of fields."""

    radio: ui.Label[Any] = ui.Label(
        text="Radio",
        component=ui.RadioGroup(
            options=[discord.RadioGroupOption(label=name, value=name.lower()) for name in ("Yes", "No")]
        ),
    )
    boxes: ui.Label[Any] = ui.Label(
        text="Boxes",
        component=ui.CheckboxGroup(
            required=False,
            min_values=0,
            options=[
                discord.CheckboxGroupOption(label=name, value=name.lower(), default=name == "Fast")
                for name in ("Fast", "Cheap", "Good")
            ],
        ),
    )
    box: ui.Label[Any] = ui.Label(text="Box", component=ui.Checkbox(default=True))

    async def on_submit(self, doing: Doing) -> None:
        """Change the message that the form was opened from."""
        doing.client.submitted = {
            "radio": self.radio.component.value,  # type: ignore[attr-defined]
            "boxes": self.boxes.component.values,  # type: ignore[attr-defined]
            "box": self.box.component.value,  # type: ignore[attr-defined]
        }
        await doing.response.edit_message(content="filled in")


# --- buttons and menus ---


@app_commands.command(description="Buttons of every kind")
async def buttons(doing: Doing, private: bool = False) -> None:
    """Show the buttons."""
    await doing.response.send_message("press", view=Buttons(), ephemeral=private)


class Buttons(ui.View):
    """What a button can do."""

    @ui.button(label="Update", style=discord.ButtonStyle.primary)
    async def update(self, doing: Doing, button: ui.Button[Any]) -> None:
        """Change the message at once, and switch the button off."""
        button.disabled = True
        await doing.response.edit_message(content="updated", view=self)

    @ui.button(label="Update later", style=discord.ButtonStyle.secondary)
    async def update_later(self, doing: Doing, button: ui.Button[Any]) -> None:
        """Change the message after the acknowledgement."""
        await doing.response.defer()
        await doing.edit_original_response(content="updated later")

    @ui.button(label="Form", style=discord.ButtonStyle.success)
    async def form(self, doing: Doing, button: ui.Button[Any]) -> None:
        """Open a form."""
        await doing.response.send_modal(Rest())

    @ui.button(label="Whisper", style=discord.ButtonStyle.danger)
    async def whisper(self, doing: Doing, button: ui.Button[Any]) -> None:
        """Leave the message and say something to one person."""
        await doing.response.defer()
        await doing.followup.send("whispered", ephemeral=True)

    @ui.button(label="Take away", style=discord.ButtonStyle.danger, row=1)
    async def take_away(self, doing: Doing, button: ui.Button[Any]) -> None:
        """Remove the message."""
        await doing.response.defer()
        await doing.delete_original_response()

    @ui.button(label="Off", disabled=True, row=1)
    async def off(self, doing: Doing, button: ui.Button[Any]) -> None:
        """Nothing: nobody can press it."""


@app_commands.command(description="Menus of every kind")
async def menus(doing: Doing) -> None:
    """Show the menus."""
    await doing.response.send_message("choose", view=Menus())


class Menus(ui.View):
    """The five kinds of menus."""

    @ui.select(
        placeholder="A fruit",
        max_values=2,
        options=[discord.SelectOption(label=name.title(), value=name) for name in FRUIT],
    )
    async def fruit(self, doing: Doing, menu: ui.Select[Any]) -> None:
        """Say what was chosen."""
        await doing.response.send_message(f"fruit: {', '.join(menu.values)}")

    @ui.select(cls=ui.UserSelect)
    async def person(self, doing: Doing, menu: ui.UserSelect[Any]) -> None:
        """Say who was chosen."""
        await doing.response.send_message(f"person: {menu.values[0].display_name}")

    @ui.select(cls=ui.RoleSelect)
    async def role(self, doing: Doing, menu: ui.RoleSelect[Any]) -> None:
        """Say which role was chosen."""
        await doing.response.send_message(f"role: {menu.values[0].name}")

    @ui.select(cls=ui.MentionableSelect, max_values=2)
    async def whoever(self, doing: Doing, menu: ui.MentionableSelect[Any]) -> None:
        """Say who or which role was chosen."""
        await doing.response.send_message(f"whoever: {', '.join(one.name for one in menu.values)}")

    @ui.select(cls=ui.ChannelSelect, channel_types=[discord.ChannelType.text])
    async def place(self, doing: Doing, menu: ui.ChannelSelect[Any]) -> None:
        """Say which channel was chosen."""
        await doing.response.send_message(f"place: {menu.values[0].name}")


_COMMANDS: Sequence[app_commands.Command[Any, ..., Any] | app_commands.ContextMenu | app_commands.Group] = (
    everything,
    find,
    library,
    count_words,
    whoami,
    settings,
    card,
    embed,
    sheet,
    later,
    thinking,
    announce,
    write,
    form,
    buttons,
    menus,
)
