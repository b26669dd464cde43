"""What the bot itself refuses; the words for it are in `refusals`."""

from enum import StrEnum


class Media(StrEnum):
    """What a post has where it has no words."""

    PICTURES = "pictures"
    FILES = "files"


class NotAllowedError(Exception):
    """Somebody asked for what only moderators may do, or asked where there is no server of ours."""

    def __init__(self, *, is_in_server: bool) -> None:
        super().__init__("not a moderator" if is_in_server else "not in a server")
        self.is_in_server = is_in_server


class DateError(Exception):
    """Somebody gave a day that cannot be read."""


class BusyError(Exception):
    """What has to be read before an acknowledgement could not be read in time."""


class AskedTooOftenError(Exception):
    """Somebody asked more than `a_minute` questions in a minute; the next may come in `wait` seconds."""

    def __init__(self, whose: str, a_minute: int, wait: float) -> None:
        super().__init__(f"more than {a_minute} questions in a minute")
        self.whose = whose
        self.a_minute = a_minute
        self.wait = wait


class NothingToReadError(Exception):
    """A message has no words: only media."""

    def __init__(self, media: Media) -> None:
        super().__init__(f"only {media}")
        self.media = media


class OwnAnswerError(Exception):
    """Somebody would have the bot check what it answered itself."""
