"""What there is on the loopback Discord: people, servers, channels, messages and files, and their form on the wire.

Fields that no bot of ours reads are there all the same, because Discord's own description requires them.
"""

import asyncio
import base64
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntFlag
from typing import Any
from urllib.parse import quote

from bot.harness import rules
from bot.harness.clock import Clock
from bot.harness.components import Payload, as_kept, media_of, resolved, walk

_DISCORD_EPOCH = 1_420_070_400_000
TEXT_CHANNEL, DIRECT_CHANNEL, PUBLIC_THREAD = 0, 1, 11
_OF_OTHER_MESSAGES = ("message_snapshots", "message_reference", "referenced_message")
"""The fields of a message that forwards another or replies to it."""


class Permission(IntFlag):
    """The permissions that matter to a bot like ours, as Discord numbers them."""

    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    USE_APPLICATION_COMMANDS = 1 << 31
    USE_EXTERNAL_APPS = 1 << 50


EVERYONE = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.USE_EXTERNAL_APPS
)
ALL = sum(Permission)
"""Every permission that is known here."""


@dataclass(eq=False, slots=True)
class User:
    """An account."""

    id: str
    name: str
    locale: str = "en-US"
    is_bot: bool = False
    is_closed: bool = False
    """Whether they take no direct messages from bots."""

    @property
    def payload(self) -> Payload:
        """The account on the wire."""
        return {
            "id": self.id,
            "username": self.name if self.is_bot else self.name.lower().replace(" ", "_"),
            "global_name": None if self.is_bot else self.name,
            "discriminator": "4321" if self.is_bot else "0",
            "avatar": None,
            "avatar_decoration_data": None,
            "collectibles": None,
            "primary_guild": None,
            "public_flags": 0,
            "flags": 0,
            **({"bot": True} if self.is_bot else {}),
        }


@dataclass(eq=False, slots=True)
class Role:
    """A role of a server and what it allows."""

    id: str
    name: str
    permissions: int

    def payload(self, position: int) -> Payload:
        """The role on the wire."""
        return {
            "id": self.id,
            "name": self.name,
            "permissions": str(self.permissions),
            "position": position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "icon": None,
            "unicode_emoji": None,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }


class Change(Enum):
    """What happened to a message."""

    POSTED = "posted"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(eq=False, slots=True)
class Message:
    """A message as it stands now; `visible_to` is the one person who sees an ephemeral one."""

    payload: Payload
    channel: "Channel"
    visible_to: User | None = None
    files: list[Payload] = field(default_factory=list)
    """What was sent with it; its attachments are those that no embed and no component shows."""
    used: str = ""
    """The command that it answers, as a client writes it above the message."""
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it is deleted."""
    _watching: set[asyncio.Future[None]] = field(default_factory=set)

    @property
    def id(self) -> str:
        """Its snowflake."""
        return str(self.payload["id"])

    @property
    def is_loading(self) -> bool:
        """Whether it shows nothing yet but "thinking"."""
        return bool(self.payload["flags"] & rules.LOADING)

    @property
    def is_deleted(self) -> bool:
        """Whether nobody sees it any more."""
        return self.gone.is_set()

    def touch(self) -> None:
        """Tell whoever watches that it was edited or deleted."""
        for watcher in self._watching:
            if not watcher.done():
                watcher.set_result(None)

    async def changed(self) -> None:
        """Wait until it is edited or deleted."""
        watcher: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watching.add(watcher)
        try:
            await watcher
        finally:
            self._watching.discard(watcher)


@dataclass(eq=False, slots=True)
class Channel:
    """A text channel of a server or a thread below one, or the direct messages of somebody with the bot."""

    id: str
    name: str
    guild: "Guild | None" = None
    recipient: User | None = None
    parent: "Channel | None" = None
    """The channel that a thread hangs from."""
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def payload(self) -> Payload:
        """The channel on the wire."""
        if self.guild is None:
            recipients = [self.recipient.payload] if self.recipient else []
            return {
                "id": self.id,
                "type": DIRECT_CHANNEL,
                "flags": 0,
                "last_message_id": None,
                "recipients": recipients,
            }
        if self.parent is not None:
            return {
                "id": self.id,
                "type": PUBLIC_THREAD,
                "name": self.name,
                "guild_id": self.guild.id,
                "parent_id": self.parent.id,
                "owner_id": self.guild.owner_id,
                "flags": 0,
                "last_message_id": None,
                "rate_limit_per_user": 0,
                "message_count": len(self.messages),
                "member_count": 1,
                "total_message_sent": len(self.messages),
                "thread_metadata": {
                    "archived": False,
                    "auto_archive_duration": 1440,
                    "archive_timestamp": "2026-01-01T00:00:00+00:00",
                    "locked": False,
                },
            }
        return {
            "id": self.id,
            "type": TEXT_CHANNEL,
            "name": self.name,
            "position": 0,
            "guild_id": self.guild.id,
            "parent_id": None,
            "topic": None,
            "nsfw": False,
            "flags": 0,
            "last_message_id": None,
            "rate_limit_per_user": 0,
            "permission_overwrites": [],
        }

    def partial_payload(self, permissions: int) -> Payload:
        """The channel as interactions have it, with what the one who acts may do there."""
        partial = {key: value for key, value in self.payload.items() if key != "permission_overwrites"}
        return {**partial, "permissions": str(permissions)}


@dataclass(eq=False, slots=True)
class Guild:
    """A server: its roles by name, its channels by name, its members with the names of their roles."""

    id: str
    name: str
    owner_id: str
    roles: dict[str, Role] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    members: dict[str, tuple[User, tuple[str, ...]]] = field(default_factory=dict)
    has_bot: bool = True
    is_available: bool = True
    shown_to_everybody: set[str] = field(default_factory=set)
    """Names of commands that the server's administrators show to all, whatever the bot asked for."""
    bot_permissions: int = field(default_factory=lambda: int(EVERYONE))
    locale: str = "en-US"
    """The language that its members have in common."""

    @property
    def general(self) -> Channel:
        """The channel in which people talk."""
        return self.channels["general"]

    def permissions(self, user: User) -> int:
        """What somebody may do here."""
        _, names = self.members.get(user.id, (user, ()))
        granted = self.roles["@everyone"].permissions
        for name in names:
            granted |= self.roles[name].permissions
        return int(ALL) if user.id == self.owner_id or granted & Permission.ADMINISTRATOR else granted

    def member_payload(self, user: User) -> Payload:
        """A member on the wire, with permissions, as interactions have it."""
        _, names = self.members.get(user.id, (user, ()))
        return {
            "user": user.payload,
            "roles": [self.roles[name].id for name in names],
            "nick": None,
            "avatar": None,
            "banner": None,
            "avatar_decoration_data": None,
            "collectibles": None,
            "joined_at": "2026-01-01T00:00:00+00:00",
            "premium_since": None,
            "communication_disabled_until": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
            "permissions": str(self.permissions(user)),
        }

    def partial_member_payload(self, user: User) -> Payload:
        """A member as interactions name somebody that an option or a menu was set to."""
        hidden = ("user", "deaf", "mute")
        return {key: value for key, value in self.member_payload(user).items() if key not in hidden}

    def payload(self, bot: User) -> Payload:
        """The server on the wire, as the gateway introduces it."""
        member = self.member_payload(bot)
        del member["permissions"]
        return {
            **self.summary,
            "owner_id": self.owner_id,
            "joined_at": "2026-01-01T00:00:00+00:00",
            "large": False,
            "unavailable": False,
            "member_count": len(self.members) + 1,
            "roles": [role.payload(position) for position, role in enumerate(self.roles.values())],
            "channels": [channel.payload for channel in self.channels.values() if channel.parent is None],
            "threads": [channel.payload for channel in self.channels.values() if channel.parent is not None],
            "members": [member],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "emojis": [],
            "stickers": [],
            "icon": None,
            "splash": None,
            "discovery_splash": None,
            "banner": None,
            "description": None,
            "vanity_url_code": None,
            "application_id": None,
            "region": "deprecated",
            "afk_channel_id": None,
            "afk_timeout": 300,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "safety_alerts_channel_id": None,
            "widget_enabled": False,
            "widget_channel_id": None,
            "verification_level": 0,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "premium_progress_bar_enabled": False,
            "nsfw_level": 0,
            "nsfw": False,
            "max_members": 500_000,
            "max_presences": None,
            "max_video_channel_users": 25,
            "max_stage_video_channel_users": 50,
            "incidents_data": None,
        }

    @property
    def summary(self) -> Payload:
        """What an interaction says of the server."""
        return {
            "id": self.id,
            "name": self.name,
            "preferred_locale": self.locale,
            "locale": self.locale,
            "features": [],
        }


class World:
    """Everything that the loopback Discord holds, with one application in it."""

    def __init__(self, clock: Clock, *, first_guild_id: str | None = None) -> None:
        self.clock = clock
        self._number = itertools.count(1)
        self.owner = User(self.snowflake(), "Owner")
        self.application_id = self.snowflake()
        self.bot = User(self.application_id, "Receipts", is_bot=True)
        # A token begins with the id of its application; client libraries look at it.
        id_part = base64.urlsafe_b64encode(self.application_id.encode()).decode().rstrip("=")
        self.token = f"{id_part}.Gloop0.{'loopback' * 4}"
        self.users: dict[str, User] = {}
        self.direct: dict[str, Channel] = {}
        self.files: dict[str, tuple[Payload, bytes]] = {}
        self.commands: list[Payload] = []
        self.guild_commands: dict[str, list[Payload]] = {}
        self.base_url = ""
        """Where files are served, once the server is up."""
        self.watchers: list[Callable[[Message, Change], None]] = []
        """Called when a message appears, changes or goes."""
        self.guilds: dict[str, Guild] = {}
        self.add_guild("Alder Falls", first_guild_id)
        self.add_guild("Kettle Bridge")

    def snowflake(self) -> str:
        """An id as Discord gives them: the time, then a number that does not come twice in a millisecond."""
        milliseconds = int(self.clock.now().timestamp() * 1000) - _DISCORD_EPOCH
        return str((milliseconds << 22) | (next(self._number) & 0x3FFFFF))

    def timestamp(self) -> str:
        """Now, as Discord writes it."""
        return self.clock.now().isoformat(timespec="microseconds")

    def add_guild(self, name: str, guild_id: str | None = None, *, has_bot: bool = True) -> Guild:
        """A new server with the roles Moderator and Admin, and the channels general and moderators."""
        guild = Guild(guild_id or self.snowflake(), name, self.owner.id, has_bot=has_bot)
        moderate = Permission.MANAGE_MESSAGES
        guild.roles = {
            "@everyone": Role(guild.id, "@everyone", int(EVERYONE)),
            "Moderator": Role(self.snowflake(), "Moderator", int(moderate)),
            "Admin": Role(self.snowflake(), "Admin", int(Permission.ADMINISTRATOR)),
        }
        guild.channels = {name: Channel(self.snowflake(), name, guild) for name in ("general", "moderators")}
        guild.members[self.owner.id] = (self.owner, ())
        self.guilds[guild.id] = guild
        return guild

    def add_thread(self, parent: Channel, name: str) -> Channel:
        """A new public thread below a channel."""
        assert parent.guild is not None, "threads are in servers"
        thread = Channel(self.snowflake(), name, parent.guild, parent=parent)
        parent.guild.channels[name] = thread
        return thread

    def add_user(self, name: str, locale: str = "en-US") -> User:
        """A new account."""
        user = User(self.snowflake(), name, locale)
        self.users[user.id] = user
        return user

    def direct_channel(self, user: User) -> Channel:
        """The direct messages of somebody with the bot."""
        if user.id not in self.direct:
            self.direct[user.id] = Channel(self.snowflake(), f"@{user.name}", recipient=user)
        return self.direct[user.id]

    @property
    def channels(self) -> Iterator[Channel]:
        """Every channel that there is."""
        for guild in self.guilds.values():
            yield from guild.channels.values()
        yield from self.direct.values()

    def channel(self, channel_id: str) -> Channel | None:
        """The channel of an id."""
        return next((channel for channel in self.channels if channel.id == channel_id), None)

    def attach(self, name: str, content: bytes, kind: str, *, ephemeral: bool = False) -> Payload:
        """Keep a file and give it an address."""
        attachment_id = self.snowflake()
        url = f"{self.base_url}/attachments/{attachment_id}/{quote(name)}"
        attachment = {
            "id": attachment_id,
            "filename": name,
            "size": len(content),
            "url": url,
            "proxy_url": url,
            "content_type": kind,
            **({"ephemeral": True} if ephemeral else {}),
        }
        self.files[attachment_id] = attachment, content
        return attachment

    def post(
        self,
        channel: Channel,
        author: User,
        data: Mapping[str, Any],
        *,
        flags: int = 0,
        files: Sequence[Payload] = (),
        visible_to: User | None = None,
        extra: Mapping[str, Any] | None = None,
        used: str = "",
    ) -> Message:
        """Put a new message into a channel."""
        embeds = [_embed_as_kept(embed, files) for embed in data.get("embeds") or []]
        components = as_kept(data.get("components") or [], files)
        payload = {
            "id": self.snowflake(),
            "channel_id": channel.id,
            "author": author.payload,
            "content": data.get("content") or "",
            "timestamp": self.timestamp(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": data.get("mentions") or [],
            "mention_roles": [],
            "attachments": _unshown(files, embeds, components),
            "embeds": embeds,
            "components": components,
            "pinned": False,
            "type": 0,
            "flags": flags | (data.get("flags") or 0),
            **{name: data[name] for name in _OF_OTHER_MESSAGES if data.get(name)},
            **(extra or {}),
        }
        message = Message(payload, channel, visible_to, files=list(files), used=used)
        channel.messages[message.id] = message
        self._tell(message, Change.POSTED)
        return message

    def edit(self, message: Message, data: Mapping[str, Any], files: Sequence[Payload] = ()) -> None:
        """Change what an edit names of a message; the files that it does not list are gone."""
        payload, was_loading = message.payload, message.is_loading
        if "attachments" in data or files:
            kept = {str(attachment.get("id")) for attachment in data.get("attachments") or []}
            message.files = [old for old in message.files if old["id"] in kept] + list(files)
        if "content" in data:
            payload["content"] = data["content"] or ""
        if "embeds" in data:
            payload["embeds"] = [_embed_as_kept(embed, message.files) for embed in data["embeds"] or []]
        if "components" in data:
            payload["components"] = as_kept(data["components"] or [], message.files)
        payload["attachments"] = _unshown(message.files, payload["embeds"], payload["components"])
        payload["flags"] = (payload["flags"] | (data.get("flags") or 0)) & ~rules.LOADING
        payload["edited_timestamp"] = None if was_loading else self.timestamp()
        message.touch()
        self._tell(message, Change.EDITED)

    def delete(self, message: Message) -> None:
        """Take a message away."""
        message.channel.messages.pop(message.id, None)
        message.gone.set()
        message.touch()
        self._tell(message, Change.DELETED)

    def _tell(self, message: Message, change: Change) -> None:
        for watcher in self.watchers:
            watcher(message, change)

    def application(self) -> Payload:
        """The application on the wire, as its own bot sees it."""
        return {
            "id": self.application_id,
            "name": self.bot.name,
            "type": None,
            "description": "",
            "icon": None,
            "bot": self.bot.payload,
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": self.owner.payload,
            "team": None,
            "verify_key": "00" * 32,
            "flags": 0,
            "flags_new": "0",
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "approximate_guild_count": len(self.guilds),
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "eligible_oauth2_scopes": [],
        }


def _unshown(files: Sequence[Payload], embeds: Sequence[Payload], components: Sequence[Payload]) -> list[Payload]:
    """The files that stand under a message, because neither an embed nor a component shows them."""
    media = [embed[part] for embed in embeds for part in ("image", "thumbnail") if part in embed]
    media += [one for component in walk(components) for one in media_of(component)]
    icons = [embed[part].get("icon_url") for embed in embeds for part in ("author", "footer") if part in embed]
    shown = {*(one["url"] for one in media), *icons}
    return [file for file in files if file["url"] not in shown]


def _embed_as_kept(embed: Payload, files: Sequence[Payload]) -> Payload:
    kept = {"type": "rich", **{key: value for key, value in embed.items() if value is not None}}
    for picture in ("image", "thumbnail"):
        if picture in kept:
            kept[picture] = {
                key: value for key, value in resolved(kept[picture], files).items() if key in ("url", "proxy_url")
            }
    for part in ("author", "footer"):
        if icon := kept.get(part, {}).get("icon_url"):
            found = resolved({"url": icon}, files)
            kept[part] = {**kept[part], "icon_url": found["url"], "proxy_icon_url": found["proxy_url"]}
    return kept
