"""The commands that Discord is told of."""

from typing import Any

from discord import app_commands

from bot.commands.check import check, check_message
from bot.commands.feeds import feed
from bot.commands.privacy import privacy
from bot.commands.search import search
from bot.commands.server import receipts
from bot.commands.sources import source
from bot.commands.suggest import suggest

AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu

COMMANDS: tuple[AnyCommand, ...] = (check, check_message, search, source, feed, suggest, receipts, privacy)
