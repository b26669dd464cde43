"""Who is said to have said it, against human labels of news articles. (`attributions.jsonl.xz`, data/README.md)

`python -m tests.quality.speakers [--half tune|test] [--form FORM …] [--misses]`. Half of the articles is to look at and
to change the rules by, the other half to measure on.
"""

import argparse
import json
import re
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from knowledge.attribution import attribute
from knowledge.text import Span
from tests.quality.corpus import rows

FORMS = ("direct", "mixed", "indirect", "pronoun")
NOBODY = "nobody named"
"""A form of its own: quotes of people without a name. A name that is given there makes somebody misattributed."""
HALVES = ("tune", "test")
FEWEST_CHARACTERS = 12
"""Of a quote, that must be found in a row, white space aside."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A labelled quote: where it stands in the text of an article, and who says it."""

    article: str
    index: int
    text: str
    span: Span
    form: str
    speaker: str

    @property
    def half(self) -> str:
        """The half that its article is in."""
        return HALVES[zlib.crc32(self.article.encode()) % 2]

    @property
    def is_named(self) -> bool:
        """Whether the label is somebody's name, a person's or an organisation's, and not several people's."""
        head = _head(self.speaker)
        words = head.split()
        one = bool(words) and words[0] not in _NO_NAMES and not _SEVERAL.search(head)
        return one and words[-1][:1].isupper()

    @property
    def is_unnamed(self) -> bool:
        """Whether the label is somebody without a name: "officials", "the mayor of Wren", "a lawyer for Brook"."""
        if _APPOSED.search(self.speaker):
            return False
        head = _DEPENDENT.split(_head(self.speaker), maxsplit=1)[0].split()
        return bool(head) and not head[-1][:1].isupper() and head[-1].casefold() not in _NO_NOUNS


_APPOSED = re.compile(r",\s+(?:[A-Z][\w.’'-]+\s*){2,}|\([A-Z]")
"""Who has a name after all: "his campaign manager, Jeff Weaver"."""
_DEPENDENT = re.compile(r"\s+(?:of|for|to|from|in|at|who|whose|with|on|by|close|that)\b(?!\s+state\b)|:")
_NO_NOUNS = frozenset(
    "he she it they we i you who which that this these those him her his their them said asked wrote told".split()
)
"""What a label is now and then that is no noun: the speaker is named beside it."""
_NO_NAMES = frozenset(
    "He She It They We I You Some Many Several Most Others One No A An The This That These His Her Their Its My Our "
    "Who Both Democrats Republicans Critics Supporters Officials Sources Police Voters Experts People Analysts".split()
)
_SEVERAL = re.compile(r"\b(?:and|or|spokes\w+|aides?|campaign|allies|advis[eo]rs?|critics|s’|officials?)\b|['’]s?\s")


def _head(label: str) -> str:
    """A label without what follows the name: ", the presumptive leader next year"."""
    return re.sub(r"\([^)]*\)", "", label.replace("\xa0", " ")).split(",")[0].strip()


@cache
def spoken() -> tuple[Spoken, ...]:
    """Every labelled quote that stands in its article."""
    return tuple(_spoken())


@cache
def pronouns() -> tuple[Spoken, ...]:
    """Quotes of "he" and "she", with the names that one of two readers resolved them to; they agree on 63 of 64."""
    lines = Path(__file__).with_name("pronouns.jsonl").read_text("utf-8").splitlines()
    names = {(row["article"], row["index"]): row["name"] for row in map(json.loads, lines)}
    found = (one for one in spoken() if (one.article, one.index) in names)
    return tuple(replace(one, form="pronoun", speaker=names[one.article, one.index]) for one in found)


def _spoken() -> Iterator[Spoken]:
    for row in rows("attributions.jsonl.xz"):
        text = row["text"]
        places = [place for place, character in enumerate(text) if not character.isspace()]
        squeezed = "".join(text[place] for place in places)
        after = 0
        for index, label in enumerate(row["attributions"]):
            span = _find("".join(label["quote"].split()), squeezed, places, after)
            if span is not None and label["speaker"]:
                after = max(0, span.start - 2_000)
                yield Spoken(row["id"], index, text, span, label["form"], label["speaker"].strip())


def _find(quote: str, squeezed: str, places: Sequence[int], after: int) -> Span | None:
    """Where the beginning of a quote stands, as long as it goes on in a row; white space does not count."""
    start = next((i for i, place in enumerate(places) if place >= after), 0)
    length = len(quote)
    while length >= min(FEWEST_CHARACTERS, len(quote)):
        found = squeezed.find(quote[:length], start)
        if found < 0:
            found = squeezed.find(quote[:length])
        if found >= 0:
            first = next((i for i in range(found, found + length - 1) if squeezed[i] not in _MARKS), found)
            return Span(places[first], places[found + length - 1] + 1)
        length = length * 3 // 4
    return None


_MARKS = "“”\"‘'"
"""The words of a quote begin after its mark, as those that the program finds do."""


# --- judging ---


def is_right(given: str, label: str) -> bool:
    """Whether a name is that of the label: the same last name, and no other first name."""
    mine, theirs = _name_words(given), _name_words(_head(label))
    if not mine or not theirs:
        return False
    if mine[-1] != theirs[-1]:
        return set(mine) <= set(theirs) or set(theirs) <= set(mine)
    return len(mine) == 1 or len(theirs) == 1 or mine[-2] == theirs[-2] or mine[0] == theirs[0]


def _name_words(name: str) -> list[str]:
    words = re.findall(r"[\w’'-]+", name.casefold())
    plain = [re.sub(r"['’]s$", "", word) for word in words]
    return [word for word in plain if word not in ("jr", "sr", "iii", "the")]


@dataclass(frozen=True, slots=True)
class Score:
    """How many of some quotes were given a speaker, and how many the right one."""

    count: int
    given: int
    right: int


def score(some: Iterable[tuple[str | None, str]]) -> Score:
    """The score of some pairs of the name that was given and the label."""
    pairs = list(some)
    given = [(name, label) for name, label in pairs if name]
    return Score(len(pairs), len(given), sum(is_right(name, label) for name, label in given))


def labelled(form: str, half: str) -> list[Spoken]:
    """The quotes of a form whose speaker has a name, in one half of the articles."""
    some = pronouns() if form == "pronoun" else [one for one in spoken() if one.form == form and one.is_named]
    return [one for one in some if one.half == half]


def unnamed(half: str) -> list[Spoken]:
    """The quotes of somebody without a name, in one half of the articles."""
    return [replace(one, form=NOBODY) for one in spoken() if one.is_unnamed and one.half == half]


def main() -> int:
    """Print the scores by form, and the misses if asked to."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.speakers", description=__doc__)
    parser.add_argument("--half", choices=HALVES, default="tune")
    parser.add_argument("--form", nargs="+", choices=(*FORMS, NOBODY), default=(*FORMS, NOBODY))
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    for form in options.form:
        some = unnamed(options.half) if form == NOBODY else labelled(form, options.half)
        pairs = [(attribute(one.text, one.span).speaker, one.speaker) for one in some]
        result = score(pairs)
        right = "" if form == NOBODY else f"  right {100 * result.right / max(1, result.given):5.1f} %"
        given = 100 * result.given / result.count
        sys.stdout.write(f"{form:12} {result.count:5} quotes  given {given:5.1f} %{right}\n")
        if options.misses:
            sys.stdout.writelines(_misses(zip(some, pairs, strict=True)))
    return 0


def _misses(answers: Iterable[tuple[Spoken, tuple[str | None, str]]]) -> Iterator[str]:
    for one, (name, label) in answers:
        missed = name is not None if one.form == NOBODY else name is None or not is_right(name, label)
        if missed:
            around = one.text[max(0, one.span.start - 250) : one.span.end + 150]
            quote = one.text[one.span.start : one.span.end][:120]
            yield f"\n[{name}] for [{label}]\n  quote: {quote!r}\n  {around!r}\n"


if __name__ == "__main__":
    sys.exit(main())
