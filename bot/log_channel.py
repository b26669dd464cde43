"""The channel in which moderators read what was done and what came in by itself, in the language of their server."""

import logging
from collections.abc import Callable

import discord

from bot.catalogue import speaking
from bot.sheets import Sheet, sheet_layout

log = logging.getLogger(__name__)


async def tell(client: discord.Client, channel: str, sheet: Callable[[], Sheet]) -> None:
    """Write a sheet, which is made in the language of the server, into the channel of an id such as "discord:5".

    A channel that cannot be written to is told in the log of the program alone.
    """
    number = int(channel.removeprefix("discord:"))
    place = client.get_channel(number)
    locale = str(place.guild.preferred_locale) if isinstance(place, discord.abc.GuildChannel) else "en-US"
    with speaking(locale):
        view = sheet_layout(sheet())
    try:
        await client.get_partial_messageable(number).send(view=view)
    except (discord.HTTPException, OSError) as error:
        log.warning("the log channel could not be told: %s", type(error).__name__)
