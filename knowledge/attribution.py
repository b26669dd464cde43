"""Who said a passage and when, read off the words around it; "unknown" rather than a guess."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

from knowledge import tongues
from knowledge.dates import PartialDate, stated_dates
from knowledge.languages import ENGLISH, Language, alternatives, language_of
from knowledge.names import NAME, NAMED, first_name, plain_name
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
    whoever was named last, where that is safe. Of other languages than English what is sure (`tongues`).
    """
    end = _paragraph_end(text, span.end)
    signature = _SIGNATURE.search(text, span.end, min(end, span.end + _LONGEST_POST))
    if signature is not None:
        return Attribution(signature["name"].strip(), _date_behind(text, signature.end()))
    return _of_quotation(text, span, end) or Attribution(_reported_speaker(text, span))


_LONGEST_POST = 25_000
"""Code points from a post's words to its signature: what X allows."""


# --- quotations ---

_REACH = 220
"""Code points beside a quotation in which its tag may stand."""


def _of_quotation(text: str, span: Span, end: int) -> Attribution | None:
    """What the tags of the quotation around `span` say, None without any: one inside it, after it, before it.

    Words that introduce it ("Name said: “….”") come first where it ends with its sentence: behind it the next begins.
    """
    opened = _opening(text, span.start)
    if opened is None:
        return None
    before = text[max(text.rfind("\n", 0, opened) + 1, opened - _REACH) : opened]
    introduced = _introduced(text, opened, before)
    for closed in sorted({_closing(text, opened, place, end) for place in (span.start, span.end)}):
        if introduced and _INTRODUCES.search(before) and text[closed - 1] in ".!?":
            return introduced
        stop = min(end, closed + _REACH)
        if tagged := _tagged(text, opened, text[closed:stop], ended=text[closed - 1] == "."):
            return Attribution(tagged.speaker, _date_beside(text, closed + 1, stop))
    return introduced


def _tagged(text: str, opened: int, beside: str, *, ended: bool) -> Attribution | None:
    """Who the words behind a quotation say to speak, None where they are no tag.

    Where a full stop has `ended` the sentence, "Name said" begins the next one and only "said Name" is still a tag.
    """
    others = tongues.tags_after(_language_around(text, opened))
    if name := first_name((*(_TAGS_AFTER_STOP if ended else TAGS_AFTER), *others), beside):
        return Attribution(name)
    pronoun = None if ended else _PRONOUN_AFTER.match(beside)
    return Attribution(_last_named(text, opened, pronoun["pronoun"] or "")) if pronoun else None


def _introduced(text: str, opened: int, before: str) -> Attribution | None:
    """Who the words before a quotation say to speak, None where they say it of nobody."""
    *_, clause = _SENTENCE_BEGINS.split(before)
    if teller := _teller(text, opened, clause):
        return teller
    others = tongues.tags_before(_language_around(text, opened))
    name = first_name((*others, *_TAGS_BEFORE_CLAUSE), before)
    return Attribution(name) if name else None


@lru_cache(maxsize=64)  # a check asks several times for the same few places
def _language_around(text: str, position: int) -> Language | None:
    return language_of(text[max(0, position - _AROUND) : position + _AROUND])


_AROUND = 300
"""Code points around a quotation that tell its language."""

# --- who says it in a sentence ---


def _reported_speaker(text: str, span: Span) -> str | None:
    """Who the sentence around `span` says to have said it: Name said that …; …, Name said; according to Name."""
    inside = next((s for s in sentences_around(text, span.start, span.end) if s.start <= span.start < s.end), None)
    if inside is None:
        return None
    before = text[max(inside.start, span.start - _LONGEST_LEAD) : span.start]
    after = text[span.end : min(inside.end, span.end + _REACH)]
    if teller := _teller(text, inside.start, before):
        return teller.speaker
    language = _language_around(text, span.start)
    return (
        first_name(_REPORTED_AFTER, after)
        or first_name(_REPORTED_BEFORE, before)
        or first_name(tongues.reported_after(language), after)
        or first_name(tongues.reported_before(language), before)
    )


_LONGEST_LEAD = 400


def _teller(text: str, position: int, lead: str) -> Attribution | None:
    """Whose saying the words `lead` before others come to, those at `position`; None where they have no verb of it.

    It is the subject of the last such verb, or, of a verb that goes on from another ("…, adding"), of that one. Where
    that is somebody without a name ("officials in Wren said") there is none, whoever else is named.
    """
    verbs = list(_VERB.finditer(lead))
    subjects = {subject.start("verb"): subject for subject in _SUBJECT.finditer(lead)}
    for verb in reversed(verbs):
        if subject := subjects.get(verb.start()):
            return Attribution(_named(text, position, lead, subject))
        if not verb[0].endswith("ing") and not _GOES_ON_FROM.search(lead, max(0, verb.start() - _NEAR), verb.start()):
            return Attribution()
    if not verbs:
        return None
    first = _FIRST_SUBJECT.match(lead)
    return Attribution(_named(text, position, lead, first) if first else None)


_NEAR = 40
"""Code points before a verb or a name in which stands what it belongs to."""


def _named(text: str, position: int, lead: str, subject: re.Match[str]) -> str | None:
    """The name of a subject; None where it only belongs to another's: "a lawyer for Name said"."""
    if subject["pronoun"]:
        begins = _BEGINS_CLAUSE.search(lead, 0, subject.start("pronoun"))
        return _last_named(text, position, subject["pronoun"]) if begins else None
    group = "name" if subject["name"] else "apposed"
    start = subject.start(group)
    if _BELONGS_TO.search(lead, max(0, start - _NEAR), start) or _SECOND_HAND.search(lead, subject.end()):
        return None
    return plain_name(subject[group])


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
    last = name.split()[-1]
    return name if all(last in other.split() for other in others) and _fits(text, name, pronoun) else None


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
    return _stretches(_TAG if text.language is ENGLISH else tongues.interruption(text.language), text)


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
    (?!(?:but|and|for|to|that|or|in|as)\b)[^"“”\n]{{0,60}}?\b(?:told\s+the|(?:{ENGLISH.speech.verb})\b(?!\s+(?:that|the|for|to)\b))
    [^"“”\n]{{0,60}}?\s+["“‘](?=\w|[…\[(])           # and goes on""",
    re.VERBOSE | re.IGNORECASE,
)


# --- tags ---

_SAYS = ENGLISH.speech.verb
_REPORTS = alternatives(ENGLISH.speech.reporting)
_SMALL = r"(?!(?:for|of|on|in|at|to|from|by|with|about|and|or|that|he|she|they|it|who|whose|after|as|said)\b)"
_ROLE = rf"(?:of\s+(?:state|staff|defense|defence)\s+|{_SMALL}[\w’'.-]+\s+){{0,7}}?"
"""What may stand between "said" and a name: "the county engineer", "FBI Director"."""
_GOES_ON = (
    "in on at during after before when who whose as to of told while last this with from via by outside because and "
    "monday tuesday wednesday thursday friday saturday sunday yesterday today"
).replace(" ", "|")
_NAME_ENDS = rf"(?=\s*(?:[,.;:()“\"—–]|$)|\s+(?i:{_GOES_ON})\b)"
_HAS = (
    r"(?:\s+(?i:\w+ly|also|then|later|once|recently|previously|repeatedly|long|even|has|had|have|went\s+on\s+to|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day))*"
)
_APPOSITION = r"(?:\s*\([^()\n]{1,40}\))?(?:,\s+(?=[a-z\d])[^.\n“”\"]{1,140}?,)?"
_WHERE = r"[^.!?\n“”\"]{0,90}"
_AFTER_MARK = r"^[,.]?[\"”’“]?\s*,?\s*"
TAGS_AFTER = (
    re.compile(rf"{_AFTER_MARK}(?:{_SAYS})\s+{_ROLE}{NAMED}{_NAME_ENDS}"),
    re.compile(rf"{_AFTER_MARK}{_ROLE}{NAMED}{_APPOSITION}{_HAS}\s+(?:{_SAYS})\b"),
    re.compile(rf"{_AFTER_MARK}(?i:according\s+to)\s+{_ROLE}{NAMED}{_NAME_ENDS}"),
    re.compile(rf"^[\"”’]?\s*[—–―-]{{1,2}}\s*{NAMED}{_NAME_ENDS}"),
)
_TAGS_AFTER_STOP = (TAGS_AFTER[0], *TAGS_AFTER[2:])
_OF_HIS = (
    r"(?:\s*\([^()\n]{1,40}\)|['’]s?\s+(?:statement|tweet|post|letter|e-?mail|message|answer|reply|response|words))?"
)
_TAGS_BEFORE_CLAUSE = (
    re.compile(rf"[\"”]\s*(?:{_SAYS})\s+{_ROLE}{NAMED}{_NAME_ENDS}{_WHERE}[.,]?\s*$"),
    re.compile(rf"[\"”]\s*{_ROLE}{NAMED}{_APPOSITION}{_HAS}\s+(?:{_SAYS})\b{_WHERE}[.,]?\s*$"),
    re.compile(rf"(?i:according\s+to)\s+{_ROLE}{NAMED}{_NAME_ENDS}{_WHERE},\s*$"),
    re.compile(rf"(?:^|[.!?][\"”]?\s+){NAMED}{_OF_HIS}\s*:\s*$"),
    re.compile(rf"(?i:\bas)\s+{_ROLE}{NAMED}\s+(?i:puts?\s+it),?\s*$"),
    re.compile(rf"(?i:\bin\s+the\s+words\s+of)\s+{_ROLE}{NAMED},?\s*$"),
)
TAGS_BEFORE = (
    re.compile(rf"{NAMED}{_APPOSITION}{_HAS}\s+(?:{_SAYS})\b{_WHERE}[:,]?\s*$"),
    *_TAGS_BEFORE_CLAUSE,
)
_INTRODUCES = re.compile(r"[:,]\s*$")
_SENTENCE_BEGINS = re.compile(r"(?<=[a-z\d”\"][.!?])\s+|[“”\"]")
_PRONOUN_AFTER = re.compile(
    rf"{_AFTER_MARK}(?:(?P<pronoun>[Hh]e|[Ss]he){_HAS}\s+(?:{_SAYS})\b|(?:{_SAYS})\s+(?:he|she)\b)"
)
_VERB = re.compile(
    rf"(?<!\bthe\s)(?<!\ba\s)(?<!\ban\s)(?<!\bhis\s)(?<!\bher\s)(?<!\btheir\s)(?<!\bits\s)(?<![’']s\s)"
    rf"\b(?:{_SAYS}|{_REPORTS})\b"
)
_SUBJECT = re.compile(
    rf"(?:\b(?P<pronoun>[Hh]e|[Ss]he)|{NAMED}{_APPOSITION}(?:,?\s+who\b)?|(?<=,\s)(?P<apposed>{NAME}),){_HAS}\s+"
    rf"(?P<verb>{_SAYS}|{_REPORTS})\b"
)
_FIRST_SUBJECT = re.compile(
    rf"\s*(?:But\s+|And\s+)?(?:(?P<pronoun>He|She)|{NAMED}{_APPOSITION}){_HAS}\s+"
    r"(?:[a-z]+ed|was|is|had|has|took|went|did|does|made|spoke|gave|put|met|sent|began|left|stood|held)\b"
)
"""Who does something at the beginning of a sentence and then speaks: "Name laughed and said"."""
_GOES_ON_FROM = re.compile(r"\b(?:and|but|or|to|by|in|then)\s+(?:(?:\w+ly|also|later|even|has|have|had|was)\s+)*$")
"""What joins a verb to the one before it, whose subject it has."""
_BEGINS_CLAUSE = re.compile(r"(?:^\s*|[,;]\s+(?:(?:and|but)\s+)?)$")
"""Where "he" is whoever spoke before; inside a clause ("Name said he thinks") it may be anybody whom that names."""
_BELONGS_TO = re.compile(
    r"\b(?:of|for|to|in|from|with|by|at|on|near|against|like|than)\s+(?:(?:the|his|her|their|late|former)\s+)*$"
    r"|\b[A-Z][\w’'-]+,?\s+(?:and|or)\s+$"
)
"""What makes a name part of somebody else's description, or one of several."""
_SECOND_HAND = re.compile(r"\b(?:of|as|for)\s+(?:saying|claiming|telling|writing|tweeting|asking)\b")
_REPORTED_AFTER = (
    re.compile(rf"^[^.!?\n]{{0,160}}?,[\"”]?\s+{_ROLE}{NAMED}{_APPOSITION}{_HAS}\s+(?:{_SAYS})\b"),
    re.compile(rf"^[^.!?\n]{{0,160}}?,[\"”]?\s+(?:{_SAYS})\s+{_ROLE}{NAMED}{_NAME_ENDS}"),
    re.compile(rf"^[^.!?\n]{{0,160}}?,?\s+(?i:according\s+to)\s+{_ROLE}{NAMED}{_NAME_ENDS}"),
)
_REPORTED_BEFORE = (re.compile(rf"(?i:according\s+to)\s+{_ROLE}{NAMED}{_NAME_ENDS}{_WHERE},\s"),)
_BEGINS = r"(?:^|\n|[.!?]\s+|”,?\s*)"
"""Where a sentence begins, or where the narrator takes over after a quotation, of which the closing mark is left."""
_NAMED_SUBJECT = re.compile(
    rf"{_BEGINS}(?:(?:{_SAYS})\s+{_ROLE}(?P<after>{NAME}){_NAME_ENDS}"
    rf"|(?:(?:On|In|At|But|And|During|After)\b[^,.\n]{{0,50}},?\s+)?{_ROLE}{NAMED}{_APPOSITION}{_HAS}\s+"
    rf"(?P<verb>{_SAYS}|{_REPORTS})\b)"
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


_LONGEST_QUOTATION = 6_000
"""Code points before some words in which the quotation opens that they stand in."""
_CLOSES = {"“": '”"', "„": "“”", "«": "»", "»": "«", "「": "」", "『": "』"}
"""By the mark that opens a quotation, those that close it."""


def _opening(text: str, position: int) -> int | None:
    """Where the quotation opens that `position` stands in, None where it stands in none.

    A quotation in curly marks may run over several paragraphs, each but the last without its closing mark.
    """
    first = max(0, position - _LONGEST_QUOTATION)
    opened = max(text.rfind(mark, first, position + 1) for mark in _CLOSES)
    if opened >= 0 and _opens(text, first, opened):
        between = text[opened + 1 : position]
        if not any(mark in between for mark in _CLOSES[text[opened]]):
            return opened
    paragraph = max(first, text.rfind("\n", first, position) + 1)
    return text.rfind('"', paragraph, position) if text.count('"', paragraph, position) % 2 else None


def _opens(text: str, first: int, place: int) -> bool:
    """Whether the mark at a place opens a quotation: “this” and „not that“, « this » and »not that«."""
    if text[place] == "“":
        return text.rfind("„", first, place) <= max(text.rfind(mark, first, place) for mark in "“”")
    if text[place] in "«»":
        before, after = text[max(0, place - 1) : place], text[place + 1 : place + 2]
        return not before.strip(" \n\u00a0\u202f(") and (text[place] == "«" or after.isalnum())
    return True


def _closing(text: str, opened: int, position: int, end: int) -> int:
    """Where the quotation that has opened and goes on at `position` closes, at the latest at `end`."""
    marks = _CLOSES.get(text[opened], '"')
    return min((place for mark in marks if (place := text.find(mark, position, end)) >= 0), default=end)
