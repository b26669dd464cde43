"""A second client library on the emulator, which is to be shaped by Discord and not by what discord.py reads."""

import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.harness import File, LoopbackDiscord, Member, Place
from bot.harness.rules import IS_COMPONENTS_V2
from tests.harness.specimen import PICTURE, card_components, full_embed

hikari = pytest.importorskip("hikari")


@pytest_asyncio.fixture
async def quiet(caplog: pytest.LogCaptureFixture) -> AsyncIterator[None]:
    """At the end of a test hikari has complained of nothing."""
    yield
    told = [record for when in ("setup", "call") for record in caplog.get_records(when)]
    assert [record.getMessage() for record in told if record.levelno >= logging.WARNING] == []


@pytest_asyncio.fixture
async def client(empty_discord: LoopbackDiscord, quiet: None) -> AsyncIterator[Any]:
    """A hikari bot that is ready and answers two commands and a button."""
    empty_discord.gateway.identify_window = 0.0
    bot = hikari.GatewayBot(
        empty_discord.world.token,
        intents=hikari.Intents.GUILDS,
        banner=None,
        logs=None,
        suppress_optimization_warning=True,
        rest_url=empty_discord.api_base,
    )
    bot.subscribe(hikari.InteractionCreateEvent, _answer)
    await bot.start(check_for_updates=False)
    try:
        await _register(bot)
        yield bot
    finally:
        await bot.close()


async def _register(bot: Any) -> None:
    application = await bot.rest.fetch_application()
    echo = bot.rest.slash_command_builder("echo", "Say it again")
    for name, kind in (("text", hikari.OptionType.STRING), ("file", hikari.OptionType.ATTACHMENT)):
        echo.add_option(hikari.CommandOption(type=kind, name=name, description=name, is_required=name == "text"))
    for name, kind in (("person", hikari.OptionType.USER), ("place", hikari.OptionType.CHANNEL)):
        echo.add_option(hikari.CommandOption(type=kind, name=name, description=name))
    later = bot.rest.slash_command_builder("later", "Think first")
    later.set_integration_types([0, 1])
    read = bot.rest.context_menu_command_builder(hikari.CommandType.MESSAGE, "Read")
    await bot.rest.set_application_commands(application, [echo, later, read])


async def _answer(event: Any) -> None:
    interaction = event.interaction
    if isinstance(interaction, hikari.CommandInteraction):
        await _answer_command(interaction)
    elif isinstance(interaction, hikari.ComponentInteraction):
        await _answer_button(interaction)
    else:
        (field,) = interaction.components[0]
        await interaction.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, f"filled in: {field.value}")


async def _answer_command(interaction: Any) -> None:
    options = {option.name: option.value for option in interaction.options or ()}
    if interaction.command_name == "later":
        await interaction.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_CREATE)
        await interaction.edit_initial_response("thought", attachment=hikari.Bytes(b"thoughts", "thoughts.txt"))
        return
    resolved = interaction.resolved
    if interaction.command_name == "Read":
        (message,) = resolved.messages.values()
        await interaction.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, f"{message.content!r}", flags=64)
        return
    said = [options["text"]]
    if resolved is not None:
        said += [(await file.read()).decode() for file in resolved.attachments.values()]
        said += [member.display_name for member in resolved.members.values()]
        said += [channel.name for channel in resolved.channels.values()]
    await interaction.create_initial_response(
        hikari.ResponseType.MESSAGE_CREATE,
        " ".join(said),
        components=[_buttons(interaction.app)],
        user_mentions=False,
        role_mentions=False,
        mentions_everyone=False,
    )


def _buttons(bot: Any) -> Any:
    row = bot.rest.build_message_action_row()
    for name in ("update", "whisper", "form"):
        row.add_interactive_button(hikari.ButtonStyle.PRIMARY, name, label=name.title())
    return row


async def _answer_button(interaction: Any) -> None:
    if interaction.custom_id == "update":
        await interaction.create_initial_response(
            hikari.ResponseType.MESSAGE_UPDATE, f"not {interaction.message.content}"
        )
    elif interaction.custom_id == "whisper":
        await interaction.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_UPDATE)
        await interaction.execute("whispered", flags=hikari.MessageFlag.EPHEMERAL)
    else:
        field = interaction.app.rest.build_modal_action_row().add_text_input("why", "Why")
        await interaction.create_modal_response("Reasons", "reasons", component=field)


async def test_it_gets_its_servers(client: Any, empty_discord: LoopbackDiscord) -> None:
    while len(client.cache.get_available_guilds_view()) < 2:
        await client.wait_for(hikari.GuildAvailableEvent, timeout=10)

    guilds = client.cache.get_available_guilds_view()
    assert {guild.name for guild in guilds.values()} == {"Alder Falls", "Kettle Bridge"}
    for guild in guilds.values():
        assert {role.name for role in guild.get_roles().values()} == {"@everyone", "Moderator", "Admin"}
        assert {channel.name for channel in guild.get_channels().values()} == {"general", "moderators"}
    assert client.get_me().username == "Receipts"
    assert (await client.rest.fetch_gateway_bot_info()).shard_count == 1


async def test_it_reads_back_the_commands_that_it_registered(client: Any, empty_discord: LoopbackDiscord) -> None:
    commands = await client.rest.fetch_application_commands(empty_discord.world.application_id)

    assert {command.name for command in commands} == {"echo", "later", "Read"}
    (echo,) = [command for command in commands if command.name == "echo"]
    assert [option.name for option in echo.options] == ["text", "file", "person", "place"]


@pytest.mark.parametrize("place", Place)
async def test_a_deferred_answer_with_a_file_arrives(client: Any, empty_discord: LoopbackDiscord, place: Place) -> None:
    reply = await Member(empty_discord, "Ada", place).slash("later")

    assert reply.text == "thought"
    assert reply.payload["attachments"][0]["filename"] == "thoughts.txt"


async def test_it_reads_options_of_all_kinds(client: Any, empty_discord: LoopbackDiscord) -> None:
    ada = Member(empty_discord, "Ada")

    reply = await ada.slash("echo", text="hear", file=File("a.txt", b"hear!"), person=ada.user.id, place=ada.channel.id)

    assert reply.text == "hear hear! Ada general"


async def test_it_reads_the_message_that_a_command_was_used_on(client: Any, empty_discord: LoopbackDiscord) -> None:
    reply = await Member(empty_discord, "Ada").right_click("what I said", "Read")

    assert (reply.text, reply.is_private) == ("'what I said'", True)


async def test_it_reads_components_and_embeds_of_every_kind(client: Any, empty_discord: LoopbackDiscord) -> None:
    world, channel = empty_discord.world, empty_discord.guilds[0].general
    files = [world.attach("picture.png", PICTURE, "image/png"), world.attach("table.csv", b"1", "text/csv")]
    card = world.post(channel, world.bot, {"components": card_components()}, flags=IS_COMPONENTS_V2, files=files)
    classic = world.post(channel, world.bot, {"embeds": [full_embed().to_dict()]}, files=files)

    (container,) = (await client.rest.fetch_message(channel.id, card.id)).components
    read = await client.rest.fetch_message(channel.id, classic.id)

    kinds = [component["type"] for component in card.payload["components"][0]["components"]]
    assert [component.type for component in container.components] == kinds
    assert container.components[1].accessory.media.resource.url == files[0]["url"]
    assert read.embeds[0].image.url == files[0]["url"]
    assert [field.name for field in read.embeds[0].fields] == ["Left", "Right"]
    assert [attachment.filename for attachment in read.attachments] == ["table.csv"]


async def test_its_buttons_change_messages_whisper_and_open_forms(client: Any, empty_discord: LoopbackDiscord) -> None:
    ada = Member(empty_discord, "Ada")
    shown = await ada.slash("echo", text="this")

    assert (await ada.press(shown, "Whisper")).is_private
    form = await ada.press_for_form(shown, "Form")
    assert (await ada.submit(form, {"Why": "because"})).text == "filled in: because"
    assert (await ada.press(shown, "Update")).text == "not this"


async def test_it_resumes_after_a_cut(client: Any, empty_discord: LoopbackDiscord) -> None:
    await empty_discord.gateway.close()
    await empty_discord.gateway.until_ready()

    assert (await Member(empty_discord, "Ada").slash("later")).text == "thought"
    assert (empty_discord.gateway.identifies, empty_discord.gateway.resumes) == (1, 1)
