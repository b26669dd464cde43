"""What the bot does by itself about watches: it looks at what is new and tells members what turned up.

Whatever wrote the articles, also another process, has left a mark up to where they were looked at; so that nothing is
lost over a restart. A message that was sent ends its watch, in this order: a crash between the two sends it twice.
"""

import asyncio
import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.catalogue import speaking
from bot.layout import asked_by, claim_files, layout
from bot.sheets import account_of
from bot.watch_views import StopButton, call, told_card
from knowledge.library import LeaseLost
from knowledge.lookout import Lookout, is_an_answer
from knowledge.watches import Watch

if TYPE_CHECKING:
    from bot.client import ReceiptsBot

log = logging.getLogger(__name__)

REST = 9
"""How many times as long as a look took the bot rests after it: an import on two cores then hardly notices."""
_AT_ONCE = 10
"""Messages of one turn; Discord takes ten new direct messages in ten seconds."""
_LEASE = timedelta(minutes=2)


async def follow_watches(bot: "ReceiptsBot", lookout: Lookout, every: float) -> None:
    """Look and tell, every few seconds, as long as the bot is there."""
    while not bot.is_closed():
        begun = time.monotonic()
        try:
            await _take_a_turn(bot, lookout)
        except LeaseLost:
            log.warning("another process looks for what members watch for")
        except Exception:  # a loop that ended would never look again
            log.exception("what members watch for could not be looked for; it is soon")
        await asyncio.sleep(max(every, REST * (time.monotonic() - begun)))


async def _take_a_turn(bot: "ReceiptsBot", lookout: Lookout) -> None:
    if not await asyncio.to_thread(lambda: lookout.has_new() or bool(bot.watches.turned_up(1))):
        return
    lease = lookout.library.leased("watches", _LEASE)
    acquiring = asyncio.create_task(asyncio.to_thread(lease.acquire))
    try:
        if not await asyncio.shield(acquiring):
            return
        found = await asyncio.to_thread(lookout.look, lease, bot.is_ending)
        if found:
            log.info("%d claims turned up", found)
        for watch in await asyncio.to_thread(bot.watches.turned_up, _AT_ONCE):
            await _tell(bot, watch)
    finally:
        await acquiring  # an end amid it comes while a thread still acquires
        await asyncio.to_thread(lease.release)


async def _tell(bot: "ReceiptsBot", watch: Watch) -> None:
    """Tell a member and end the watch; a failure that may pass leaves it for the next turn."""
    with speaking(watch.locale):
        await _tell_in_this_language(bot, watch)


async def _tell_in_this_language(bot: "ReceiptsBot", watch: Watch) -> None:
    found = await bot.check_again(watch)
    if not is_an_answer(found):
        await asyncio.to_thread(bot.watches.look_on, watch.id)
        return
    card, account = told_card(found), account_of(watch.member)
    try:
        direct = await bot.create_dm(discord.Object(account))
        await direct.send(view=layout(card, StopButton()), files=claim_files(asked_by(card)))
    except discord.Forbidden:
        if await _is_called(bot, watch, account):
            await asyncio.to_thread(bot.watches.called, watch.id)
            return
    except (discord.DiscordServerError, aiohttp.ClientError, OSError) as error:
        log.warning("somebody could not be told for now: %s", type(error).__name__)
        return
    except discord.HTTPException as error:
        log.warning("somebody could not be told: %d", error.code)
    await asyncio.to_thread(bot.watches.stop, watch.id, watch.member)


async def _is_called(bot: "ReceiptsBot", watch: Watch, account: int) -> bool:
    """Whether a member without direct messages could be called where they asked."""
    if not watch.place or bot.get_guild(account_of(watch.collection)) is None:
        return False
    only = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(account)])
    try:
        place = bot.get_partial_messageable(account_of(watch.place))
        await place.send(view=call(watch, account), allowed_mentions=only)
    except discord.HTTPException as error:
        log.warning("somebody could not be called: %d", error.code)
        return False
    return True
