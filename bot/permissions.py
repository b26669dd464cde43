"""Who may moderate a server's articles: asked again for every command, button, form and completion.

Discord hides moderators' commands, but its administrators can show them to anybody, and a forged request shows itself.
"""

from collections.abc import Collection
from typing import Any

import discord

from bot.errors import NotAllowedError


def require_server(interaction: discord.Interaction[Any]) -> None:
    """Raise `NotAllowedError` where there is no server of ours."""
    if not is_in_server(interaction):
        raise NotAllowedError(is_in_server=False)


def is_in_server(interaction: discord.Interaction[Any]) -> bool:
    """Whether somebody asks in a server that the bot is a member of."""
    is_only_the_users = interaction.is_user_integration() and not interaction.is_guild_integration()
    return interaction.guild_id is not None and not is_only_the_users


def may_moderate(interaction: discord.Interaction[Any], roles: Collection[str]) -> bool:
    """Whether somebody may: with the permission to manage messages, or with one of the roles that the server named."""
    if not is_in_server(interaction):
        return False
    if interaction.permissions.manage_messages or interaction.permissions.administrator:
        return True
    held = {str(role.id) for role in getattr(interaction.user, "roles", ())}
    return bool(held & set(roles))
