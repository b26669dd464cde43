"""The real articles that quality is measured on: which are indexed, which are kept out, in libraries of which sizes.

Nothing of them is in the project: they are read from the folder that `RECEIPTS_DATA` names, or `../shared/data`.
"""

import hashlib
import json
import lzma
import os
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.library import Library
from knowledge.models import NewArticle
from knowledge.text import Memo, normal_words

DATA = Path(os.environ.get("RECEIPTS_DATA", "../shared/data"))
HELD_OUT = 30
"""Every so manyth article is kept out: 915 of 27,452, of which 682 are English and have 26,000 sentences."""
GRAM = 5
"""Words in a row that no negative may share with what is indexed: wire copy is everywhere."""


class Half(StrEnum):
    """What a sample is for: scores are fitted on one half of the articles and measured on the other."""

    FIT = "fit"
    TEST = "test"


class Size(StrEnum):
    """A library to measure in, as a collection of one database. `SINGLE` stands for many libraries of one article."""

    SINGLE = "single"
    HUNDRED = "hundred"
    THOUSANDS = "thousands"
    ALL = "all"


ARTICLES = {Size.SINGLE: 100, Size.HUNDRED: 100, Size.THOUSANDS: 3_000}
"""How many articles the smaller libraries have, each those of the one before and more."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One of the real articles."""

    article: NewArticle
    number: int

    @property
    def is_indexed(self) -> bool:
        """Whether the libraries may have it."""
        return self.number % HELD_OUT != 0

    @property
    def half(self) -> Half:
        """Which half it belongs to."""
        return Half.FIT if self.number // HELD_OUT % 2 else Half.TEST


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file of the data, compressed or not."""
    path = DATA / name
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@cache
def data_stamp() -> str:
    """A name for the articles as they are: floors that were set on others mean nothing."""
    return hashlib.sha256((DATA / "articles.jsonl.xz").read_bytes()).hexdigest()[:16]


@cache
def articles() -> tuple[Stored, ...]:
    """Every article, in the order of the file."""
    return tuple(
        Stored(
            NewArticle(
                url=row["url"],
                text=row["text"],
                title=row["title"],
                publisher=row["outlet"],
                published_on=date.fromisoformat(row["date"]),
                language=row["lang"],
            ),
            number,
        )
        for number, row in enumerate(rows("articles.jsonl.xz"))
    )


def held(size: Size) -> list[Stored]:
    """The articles that a library of a size holds; for `SINGLE`, one library each."""
    indexed = [one for one in articles() if one.is_indexed]
    if size is Size.ALL:
        return indexed
    shuffled = sorted(indexed, key=lambda one: zlib.crc32(one.article.url.encode()))
    return shuffled[: ARTICLES[size]]


def collections(size: Size) -> list[tuple[str, list[Stored]]]:
    """The collections that make up a size, with what each holds."""
    if size is Size.SINGLE:
        return [(f"{size}:{one.number}", [one]) for one in held(size)]
    return [(size.value, held(size))]


def open_library(work: Path) -> Library:
    """The libraries of every size in one database, built where they are not there yet: five minutes."""
    work.mkdir(parents=True, exist_ok=True)
    library = Library.open(f"sqlite:///{work / 'quality.db'}")
    for size in Size:
        for name, members in collections(size):
            fill(library, name, [one.article for one in members])
    return library


def fill(library: Library, collection: str, members: Sequence[NewArticle]) -> None:
    """Import what a collection lacks."""
    if library.stats(collection).articles == len({article.url for article in members}):
        return
    done = 0
    for counts in library.add_all(collection, members, actor="quality"):
        done += sum(counts.values())
        say(f"building {collection}: {done} of {len(members)} articles")


def say(progress: str) -> None:
    """Show progress on standard error."""
    sys.stderr.write(f"\r{progress:<79}" if sys.stderr.isatty() else "")
    sys.stderr.flush()


# --- what is indexed, as word 5-grams ---

Grams = NDArray[np.uint64]
_CODE = Memo(lambda word: zlib.crc32(word.encode("utf-8", "surrogatepass")) * 0x9E3779B97F4A7C15 % 2**64)


def grams(text: str) -> Grams:
    """The five-word runs of a text, hashed."""
    codes = np.array([_CODE[word] for word in normal_words(text)], dtype=np.uint64)
    count = max(0, len(codes) - GRAM + 1)
    runs = np.zeros(count, dtype=np.uint64)
    for place in range(GRAM):
        runs = runs * np.uint64(0x100000001B3) + codes[place : place + count]
    return runs


class Known:
    """Which five-word runs some articles have; kept in a file, for it takes a minute to gather them."""

    def __init__(self, work: Path, members: Iterable[Stored]) -> None:
        path = work / "grams.npy"
        if not path.exists():
            gathered = [grams(text) for one in members for text in (one.article.title, one.article.text)]
            np.save(path, np.unique(np.concatenate(gathered)))
        self._grams = np.load(path, mmap_mode="r")

    def shares(self, text: str) -> bool:
        """Whether a text has any of the runs."""
        mine = grams(text)
        places = np.minimum(np.searchsorted(self._grams, mine), len(self._grams) - 1)
        return bool((self._grams[places] == mine).any())
