"""What `receipts check` and `search` are asked: a claim from the command line, or the lines of a batch."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NoReturn

from bot.answers import Identity
from knowledge.ingest.unpacking import bounded_lines

BATCH_LINE_LIMIT = 1024 * 1024
"""Bytes. A claim of 100,000 characters fits with every letter written `\\uXXXX`; the checker refuses longer ones."""

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Question:
    """A claim to check or words to search; `problem` says why the line holds none."""

    identity: Identity
    text: str
    problem: str = ""


def question(text: str, identity: Identity = None) -> Question:
    """A question whose text any encoding can store: undecodable bytes of a command line become "�"."""
    return Question(identity, _SURROGATE.sub("\ufffd", text))


def read_batch(stream: BinaryIO) -> Iterator[Question]:
    """The lines of a batch as they come in; blank ones are passed over."""
    for line in bounded_lines(stream, BATCH_LINE_LIMIT):
        if line is None:
            yield Question(None, "", f"the line is longer than {BATCH_LINE_LIMIT // 1024:,} KiB")
        elif line.strip():
            yield _read(line)


def _read(line: bytes) -> Question:
    try:
        row = json.loads(line.decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError:
        return Question(None, "", "the line is not in UTF-8")
    except (ValueError, RecursionError):
        return Question(None, "", "the line is not JSON")
    if not isinstance(row, dict):
        return Question(None, "", "the line is no JSON object")
    identity = row.get("id")
    if not (identity is None or isinstance(identity, str | int | float)):
        return Question(None, "", '"id" is neither text nor a number')
    if isinstance(identity, float) and not math.isfinite(identity):
        return Question(None, "", '"id" is no finite number')
    if not isinstance(row.get("claim"), str):
        return Question(identity, "", '"claim" is missing or not text')
    return question(row["claim"], identity)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
