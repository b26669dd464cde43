"""`receipts demo`: a tour of every verdict over bundled articles. People, towns and outlets in them are invented.

The tour only asks; what it shows is what the checker answers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from knowledge.ingest import Refusal, read_articles

if TYPE_CHECKING:
    from knowledge.library import Library

COLLECTION = "discord:1420070400000000001"
"""The articles of a server, in which the chat of the demo takes place."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One claim of the tour, and what a visitor should look at."""

    about: str
    claim: str


TOUR = (
    Stop(
        "A mayor’s words, across the reporter’s “said Mayor …”",
        "“We will not close the library while I am mayor. A town that locks its reading room has given up on its "
        "children.”",
    ),
    Stop("The same number, written out", "“Forty-seven percent of likely voters favor Fenwick”"),
    Stop(
        "Another small word and another spelling",
        "“Better the dirty door than a dead neighbor”",
    ),
    Stop(
        "A quote that two outlets report differently",
        "“A town that locks its reading room has given up on its kids”",
    ),
    Stop("A number that grew", "57% of likely voters favor Fenwick, while 31% favor Tessaro"),
    Stop("A “not” that went missing", "“I do plan to raise the property tax,” Fenwick said."),
    Stop(
        "Two sentences that stand apart, joined",
        "“The bridge is safe to walk on. If the river stays low we can finish in September.”",
    ),
    Stop(
        "The right words, the wrong mouth",
        "Bram Tessaro said: “We kept the water clean for thirty years, and then we waited.”",
    ),
    Stop("A post with a date of its own", "“Kettle Bridge belongs to the county, not to the town”"),
    Stop("The same matter in other words", "The bakery in Harbour Lane burned down early on Tuesday"),
    Stop("Nothing of the kind", "Scientists found water ice on Mars"),
)


@contextmanager
def demo_library() -> Iterator["Library"]:
    """A library of the bundled articles that is gone afterwards."""
    from knowledge.library import Library

    with (
        as_file(files(__package__) / "articles") as articles,
        TemporaryDirectory(prefix="receipts-") as folder,
        Library.open(f"sqlite:///{Path(folder, 'demo.db')}") as library,
    ):
        bundled = (item for item in read_articles([articles]) if not isinstance(item, Refusal))
        for _ in library.add_all(COLLECTION, bundled, actor="demo"):
            pass
        yield library
