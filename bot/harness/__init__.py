"""A Discord on loopback that drives the real bot over real sockets: no account, no token, no network.

`LoopbackDiscord` speaks the part of Discord's REST and gateway that a bot like this one uses, and keeps its rules; a
`Member` does there what people do; `bot_on` runs the bot of this very process against it and `bot_process` one of its
own. A bot is pointed at it by `LoopbackDiscord.environment`. Tests take it from the plugin `bot.harness.fixtures`.
"""

from bot.harness.loopback import LoopbackDiscord
from bot.harness.member import Member, Place
from bot.harness.replies import BotSilentError, CannotDoError, File, Form, Reply
from bot.harness.session import bot_on, bot_process

__all__ = [
    "BotSilentError",
    "CannotDoError",
    "File",
    "Form",
    "LoopbackDiscord",
    "Member",
    "Place",
    "Reply",
    "bot_on",
    "bot_process",
]
