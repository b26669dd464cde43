"""Makes the bot's commands known to Discord, which keeps their words and shows each member those of their language."""

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location
from discord.http import Route

from bot.catalogue import name_in, sentence_in


async def register(tree: app_commands.CommandTree[Any], application_id: int) -> bool:
    """Register the tree's commands where Discord has others; whether that was so."""
    words = CommandWords()
    await tree.set_translator(words)
    route = Route("GET", "/applications/{application_id}/commands", application_id=application_id)
    registered = await tree.client.http.request(route, params={"with_localizations": "true"})
    wanted = [await command.get_translated_payload(tree, words) for command in tree.get_commands()]
    if _comparable(wanted) == _comparable(registered):
        return False
    await tree.sync()
    return True


_NAMES = frozenset({Location.command_name, Location.group_name, Location.parameter_name})


class CommandWords(app_commands.Translator):
    """Names and descriptions of commands, options and choices out of the catalogues."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """The words in that language; None where the catalogue has none, so that Discord shows the English ones."""
        find = name_in if context.location in _NAMES and not _is_on_a_menu(context) else sentence_in
        return find(str(locale), string.message)


def _is_on_a_menu(context: app_commands.TranslationContextTypes) -> bool:
    """Whether it is the name of a command for a right click, which is a sentence and no name to type."""
    return isinstance(context.data, app_commands.ContextMenu)


# What decides how a command looks and who may use it. Discord adds ids and versions of its own.
_COMMAND_KEYS = (
    "name",
    "name_localizations",
    "type",
    "description",
    "description_localizations",
    "options",
    "contexts",
    "integration_types",
    "default_member_permissions",
    "nsfw",
)
_OPTION_KEYS = (
    "name",
    "name_localizations",
    "type",
    "description",
    "description_localizations",
    "required",
    "choices",
    "options",
    "autocomplete",
    "channel_types",
    "min_value",
    "max_value",
    "min_length",
    "max_length",
)
_CHOICE_KEYS = ("name", "name_localizations", "value")


def _comparable(commands: Sequence[Mapping[str, Any]]) -> list[str]:
    """Commands in a form in which those that Discord treats alike are equal."""
    return sorted(repr(_without_defaults(command, _COMMAND_KEYS)) for command in commands)


def _without_defaults(payload: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    kept = {key: payload[key] for key in keys if payload.get(key) not in (None, False, "", [], {})}
    for key in ("contexts", "integration_types"):
        if key in kept:
            kept[key] = sorted(kept[key])
    if "default_member_permissions" in kept:
        kept["default_member_permissions"] = str(kept["default_member_permissions"])
    if "choices" in kept:
        kept["choices"] = [_without_defaults(choice, _CHOICE_KEYS) for choice in kept["choices"]]
    if "options" in kept:
        kept["options"] = [_without_defaults(option, _OPTION_KEYS) for option in kept["options"]]
    return kept
