"""What the bot itself refuses; the words for it are in `refusals`."""


class NotAllowedError(Exception):
    """Somebody asked for what only moderators may do, or asked where there is no server of ours."""

    def __init__(self, *, is_in_server: bool) -> None:
        super().__init__("not a moderator" if is_in_server else "not in a server")
        self.is_in_server = is_in_server


class DateError(Exception):
    """Somebody gave a day that cannot be read."""
