"""Who said a passage and when, read off the words around it; "unknown" rather than a guess."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from knowledge.dates import PartialDate, stated_dates
from knowledge.lexicon import REPORTING_VERB, SPEECH_VERB
from knowledge.names import NAME, NAMED, first_name, plain_name, same_person
from knowledge.text import NormalText, Span, sentences_around


@dataclass(frozen=True, slots=True)
class Attribution:
    """What the source says of its words: the speaker as named there, and when they were said."""

    speaker: str | None = None
    said_on: PartialDate | None = None


def attribute(text: str, span: Span) -> Attribution:
    """The speaker and date of the words at `span` of an article's text, each None where the source does not say.

    Read are a post's signature ("— Name (@handle) May 4, 2031") at the end of its paragraph; the tag of a quotation
    ("…," said Name; Name said: "…"; according to Name); and indirect speech (Name said that …). "He" and "she" are
    whoever was named last, where that is safe.
    """
    end = _paragraph_end(text, span.end)
    signature = _SIGNATURE.search(text, span.end, end)
    if signature is not None:
        return Attribution(signature["name"].strip(), _date_behind(text, signature.end()))
    return _of_quotation(text, span, end) or Attribution(_reported_speaker(text, span))


# --- quotations ---

_REACH = 220
"""Code points beside a quotation in which its tag may stand."""


def _of_quotation(text: str, span: Span, end: int) -> Attribution | None:
    """What the tags of the quotation around `span` say: one inside it, after it, before it, in that order."""
    opened = _opening(text, span.start)
    if opened is None:
        return None
    for closed in sorted({_closing(text, span.start, end), _closing(text, span.end, end)}):
        beside = text[closed : min(end, closed + _REACH)]
        name, pronoun = first_name(TAGS_AFTER, beside), _PRONOUN_AFTER.match(beside)
        if name or pronoun:
            name = name or _last_named(text, opened, (pronoun and pronoun["pronoun"]) or "")
            return Attribution(name, _date_beside(text, closed + 1, min(end, closed + _REACH)))
    before = text[max(text.rfind("\n", 0, opened) + 1, opened - _REACH) : opened]
    name, pronoun = first_name(TAGS_BEFORE, before), _PRONOUN_BEFORE.search(before)
    if name or pronoun:
        return Attribution(name or _last_named(text, opened, (pronoun and pronoun["pronoun"]) or ""))
    return None


# --- indirect speech ---


def _reported_speaker(text: str, span: Span) -> str | None:
    """Who the sentence around `span` says to have said it: Name said that …; …, Name said; according to Name."""
    inside = next((s for s in sentences_around(text, span.start, span.end) if s.start <= span.start < s.end), None)
    if inside is None:
        return None
    before = text[max(inside.start, span.start - _LONGEST_LEAD) : span.start]
    after = text[span.end : min(inside.end, span.end + _REACH)]
    if name := _subject(before):
        return name
    if pronoun := _PRONOUN_SUBJECT.search(before):
        return _last_named(text, inside.start, pronoun["pronoun"])
    return first_name(_REPORTED_AFTER, after) or first_name(_REPORTED_BEFORE, before)


_LONGEST_LEAD = 400


def _subject(before: str) -> str | None:
    """The name that last says something in the words before; None where somebody without a name says it since."""
    found = list(_REPORTED.finditer(before))
    if not found or _OTHER_SUBJECT.search(before, found[-1].end()):
        return None
    return plain_name(found[-1]["name"])


# --- he and she ---

_BACK = 1_200
"""Code points before a quotation in which "he" may have been named."""


def _last_named(text: str, position: int, pronoun: str) -> str | None:
    """The person that "he" or "she" before `position` stands for: who spoke last, if nobody else was named since.

    None where that is not safe: another subject stands between, or the text calls the name by the other gender.
    """
    before = _SPACES.sub(" ", _QUOTED.sub("”", text[max(0, position - _BACK) : position]))
    spoken = list(_NAMED_SUBJECT.finditer(before))
    if not spoken or (spoken[-1]["verb"] or "").startswith("ask"):
        return None
    name = plain_name(spoken[-1]["name"] or spoken[-1]["after"])
    if name is None or not _is_person(name, text):
        return None
    since = _BEGINS_WITH_NAME.finditer(before, spoken[-1].end())
    others = filter(None, (plain_name(match["name"]) for match in since))
    return name if all(same_person(name, other) for other in others) and _fits(text, name, pronoun) else None


def _is_person(name: str, text: str) -> bool:
    """Whether a name has a first name, here or elsewhere in the text: what has none may be a place or a crowd."""
    words = name.split()
    if words[-1] in _NOBODY:
        return False
    return len(words) > 1 or re.search(rf"\b(?!The\b)[A-Z][a-z.]+\s+{re.escape(words[-1])}\b", text) is not None


_QUOTED = re.compile(r"“[^“”]{0,900}”|\"[^\"\n]{0,900}\"")
"""What somebody says names others; only the narrator tells who speaks."""


_SPACES = re.compile(r"[^\S\n]{2,}")
"""Runs of white space, over which the patterns below would go again and again."""


_NOBODY = frozenset(
    "Republicans Democrats Americans Republican Democrat House Senate Congress Washington Department Committee Court "
    "January February March April May June July August September October November December".split()
)


def _fits(text: str, name: str, pronoun: str) -> bool:
    """Whether no title of the other gender stands before a name anywhere in the text."""
    titles = ("Mr", "Sir", "Lord") if pronoun.casefold() == "she" else ("Mrs", "Ms", "Miss", "Lady")
    last = name.split()[-1]
    return not any(f"{title}{dot} {last}" in text for title in titles for dot in (".", ""))


# --- what a quote may leave out ---


def asides(text: NormalText) -> tuple[range, ...]:
    """The stretches of words that a quote may leave out: in parentheses, or a reporter's tag between two quotations."""
    return (*tags(text), *parentheses(text))


def parentheses(text: NormalText) -> tuple[range, ...]:
    """The words in parentheses and brackets."""
    return _stretches(_PARENTHESIS, text)


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
    (?!(?:but|and|for|to|that|or|in|as)\b)[^"“”\n]{{0,60}}?\b(?:told\s+the|(?:{SPEECH_VERB})\b(?!\s+(?:that|the|for|to)\b))
    [^"“”\n]{{0,60}}?\s+["“‘](?=\w|[…\[(])           # and goes on""",
    re.VERBOSE | re.IGNORECASE,
)


# --- tags ---

_SMALL = r"(?!(?:for|of|on|in|at|to|from|by|with|about|and|or|that|he|she|they|it|who|whose|after|as|said)\b)"
_ROLE = rf"(?:of\s+(?:state|staff|defense|defence)\s+|{_SMALL}[\w’'.-]+\s+){{0,7}}?"
"""What may stand between "said" and a name: "the county engineer", "FBI Director"."""
_GOES_ON = (
    "in on at during after before when who whose as to of told while last this with from via by outside because and "
    "monday tuesday wednesday thursday friday saturday sunday yesterday today"
).replace(" ", "|")
_NAME_ENDS = rf"(?=\s*(?:[,.;:()“\"—–]|$)|\s+(?i:{_GOES_ON})\b)"
_HAS = r"(?:\s+(?i:\w+ly|also|then|later|once|recently|previously|repeatedly|long|even|has|had|have|went\s+on\s+to))*"
_APPOSITION = r"(?:\s*\([^()\n]{1,40}\))?(?:,\s+(?=[a-z\d])[^.\n“”\"]{1,140}?,)?"
_WHERE = r"[^.!?\n“”\"]{0,90}"
_AFTER_MARK = r"^[,.]?[\"”’“]?\s*,?\s*"
TAGS_AFTER = (
    re.compile(rf"{_AFTER_MARK}(?:{SPEECH_VERB})\s+{_ROLE}{NAMED}{_NAME_ENDS}"),
    re.compile(rf"{_AFTER_MARK}{_ROLE}{NAMED}{_APPOSITION}{_HAS}\s+(?:{SPEECH_VERB})\b"),
    re.compile(rf"{_AFTER_MARK}(?i:according\s+to)\s+{_ROLE}{NAMED}{_NAME_ENDS}"),
    re.compile(rf"^[\"”’]?\s*[—–―-]{{1,2}}\s*{NAMED}{_NAME_ENDS}"),
)
TAGS_BEFORE = (
    re.compile(rf"{NAMED}{_APPOSITION}{_HAS}\s+(?:{SPEECH_VERB})\b{_WHERE}[:,]?\s*$"),
    re.compile(rf"[\"”]\s*(?:{SPEECH_VERB})\s+{_ROLE}{NAMED}{_NAME_ENDS}{_WHERE}[.,]?\s*$"),
    re.compile(rf"[\"”]\s*{_ROLE}{NAMED}{_APPOSITION}{_HAS}\s+(?:{SPEECH_VERB})\b{_WHERE}[.,]?\s*$"),
    re.compile(rf"(?i:according\s+to)\s+{_ROLE}{NAMED}{_WHERE},\s*$"),
    re.compile(rf"{NAMED}(?:['’]s?\s+[\w\s]{{3,40}})?\s*:\s*$"),
    re.compile(
        rf"(?:^|[.!?]\s+|,\s+){NAMED}{_APPOSITION}\s+[^.!?\n“”\"]{{1,90}}?\b(?:by|in|with)?\s*(?i:saying|adding)[:,]\s*$"
    ),
)
_PRONOUN_AFTER = re.compile(
    rf"{_AFTER_MARK}(?:(?P<pronoun>[Hh]e|[Ss]he){_HAS}\s+(?:{SPEECH_VERB})\b|(?:{SPEECH_VERB})\s+(?:he|she)\b)"
)
_PRONOUN_BEFORE = re.compile(
    rf"\b(?P<pronoun>[Hh]e|[Ss]he){_HAS}\s+(?:{SPEECH_VERB}|{REPORTING_VERB})\b{_WHERE}[:,.]?\s*$"
)
_PRONOUN_SUBJECT = re.compile(
    rf"(?:^|[,;]\s+(?:and\s+|but\s+)?)(?P<pronoun>[Hh]e|[Ss]he){_HAS}\s+(?:{SPEECH_VERB}|{REPORTING_VERB})\b"
)
_REPORTED = re.compile(rf"{NAMED}{_APPOSITION}{_HAS}\s+(?:{SPEECH_VERB}|{REPORTING_VERB})\b")
_OTHER_SUBJECT = re.compile(
    rf"\b(?:he|she|they|who|(?:the|a|an|his|her|their)\s+[\w\s]{{2,40}}?)\s+(?:{SPEECH_VERB})\b", re.IGNORECASE
)
_REPORTED_AFTER = (
    re.compile(rf"^[^.!?\n]{{0,160}}?,[\"”]?\s+{_ROLE}{NAMED}{_APPOSITION}{_HAS}\s+(?:{SPEECH_VERB})\b"),
    re.compile(rf"^[^.!?\n]{{0,160}}?,[\"”]?\s+(?:{SPEECH_VERB})\s+{_ROLE}{NAMED}{_NAME_ENDS}"),
    re.compile(rf"^[^.!?\n]{{0,160}}?,?\s+(?i:according\s+to)\s+{_ROLE}{NAMED}{_NAME_ENDS}"),
)
_REPORTED_BEFORE = (re.compile(rf"(?i:according\s+to)\s+{_ROLE}{NAMED}{_WHERE},\s"),)
_BEGINS = r"(?:^|\n|[.!?]\s+|”,?\s*)"
"""Where a sentence begins, or where the narrator takes over after a quotation, of which the closing mark is left."""
_NAMED_SUBJECT = re.compile(
    rf"{_BEGINS}(?:(?:{SPEECH_VERB})\s+{_ROLE}(?P<after>{NAME}){_NAME_ENDS}"
    rf"|(?:(?:On|In|At|But|And|During|After)\b[^,.\n]{{0,50}},?\s+)?{_ROLE}{NAMED}{_APPOSITION}{_HAS}\s+"
    rf"(?P<verb>{SPEECH_VERB}|{REPORTING_VERB})\b)"
)
_BEGINS_WITH_NAME = re.compile(rf"(?:^|\n|[.!?][\"”]?\s+){NAMED}(?:\s+[a-z]|,|['’]s)")

# --- signatures ---

_SIGNATURE = re.compile(r"[—–―-]\s*(?P<name>[^\n()—–]{1,60}?)\s*\((?P<handle>@\w{1,30})\)\s*")
_DATE_REACH = 40
"""Code points behind a signature in which its date stands."""


def _date_behind(text: str, position: int) -> PartialDate | None:
    """The date that begins at a position, None where none does."""
    first = next(iter(stated_dates(text, position, position + _DATE_REACH)), None)
    return first.when if first is not None and first.span.start == position else None


def _date_beside(text: str, start: int, end: int) -> PartialDate | None:
    """The date of a tag ("…," Name said on July 4, 2031), None where it has none or several."""
    stop = _TAG_STOPS.search(text, start, end)
    dates = stated_dates(text, start, stop.end() if stop else end)
    return dates[0].when if len(dates) == 1 else None


_TAG_STOPS = re.compile(r"[“\"\n]|[a-z\d][.!?](?=\s+[“\"A-Z])")


def _paragraph_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _opening(text: str, position: int) -> int | None:
    """Where the quotation opens that `position` stands in, None where it stands in none.

    A quotation in curly marks may run over several paragraphs, each but the last without its closing mark.
    """
    opened = text.rfind("“", 0, position + 1)
    if opened >= 0 and not any(mark in text[opened:position] for mark in '”"'):
        return opened
    paragraph = text.rfind("\n", 0, position) + 1
    return text.rfind('"', 0, position) if text.count('"', paragraph, position) % 2 else None


def _closing(text: str, position: int, end: int) -> int:
    """Where the quotation closes that goes on at `position`, at the latest at `end`."""
    found = [place for mark in '”"' if (place := text.find(mark, position, end)) >= 0]
    return min(found, default=end)
