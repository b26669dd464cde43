"""Who said a passage and when, read off the words around it; "unknown" rather than a guess."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from knowledge.lexicon import SPEECH_VERB, TITLES
from knowledge.text import NormalText, Span


@dataclass(frozen=True, slots=True)
class Attribution:
    """What the source says of its words: the speaker as named there, and the day they were said on."""

    speaker: str | None = None
    said_on: date | None = None


def attribute(text: str, span: Span) -> Attribution:
    """The speaker and day of the words at `span` of an article's text, each None where the source does not say.

    Read are a post's signature ("— Name (@handle) May 4, 2031") at the end of its paragraph, and the tag of a
    quotation: "…," said Name; Name said: "…"; according to Name. A tag without a name ("she said") says nothing.
    """
    end = _paragraph_end(text, span.end)
    signature = _SIGNATURE.search(text, span.end, end)
    if signature is not None:
        return Attribution(signature["name"].strip(), _date(signature))
    return Attribution(_tagged_speaker(text, span, end))


def _tagged_speaker(text: str, span: Span, end: int) -> str | None:
    """Who the tags of the quotation around `span` name: one inside it, after it, before it, in that order."""
    opened = _opening(text, span.start)
    if opened is None:
        return None
    for closed in sorted({_closing(text, span.start, end), _closing(text, span.end, end)}):
        if name := first_name(_TAGS_AFTER, text[closed : min(end, closed + _REACH)]):
            return name
    paragraph = text.rfind("\n", 0, opened) + 1
    return first_name(_TAGS_BEFORE, text[max(paragraph, opened - _REACH) : opened])


_REACH = 160
"""Code points beside a quotation in which its tag may stand."""


def first_name(patterns: Iterable[re.Pattern[str]], beside: str) -> str | None:
    """The `name` group of the first pattern that finds one in a text, without words of grammar; None without."""
    for pattern in patterns:
        match = pattern.search(beside)
        if match is not None and (name := plain_name(match["name"])):
            return name
    return None


def same_person(one: str, other: str) -> bool:
    """Whether two names can be one person's: the same last name, or a handle that holds it, titles aside."""
    mine, theirs = _name_parts(one), _name_parts(other)
    if not mine or not theirs:
        return True
    if set(mine) <= set(theirs) or set(theirs) <= set(mine):
        return True
    if one.startswith("@") or other.startswith("@"):
        handle, name = (mine, theirs) if one.startswith("@") else (theirs, mine)
        return any(len(part) > 3 and part in handle[0] for part in name)
    return mine[-1] == theirs[-1] and (len(mine) == 1 or len(theirs) == 1 or mine[0][0] == theirs[0][0])


def asides(text: NormalText) -> tuple[range, ...]:
    """The stretches of words that a quote may leave out: in parentheses, or a reporter's tag between two quotations."""
    return (*_stretches(_PARENTHESIS, text), *tags(text))


def tags(text: NormalText) -> tuple[range, ...]:
    """The words of a reporter's tags between two quotations of one speaker: "…," she said, "…"."""
    return _stretches(_TAG, text)


def _stretches(pattern: re.Pattern[str], text: NormalText) -> tuple[range, ...]:
    """The words, as ranges, that lie inside the matches of a pattern."""
    if not text.words:
        return ()
    first, last = text.starts[0], text.ends[-1] + 1
    places = (
        range(bisect_left(text.starts, match.start()), bisect_right(text.ends, match.end()))
        for match in pattern.finditer(text.original, first, last)
    )
    return tuple(filter(None, places))


_PARENTHESIS = re.compile(r"\([^()\n]{1,80}\)|\[[^\[\]\n]{1,80}\]")
_TAG = re.compile(
    rf"""(?:(?<=[,.!?…—-])["”’]|["”’],)\s+           # the quotation stops
    (?!(?:but|and|for|to|that|or|in|as)\b)[^"“”\n]{{0,60}}?\b(?:{SPEECH_VERB})\b(?!\s+(?:that|the|for|to)\b)
    [^"“”\n]{{0,60}}?\s+["“‘](?=\w|[…\[(])           # and goes on""",
    re.VERBOSE | re.IGNORECASE,
)


# --- names, tags, dates ---

_CAPITALISED = r"[^\W\d_a-z](?:[^\W\d_]|[.'’-])*(?!\w)"
NAME = rf"(?:@\w{{2,30}}|{_CAPITALISED}(?:\s+(?:(?:de|von|van|der|la|al|bin|of)\s+){{0,2}}{_CAPITALISED}){{0,4}})"
"""A pattern for a handle, or for capitalised words in a row."""
NAMED = rf"(?P<name>{NAME})"
_ROLE = r"(?:(?!(?:for|of|on|in|at|to|from|by|with|about|and|or|that|he|she|they|it|who)\b)[a-z-]+\s+){0,4}"
"""What may stand between "said" and a name: "the county engineer"."""
_GOES_ON = "in on at during after before when who as to of told while last this with from via by".replace(" ", "|")
_NAME_ENDS = rf"(?=\s*(?:[,.;:()“\"]|$)|\s+(?:{_GOES_ON})\b)"
_HAS = r"(?:\s+(?i:also|then|later|has|had))?"
_APPOSITION = r"(?:,[^,.\n“”\"]{1,60},)?"
_TAGS_AFTER = (
    re.compile(rf"^[\"”’]?\s*,?\s*(?i:{SPEECH_VERB})\s+{_ROLE}{NAMED}{_NAME_ENDS}"),
    re.compile(rf"^[\"”’]?\s*,?\s*{NAMED}{_APPOSITION}{_HAS}\s+(?i:{SPEECH_VERB})\b"),
    re.compile(rf"^[\"”’]?\s*,?\s*(?i:according\s+to)\s+{_ROLE}{NAMED}{_NAME_ENDS}"),
    re.compile(rf"^[\"”’]?\s*[—–―-]{{1,2}}\s*{NAMED}{_NAME_ENDS}"),
)
_TAGS_BEFORE = (
    re.compile(rf"{NAMED}{_APPOSITION}{_HAS}\s+(?i:{SPEECH_VERB})\b[^.!?\n“”\"]{{0,60}}[:,]?\s*$"),
    re.compile(rf"[\"”]\s*(?i:{SPEECH_VERB})\s+{_ROLE}{NAMED}\s*[.,]?\s*$"),
    re.compile(rf"[\"”]\s*{NAMED}{_APPOSITION}{_HAS}\s+(?i:{SPEECH_VERB})\s*[.,]?\s*$"),
    re.compile(rf"(?i:according\s+to)\s+{_ROLE}{NAMED}[^.!?\n]{{0,40}},\s*$"),
    re.compile(rf"{NAMED}\s*:\s*$"),
)
_NO_NAMES = frozenset(
    "did does do is was has have had i he she they we you it who what when the this that these those so and but in on "
    "at as for while after before later then there here a an mr mrs ms monday tuesday wednesday thursday friday "
    "saturday sunday breaking update exclusive opinion analysis video watch live rt fact claim source must".split()
)


def plain_name(name: str) -> str | None:
    """A name without the capitalised words of grammar in front of it; None if nothing is left."""
    words = name.split()
    while words and words[0].casefold().rstrip(".") in _NO_NAMES:
        del words[0]
    return " ".join(words).rstrip(".,'’-").removesuffix("'s").removesuffix("’s") or None


def _name_parts(name: str) -> list[str]:
    """The words of a name that tell people apart, folded."""
    words = [word.strip(".,'’@").casefold() for word in name.split()]
    kept = [word for word in words if word and word not in _OFFICES]
    return kept or words


_OFFICES = frozenset({*TITLES, *TITLES.values()}) | frozenset(
    "mr mrs ms miss sir lady lord the former then late president vice secretary minister prime chancellor attorney "
    "mayor judge justice speaker chairman chairwoman chief candidate coach king queen pope of us u.s".split()
)

_MONTHS = {
    name: month
    for month, names in enumerate(
        "january jan/february feb/march mar/april apr/may/june jun/july jul/august aug/september sept sep/october oct/"
        "november nov/december dec".split("/"),
        1,
    )
    for name in names.split()
}
_SIGNATURE = re.compile(
    rf"[—–―-]\s*(?P<name>[^\n()—–]{{1,60}}?)\s*\((?P<handle>@\w{{1,30}})\)\s*"
    rf"(?:(?P<month>{'|'.join(_MONTHS)})\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}}))?",
    re.IGNORECASE,
)


def _date(signature: re.Match[str]) -> date | None:
    """The day of a signature, None where it has none or an impossible one."""
    if signature["month"] is None:
        return None
    try:
        return date(int(signature["year"]), _MONTHS[signature["month"].casefold()], int(signature["day"]))
    except ValueError:
        return None


def _paragraph_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _opening(text: str, position: int) -> int | None:
    """Where the quotation opens that `position` stands in, None where it stands in none.

    A quotation in curly marks may run over several paragraphs, each but the last without its closing mark.
    """
    opened = text.rfind("“", 0, position + 1)
    if opened >= 0 and text.find("”", opened, position) < 0:
        return opened
    paragraph = text.rfind("\n", 0, position) + 1
    return text.rfind('"', 0, position) if text.count('"', paragraph, position) % 2 else None


def _closing(text: str, position: int, end: int) -> int:
    """Where the quotation closes that goes on at `position`, at the latest at `end`."""
    found = [place for mark in '”"' if (place := text.find(mark, position, end)) >= 0]
    return min(found, default=end)
