"""A Discord on loopback that drives the real bot over real sockets: no account, no token, no network.

`LoopbackDiscord` speaks the part of Discord's REST and gateway that the bot uses; a `Member` does there what people do;
`bot_on_loopback` runs the bot of this very process against it. A bot in another process is pointed at it by
`LoopbackDiscord.environment`.
"""

from bot.harness.loopback import BotSilentError, CannotDoError, LoopbackDiscord
from bot.harness.member import Member, Place, Reply
from bot.harness.session import bot_on_loopback

__all__ = ["BotSilentError", "CannotDoError", "LoopbackDiscord", "Member", "Place", "Reply", "bot_on_loopback"]
