"""How well saved news pages are read: `python -m tests.quality.pages [--misses] [--raise] [--lower]`.

Text is measured as in Zyte's article extraction benchmark: F1 of the runs of four words that the text read and the
labelled one have, each run as often as it occurs, and the mean over the pages. (trafilatura's own evaluation counts
which of a few chosen segments came through, which tells less where the whole text is known.) In scripts without blanks
every character is a word. A date is right on the labelled day, a title with the labelled words, whatever their case and
marks. A page that is refused has no text, date and title.

Rules were made on the pages of one half, "fit"; "test" tells how they do on others. Exits 0 where all floors hold, 1
where one is broken, 2 where the data is absent.
"""

import argparse
import json
import re
import sys
import tarfile
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.errors import NoArticleText
from knowledge.ingest.extractor import Extractor
from knowledge.ingest.page import Page
from tests.quality import floors
from tests.quality.corpus import DATA, Half
from tests.quality.gate import table
from tests.quality.measures import Figures

SECTION = "pages"
PAGES = DATA / "html_pages"
RUN = 4
"""Words in a row that are compared."""

_TOKEN = re.compile(
    r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[^\W_\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
_WORST = 0.9


@dataclass(frozen=True, slots=True)
class Labelled:
    """A saved page and what people found in it, "" where they did not say."""

    name: str
    url: str
    markup: str
    title: str
    date: str
    text: str

    @property
    def half(self) -> Half:
        """Which half it belongs to."""
        return Half.TEST if zlib.crc32(self.name.encode()) % 2 else Half.FIT


@dataclass(frozen=True, slots=True)
class Read:
    """A labelled page and what was read of it, None where it was refused, for the `problem`."""

    label: Labelled
    page: Page | None
    problem: str = ""

    @property
    def text(self) -> float:
        """The F1 of its text."""
        return f1(self.page.text, self.label.text) if self.page else 0.0

    @property
    def has_date(self) -> bool:
        """Whether its date is the labelled one."""
        return self.page is not None and self.page.date == self.label.date

    @property
    def has_title(self) -> bool:
        """Whether its title has the labelled words."""
        return self.page is not None and tokens(self.page.title) == tokens(self.label.title)


def main() -> int:
    """Measure, print, compare, and write new floors if asked to."""
    options = _options()
    if not (PAGES / "gold.jsonl").exists():
        sys.stderr.write(f"There are no saved pages in {PAGES}: name the folder above theirs in RECEIPTS_DATA.\n")
        return 2
    read = read_all()
    measured, old = figures(read), floors.read(SECTION)
    broken = floors.broken(old, measured)
    lines = [*table(measured, old), *(f"BROKEN  {line}" for line in broken), *(misses(read) if options.misses else ())]
    sys.stdout.write("\n".join(lines) + "\n")
    new = floors.lowered(old, measured) if options.lower else old
    new = floors.raised(new, measured) if options.raises else new
    if new != old:
        floors.write(SECTION, new, "")
        sys.stdout.write(f"Wrote the floors of {SECTION}.\n")
    return 1 if broken and not options.lower else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.pages", description=__doc__)
    parser.add_argument("--misses", action="store_true", help="tell the pages that were read wrongly")
    parser.add_argument("--raise", dest="raises", action="store_true", help="raise floors, less a margin")
    parser.add_argument("--lower", action="store_true", help="set broken floors anew")
    return parser.parse_args()


def labelled() -> Iterator[Labelled]:
    """The saved pages."""
    labels = [json.loads(line) for line in (PAGES / "gold.jsonl").read_text("utf-8").splitlines()]
    with tarfile.open(PAGES / "pages.tar.xz") as archive:
        markup = {member.name.rpartition("/")[2]: _content(archive, member) for member in archive if member.isfile()}
    for one in labels:
        yield Labelled(
            name=one["name"],
            url=one["url"],
            markup=markup[one["name"]],
            title=one.get("title") or "",
            date=(one.get("date") or "")[:10],
            text=one.get("text") or "",
        )


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    file = archive.extractfile(member)
    return file.read().decode("utf-8", "replace") if file else ""


def read_all() -> list[Read]:
    """Every saved page as it is read."""
    with Extractor() as extractor:
        return [_read(extractor, one) for one in labelled()]


def _read(extractor: Extractor, one: Labelled) -> Read:
    try:
        return Read(one, extractor.read(one.markup, one.url))
    except NoArticleText as error:
        return Read(one, None, str(error.problem))


def figures(read: Sequence[Read]) -> list[Figures]:
    """What was right, in each half and in both."""
    found = []
    for name, some in (
        *((half.value, [one for one in read if one.label.half is half]) for half in Half),
        ("all", read),
    ):
        texts = [one.text for one in some if one.label.text]
        dates = [one.has_date for one in some if one.label.date]
        titles = [one.has_title for one in some if one.label.title]
        found += [
            Figures(f"text, {name}", len(texts), {"F1": sum(texts) / len(texts)}),
            Figures(f"date, {name}", len(dates), {"right": sum(dates) / len(dates)}),
            Figures(f"title, {name}", len(titles), {"right": sum(titles) / len(titles)}),
        ]
    return found


def misses(read: Sequence[Read]) -> Iterator[str]:
    """What was read wrongly, a line each."""
    for one in read:
        where = f"{one.label.half} {one.label.name}"
        if one.page is None:
            yield f"{where}: refused, it {one.problem}"
            continue
        if one.label.text and one.text < _WORST:
            yield f"{where}: text {one.text:.2f}"
        if one.label.date and not one.has_date:
            yield f"{where}: date {one.page.date or 'none'} for {one.label.date}"
        if one.label.title and not one.has_title:
            yield f"{where}: title “{one.page.title}” for “{one.label.title}”"


def tokens(text: str) -> list[str]:
    """The words of a text, in one case and width."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


def f1(found: str, wanted: str) -> float:
    """The harmonic mean of precision and recall of the runs of words."""
    ours, theirs = _runs(found), _runs(wanted)
    shared = sum((ours & theirs).values())
    return 2 * shared / (sum(ours.values()) + sum(theirs.values())) if shared else 0.0


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = tokens(text)
    return Counter(tuple(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1)))


if __name__ == "__main__":
    sys.exit(main())
