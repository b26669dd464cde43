"""What is kept of people: under keyed hashes, and in stores that can tell it, forget it, and let it run out."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, Self

from knowledge.backups import database_file
from knowledge.errors import BackupError, LibraryError

FORGOTTEN = "forgotten"
"""Stands where somebody's name was."""
PEOPLE = "discord:"
"""Begins the names of people; operators and feeds have other ones."""

_KEY_BYTES = 32


class MemberKey:
    """Turns members into hashes that nobody without the key can compute, and nobody can turn back.

    An unkeyed hash would be no secret: there are few enough accounts to try them all. The key is no part of the
    library, so that neither a backup nor a copy of the database says who gave feedback. Without the key that feedback
    can no longer be told apart by member; it runs out all the same.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def new(cls) -> Self:
        """A key that lasts as long as this process."""
        return cls(secrets.token_bytes(_KEY_BYTES))

    @classmethod
    def beside(cls, database_url: str) -> Self:
        """The key of a library, from the file beside its SQLite file, which is made where there is none.

        Raises `LibraryError` where there can be no such file.
        """
        try:
            database = database_file(database_url)
            return cls(_key_in(database.with_name(f"{database.name}.key")))
        except BackupError as error:
            raise LibraryError("only a SQLite file has a key beside it: set RECEIPTS_KEY") from error
        except OSError as error:
            raise LibraryError(f"the key beside the database cannot be used ({error.strerror or error})") from error

    def hash(self, member: str) -> str:
        """The name under which a member's feedback is kept: HMAC-SHA256, in hexadecimal."""
        return hmac.new(self._key, member.encode(), hashlib.sha256).hexdigest()


def _key_in(path: Path) -> bytes:
    """The key of a file that its owner alone can read, made where there is none."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes()
        if len(key) < _KEY_BYTES:  # a full disk may have cut it short
            raise OSError(f"{path.name} holds no key") from None
        return key
    with os.fdopen(descriptor, "wb") as file:
        file.write(key := secrets.token_bytes(_KEY_BYTES))
    return key


class MemberStore(Protocol):
    """A part of the library that holds something about members; `member` is a name such as "discord:1234"."""

    def of_member(self, member: str) -> list[dict[str, Any]]:
        """Everything about a member, as JSON takes it."""
        ...

    def forget(self, member: str) -> int:
        """Delete what can be deleted about a member; returns how many records that were."""
        ...

    def expire(self, now: datetime) -> int:
        """Delete what was kept long enough; returns how many records that were."""
        ...


Stores = Mapping[str, MemberStore]
"""The stores by what they hold, in words for the one who asks."""
