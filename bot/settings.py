"""The environment, read once and typed: the only module that looks at it or at `.env`."""

import ipaddress
import re
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.logs import LogStyle

_KEY_LENGTH = 32


class SettingsError(Exception):
    """The environment cannot be used; the message is one line that says why, without the value of any secret."""


def _as_token(token: SecretStr | None) -> SecretStr | None:
    """The token without blanks around it; an empty one is none."""
    bare = token.get_secret_value().strip() if token else ""
    if not bare:
        return None
    if not bare.isascii() or not bare.isprintable() or " " in bare:
        raise ValueError("this is not a bot token: it has blanks or special characters in it")
    return SecretStr(bare)


def _as_key(key: SecretStr | None) -> SecretStr | None:
    """A key that nobody guesses."""
    if key is not None and len(key.get_secret_value()) < _KEY_LENGTH:
        raise ValueError(f"a key has at least {_KEY_LENGTH} characters, such as openssl rand -hex 32 makes")
    return key


def _as_loopback(url: str) -> str:
    """A URL on this machine: a real token must never be sent to another address than Discord's own."""
    if not _is_loopback(url):
        raise ValueError("only a loopback address is allowed here, such as 127.0.0.1, [::1] or localhost")
    return url.rstrip("/")


def _is_loopback(url: str) -> bool:
    try:
        address = urlsplit(url)
        host, user = address.hostname, address.username
    except ValueError:
        return False
    if address.scheme not in {"http", "https", "ws", "wss"} or host is None or user is not None or "\\" in url:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _as_public(url: str | None) -> str | None:
    """A web address as a request may name it."""
    if url is None:
        return None
    address = urlsplit(url)
    if address.scheme not in {"http", "https"} or not address.hostname or not re.fullmatch(r"[!-'*-~]{1,200}", url):
        raise ValueError("this is no web address, such as https://example.org/bot")
    return url


_LoopbackURL = Annotated[str, AfterValidator(_as_loopback)]


class Settings(BaseSettings):
    """What the bot is told from outside. An empty value counts as a missing one."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
        str_strip_whitespace=True,
    )

    discord_token: Annotated[SecretStr | None, AfterValidator(_as_token)] = None
    database_url: str = Field(default="sqlite:///receipts.db", validation_alias="RECEIPTS_DATABASE_URL", min_length=1)
    about_url: Annotated[str | None, AfterValidator(_as_public)] = Field(
        default=None, validation_alias="RECEIPTS_ABOUT_URL"
    )
    log: LogStyle = Field(default=LogStyle.PLAIN, validation_alias="RECEIPTS_LOG")
    key: Annotated[SecretStr | None, AfterValidator(_as_key)] = Field(default=None, validation_alias="RECEIPTS_KEY")
    discord_api_base: _LoopbackURL | None = None
    discord_gateway_url: _LoopbackURL | None = None

    @classmethod
    def load(cls) -> Self:
        """The settings of this process. Raises `SettingsError`."""
        try:
            return cls()
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            name = str(first["loc"][0]).upper() if first["loc"] else "environment"
            raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}") from error
        except (OSError, ValueError) as error:
            raise SettingsError(f"the file .env cannot be read: {error}") from error
