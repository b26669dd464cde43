"""The log of `receipts run`: lines for people, or JSON for programs; in neither what anybody wrote, nor a token.

An exception's own words may quote a claim, and another library's message an address with a token in it. So of an
exception only its type and place are told, of a foreign message only its template; what fills it is left out.
"""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

Value = str | int | float | None

_FIELDS = "receipts_fields"
_OURS = ("bot", "knowledge")
_PLAIN = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class LogStyle(StrEnum):
    """How a line of the log looks."""

    PLAIN = "plain"
    JSON = "json"


def set_up(style: LogStyle) -> None:
    """Let this process log to standard error, and other libraries only what they warn of."""
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonFormatter() if style is LogStyle.JSON else _PlainFormatter(_PLAIN))
    # At lower levels discord.py logs tokens of interactions and whole messages.
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)


def style_in_use() -> LogStyle:
    """The style that this process was set up with, for a process that it starts."""
    formatters = (handler.formatter for handler in logging.getLogger().handlers)
    return LogStyle.JSON if any(isinstance(one, _JsonFormatter) for one in formatters) else LogStyle.PLAIN


def fields(event: str, **values: Value) -> dict[str, dict[str, Value]]:
    """What a JSON line tells beside its message, as `extra` of a log call; a missing value is left out."""
    told = {name: value for name, value in values.items() if value is not None}
    return {_FIELDS: {"event": event, **told}}


class _PlainFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        record.message = _message(record)
        record.asctime = self.formatTime(record)
        line = self.formatMessage(record)
        error = _error_of(record)
        return line if error is None else f"{line}\n{_trace(error)}"


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
            **getattr(record, _FIELDS, {}),
        }
        error = _error_of(record)
        if error is not None:
            line |= {"error": _name(error), "trace": _trace(error)}
        return json.dumps(line, ensure_ascii=True, allow_nan=False)


def _message(record: logging.LogRecord) -> str:
    """The message of a line; of other libraries the template, which nothing from outside can be in."""
    if record.name.partition(".")[0] in _OURS:
        return record.getMessage()
    template = str(record.msg).partition("\n")[0]
    # asyncio fills its messages in before it logs them; what it fills in begins with one of these.
    return template if record.args else template.partition("<")[0].partition("(")[0].rstrip()


def _error_of(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def _trace(error: BaseException) -> str:
    """Where an error and its causes were raised, the last one last, each by its type."""
    told = [
        "".join(["Traceback (most recent call last):\n", *traceback.format_tb(one.__traceback__), _line(one)])
        for one in _causes(error)
    ]
    return "\n\nwhich led to\n\n".join(reversed(told))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error, what it came from, and so on."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _line(error: BaseException) -> str:
    words = _harmless_words(error)
    return f"{_name(error)}: {words}" if words else _name(error)


def _name(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _harmless_words(error: BaseException) -> str:
    """What an error says of itself where that can be nobody's text: the database's reason, the system's, a status."""
    from knowledge.errors import LibraryError  # which loads the database; help does not wait for it

    match error:
        case LibraryError():
            return str(error).partition("\n")[0]
        case OSError():
            return error.strerror or ""
    status, code = getattr(error, "status", None), getattr(error, "code", None)
    return " ".join(f"{number}" for number in (status, code) if isinstance(number, int))
