"""What somebody typed after a command → the values of its options."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.harness import rules
from bot.harness.components import Payload
from bot.harness.replies import CannotDoError, File, Value

_TRUE, _FALSE = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})

Attach = Callable[[str], File]
"""Gets the file that somebody named. Raises `CannotDoError`."""


def read_file(path: str) -> File:
    """A file of this machine. Raises `CannotDoError` where it cannot be read."""
    try:
        return File.of(Path(path.strip("'\" ")).expanduser())
    except OSError as error:
        raise CannotDoError(f"{path} cannot be read: {error.strerror}") from error


def read_options(text: str, described: Mapping[str, Payload], attach: Attach = read_file) -> dict[str, Value]:
    """The options in a text such as "claim: a claim private: true"; a text that names none is the first option.

    Raises `CannotDoError` for a value that the option does not take.
    """
    if not text.strip():
        return {}
    names = "|".join(map(re.escape, described))
    marks = list(re.finditer(rf"(?:(?<=\s)|^)({names}):", text)) if names else []
    if not marks or text[: marks[0].start()].strip():
        first = next(iter(described), None)
        if first is None:
            raise CannotDoError("this command has no options")
        rest = text[marks[0].start() :] if marks else ""
        given = text[: marks[0].start()] if marks else text
        others = read_options(rest, described, attach) if rest else {}
        return {first: _value(given.strip(), described[first], attach), **others}
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return {
        mark[1]: _value(text[mark.end() : end].strip(), described[mark[1]], attach)
        for mark, end in zip(marks, ends, strict=True)
    }


def _value(text: str, option: Payload, attach: Attach) -> Value:
    for choice in option.get("choices") or []:
        if text.casefold() == choice["name"].casefold():
            value: Value = choice["value"]
            return value
    match option["type"]:
        case rules.BOOLEAN if text.lower() in _TRUE | _FALSE:
            return text.lower() in _TRUE
        case rules.INTEGER if re.fullmatch(r"[+-]?\d{1,15}", text):
            return int(text)
        case rules.NUMBER if re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?", text):
            return float(text)
        case rules.ATTACHMENT:
            return attach(text)
        case rules.BOOLEAN | rules.INTEGER | rules.NUMBER:
            raise CannotDoError(f"{option['name']} cannot be {text!r}")
        case _:
            return text
