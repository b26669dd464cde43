"""What a feed gives: for those who read feeds, and for those who ask for it without the libraries that this takes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Entry:
    """An article that a feed tells of. `url` is canonical; `guid` is "" where the feed gives none."""

    guid: str
    url: str
    title: str = ""
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it stands: its title, and its entries in its own order."""

    title: str
    entries: tuple[Entry, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The same as it goes from one process to another."""
        entries = [
            asdict(one) | {"published_on": one.published_on.isoformat() if one.published_on else None}
            for one in self.entries
        ]
        return {"title": self.title, "entries": entries}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """The feed that `as_json` gave."""
        return cls(kept["title"], tuple(_entry(**one) for one in kept["entries"]))


def _entry(guid: str, url: str, title: str, published_on: str | None) -> Entry:
    return Entry(guid, url, title, date.fromisoformat(published_on) if published_on else None)
