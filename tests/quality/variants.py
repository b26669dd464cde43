"""Ways to write the same sentence otherwise, which no check may take for a change. A way that finds nothing to write
otherwise gives None.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence

from tests.quality.alterations import Edit, Way, like_case, swapping
from tests.quality.lines import INTERRUPTED, Line
from tests.quality.vocabulary import MONTHS, ORDINALS, SMALL_NUMBERS, SPELLINGS, TENS, TITLES, in_words, opposites

CURLY = "’"
STRAIGHT = "'"


def _rewriting(pattern: str, new: str | Callable[[re.Match[str]], str]) -> Way:
    """The way that writes every place where a pattern matches otherwise."""
    compiled = re.compile(pattern)

    def way(line: Line, rng: random.Random) -> Edit | None:
        text = compiled.sub(new, line.text)
        return Edit(text, "", "") if text != line.text else None

    return way


def _as_one(change: Callable[[str], str]) -> Way:
    """The way that writes the whole sentence otherwise."""

    def way(line: Line, rng: random.Random) -> Edit | None:
        text = change(line.text)
        return Edit(text, "", "") if text != line.text else None

    return way


CLEAN: Mapping[str, Way] = {
    "bare": lambda line, rng: Edit(line.text, "", ""),
    "straight marks": lambda line, rng: Edit(f'"{line.text}"', "", ""),
    "curly marks": lambda line, rng: Edit(f"“{line.text}”", "", ""),
    "as quoted in a message": lambda line, rng: Edit(f"> {line.text}", "", ""),
}
CASE: Mapping[str, Way] = {
    "upper": _as_one(str.upper),
    "lower": _as_one(str.lower),
    "title": _as_one(lambda text: " ".join(word[:1].upper() + word[1:] for word in text.split(" "))),
}

# --- marks ---

_DASH = r" ?(?:—|–|--) ?(?=[a-z])| - (?=[a-z])"
PUNCTUATION: Mapping[str, Way] = {
    "none": _rewriting(r"(?<=[^\W\d])[,;:.!?]+(?=\s|$)", ""),
    "no commas": _rewriting(r",(?= [^\d])", ""),
    "an end other than it was": _rewriting(r"[.!]$", "!!"),
    "long dashes": _rewriting(_DASH, "—"),
    "short dashes": _rewriting(_DASH, " – "),
    "two hyphens": _rewriting(_DASH, " -- "),
    "dash for comma": _rewriting(r",(?= (?:but|and|which|who)\b)", " —"),
    "semicolon for comma": _rewriting(r"(?<=[a-z]),(?= (?:but|and|so) )", ";"),
    "comma for semicolon": _rewriting(r"(?<=[a-z]);(?= [a-z])", ","),
    "full stop for semicolon": _rewriting(r"(?<=[a-z]); ([a-z])", lambda match: f". {match[1].upper()}"),
    "initials without dots": _rewriting(r"\b([A-Z])\.([A-Z])\.", r"\1\2"),
    "initials with dots": _rewriting(r"(?<=the )U(?:S|K)(?= [a-z])", lambda match: ".".join(match[0]) + "."),
    "words without hyphens": _rewriting(r"(?<=\b[a-z]{4})-(?=[a-z]{4,}\b)", " "),
}
APOSTROPHES: Mapping[str, Way] = {
    "curly": _rewriting(r"(?<=\w)'(?=\w)", CURLY),
    "straight": _rewriting(r"(?<=\w)’(?=\w)", STRAIGHT),
    "letter": _rewriting(r"(?<=\w)['’](?=\w)", "ʼ"),
    "acute": _rewriting(r"(?<=\w)['’](?=\w)", "´"),
    "after an s": _rewriting(r"(?<=[a-z]s)['’](?= [a-z])", CURLY),
    "an s more": _rewriting(r"\b([A-Z][a-z]+s['’])(?= [a-z])", r"\1s"),
    "none in n't": _rewriting(r"(?<=\b(?:do|is))n['’]t\b|(?<=\b(?:did|was|has))n['’]t\b|(?<=\bdoes)n['’]t\b", "nt"),
}
AMPERSAND: Mapping[str, Way] = {
    "sign": _rewriting(r"(?<=[a-z]) and (?=[a-z])", " & "),
    "word": _rewriting(r"(?<=[A-Za-z]) & (?=[A-Za-z])", " and "),
}
PARENTHESES: Mapping[str, Way] = {
    "left out": _rewriting(r"(?<=\w) \((?!not\b|but\b|[mb]illion)[^()]{3,60}\)(?=[ ,.])", "")
}

# --- contractions ---

_MARK = r"['’]"
_NEGATED = "is|are|was|were|do|does|did|has|have|had|would|could|should|must|need"
_BEFORE_IS = r"(?= (?:an?|the|not|no|very|so|going|something|nothing|why|what|how|where|because|about|[a-z]{2,}ing)\b)"
_PRONOUN = "I|[Ww]e|[Yy]ou|[Tt]hey"
_ALSO_IT = f"{_PRONOUN}|[Hh]e|[Ss]he|[Ii]t"
_THING = "[Ii]t|[Tt]hat|[Tt]here|[Hh]e|[Ss]he|[Ww]hat|[Ww]ho"
_BEEN = r"(?= (?:been|got|made|done|seen|had|become|gone|taken|[a-z]{3,}ed)\b)"
_GOES_ON = r"(?= [a-z]+)"
LONG_FORMS: Mapping[str, Way] = {
    "not": _rewriting(rf"\b(?i:({_NEGATED}))n{_MARK}t\b", r"\1 not"),
    "will not": _rewriting(rf"\bwon{_MARK}t\b", "will not"),
    "cannot": _rewriting(rf"\bcan{_MARK}t\b", "cannot"),
    "am": _rewriting(rf"\bI{_MARK}m\b", "I am"),
    "are": _rewriting(rf"\b({_PRONOUN}){_MARK}re\b", r"\1 are"),
    "have": _rewriting(rf"\b({_PRONOUN}|[a-z]{{4,5}}){_MARK}ve\b", r"\1 have"),
    "will": _rewriting(rf"\b({_ALSO_IT}|[Tt]here|[Tt]hat){_MARK}ll\b", r"\1 will"),
    "is": _rewriting(rf"\b({_THING}){_MARK}s\b{_BEFORE_IS}", r"\1 is"),
    "has": _rewriting(rf"\b({_THING}){_MARK}s\b(?= (?:been|got|become)\b)", r"\1 has"),
    "would": _rewriting(
        rf"\b({_ALSO_IT}){_MARK}d\b(?= (?:like|love|say|rather|be|have|go|do|want|see|get)\b)", r"\1 would"
    ),
    "had": _rewriting(rf"\b({_ALSO_IT}){_MARK}d\b(?= (?:been|better|gone|done|seen|had|never been)\b)", r"\1 had"),
    "us": _rewriting(rf"\b([Ll])et{_MARK}s\b", r"\1et us"),
}


def _shortened(pattern: str, short: str) -> Way:
    """The way that contracts, with a straight or a curly mark."""

    def way(line: Line, rng: random.Random) -> Edit | None:
        text = re.sub(pattern, short.replace(STRAIGHT, rng.choice((CURLY, STRAIGHT))), line.text)
        return Edit(text, "", "") if text != line.text else None

    return way


SHORT_FORMS: Mapping[str, Way] = {
    "n't": _shortened(rf"\b({_NEGATED}) not\b", r"\1n't"),
    "won't": _shortened(r"\bwill not\b", "won't"),
    "can't": _shortened(r"\b(?:cannot|can not)\b", "can't"),
    "'m": _shortened(rf"\bI am\b{_GOES_ON}", "I'm"),
    "'re": _shortened(rf"\b({_PRONOUN}) are\b{_GOES_ON}", r"\1're"),
    "'ve": _shortened(rf"\b({_PRONOUN}) have\b{_BEEN}", r"\1've"),
    "'ll": _shortened(rf"\b({_ALSO_IT}) will\b{_GOES_ON}", r"\1'll"),
    "'s for is": _shortened(rf"\b({_THING}) is\b{_BEFORE_IS}", r"\1's"),
    "'s for has": _shortened(rf"\b([Ii]t|[Hh]e|[Ss]he|[Tt]here) has\b{_BEEN}", r"\1's"),
    "'d for would": _shortened(rf"\b({_ALSO_IT}) would\b(?= (?:be|have|like|go|do|never|not|[a-z]{{4}}) )", r"\1'd"),
    "'d for had": _shortened(rf"\b({_PRONOUN}|[Hh]e|[Ss]he) had\b(?= been\b)", r"\1'd"),
    "modals with 've": _shortened(rf"\b(would|could|should|might) have\b{_BEEN}", r"\1've"),
}
CONTRACTION: Mapping[str, Way] = {**LONG_FORMS, **SHORT_FORMS}

# --- numbers ---

_ONCE = r"(?<![\w.,$£€/:#–—-])"
_NOT_DATE = "".join(rf"(?<!{month} )(?<!{month[:3]}\. )" for month in MONTHS)
_THINGS = r"(?= [a-z]{3,})(?! (?:million|billion|trillion|thousand|hundred|percent|per cent|p\.?m|a\.?m)\b)"


def _spelled_out(match: re.Match[str], rng: random.Random) -> str | None:
    return in_words(int(match[0])) if match[0] != "0" else None


def _in_digits(match: re.Match[str], rng: random.Random) -> str:
    word = match[0].lower()
    tens, _, ones = word.partition("-")
    if tens in TENS[2:]:
        return str(10 * TENS.index(tens) + (SMALL_NUMBERS.index(ones) if ones else 0))
    return str(SMALL_NUMBERS.index(word))


def _with_zeros(match: re.Match[str], rng: random.Random) -> str | None:
    zeros = {"million": 6, "billion": 9}[match["scale"]]
    whole, _, part = match["number"].partition(".")
    digits = f"{whole}{part:0<{zeros}}"
    return f"{int(digits):,}" if len(part) <= zeros else None


def _with_scale(match: re.Match[str], rng: random.Random) -> str | None:
    number = match[0].replace(",", "")
    thousands, rest = divmod(int(number), 1_000)
    return None if rest else f"{thousands / 1_000:g} million"


def _as_text(number: int) -> str:
    """A whole number of thousands as it is spelled."""
    hundreds, rest = divmod(number, 100)
    said = [f"{in_words(hundreds)} hundred"] if hundreds else []
    return f"{' '.join([*said, *([in_words(rest)] if rest else [])])} thousand"


_SPELLED = "|".join((*SMALL_NUMBERS[2:], *(f"{tens}(?:-(?:{'|'.join(SMALL_NUMBERS[1:10])}))?" for tens in TENS[2:])))
_SCALED = r"(?P<number>\d{1,3}(?:\.\d{1,2})?) (?P<scale>million|billion)\b"
SPELLED_NUMBERS: Mapping[str, Way] = {
    "words for digits": swapping(rf"{_ONCE}{_NOT_DATE}\d{{1,2}}{_THINGS}", _spelled_out),
    "digits for words": swapping(
        rf"(?<![\w-])(?i:{_SPELLED})(?![\w’'-])(?! (?:hundred|thousand|million|billion))", _in_digits
    ),
    "one": swapping(
        r"(?<![\w-])one(?= (?:hundred|million|billion|percent|year|month|week|day|person)\b)", lambda match, rng: "1"
    ),
    "zeros for a scale": swapping(rf"(?<![\w.,-]){_SCALED}(?!-)", _with_zeros),
    "scale for zeros": swapping(r"(?<![\w.,-])\d{1,3},\d{3},\d{3}(?![\w,.-]\d)", _with_scale),
    "bn": swapping(r"(?<![\w.,-])(\d{1,3}(?:\.\d{1,2})?) billion\b(?!-)", lambda match, rng: f"{match[1]}bn"),
    "no comma": swapping(r"(?<![\w.,-])\d{1,3}(?:,\d{3})+(?![\w-])", lambda match, rng: match[0].replace(",", "")),
    "thousands spelled": swapping(
        r"(?<![\w.,$£€-])(\d{1,3}),000(?![\w,-])", lambda match, rng: _as_text(int(match[1]))
    ),
    "ordinal in digits": swapping(
        rf"(?<=\b(?:the|his|her|its|our) )(?:{'|'.join(ORDINALS[1:])})(?= [a-z])(?!\w+ (?:of|lady)\b)",
        lambda match, rng: f"{(n := ORDINALS.index(match[0]))}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(n, 'th') }",
    ),
    "ordinal in words": swapping(r"(?<=[a-z] )([4-9]|1[0-2])th(?= [a-z])", lambda match, rng: ORDINALS[int(match[1])]),
    "money in words": swapping(
        r"\$(\d+(?:\.\d+)?(?: (?:million|billion|trillion))?)(?=[ ,.](?:[a-z]|$))"
        r"(?! (?:million|billion|trillion|an?|per)\b)",
        lambda match, rng: f"{match[1]} dollars",
    ),
}
SCALE_LETTERS: Mapping[str, Way] = {
    "one letter": swapping(
        rf"(?<![\w.,-]){_SCALED}(?!-)",
        lambda match, rng: f"{match['number']}{rng.choice((match['scale'][0], match['scale'][0].upper()))}",
    )
}
_PERCENT = r"(?<=\d)(?: ?%| percent\b| per cent\b)(?!-)(?![\w])"


def _other_percent(match: re.Match[str], rng: random.Random) -> str:
    return rng.choice([form for form in ("%", " percent", " per cent", " %") if form != match[0]])


PERCENT: Mapping[str, Way] = {
    "other form": swapping(_PERCENT, _other_percent),
    "spelled": swapping(
        r"(?<![\w.,$-])(\d{1,2})(?:%| percent| per cent)(?![\w-])",
        lambda match, rng: f"{in_words(int(match[1]))} {rng.choice(('percent', 'per cent'))}",
    ),
}

# --- spellings and titles ---

_SPELLING = opposites(SPELLINGS)
_AMBIGUOUS = frozenset("check meter meters tire tires program programs learned license practicing dialog".split())


def _other_spelling(match: re.Match[str], rng: random.Random) -> str | None:
    word = match[0].lower()
    is_sure = word in _SPELLING and word not in _AMBIGUOUS
    return like_case(match[0], rng.choice(_SPELLING[word])) if is_sure else None


BRITISH_SPELLING: Mapping[str, Way] = {"one word": swapping(r"(?<![\w’'-])[A-Za-z][a-z]+(?![\w’'-])", _other_spelling)}


def _titling(pairs: Sequence[tuple[str, str]]) -> Way:
    """The way that writes a title before a name otherwise."""
    forms = dict(pairs)
    pattern = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))

    def other(match: re.Match[str], rng: random.Random) -> str:
        return forms[match[0]]

    return swapping(rf"(?<![\w.])(?:{pattern})(?= [A-Z][a-z])", other)


_TITLE_PAIRS = [(short, long) for short, _, long in (pair.partition("/") for pair in TITLES.split())]
_DOTS = [pair for pair in _TITLE_PAIRS if pair[0] == f"{pair[1]}."]
_WORDS = [pair for pair in _TITLE_PAIRS if pair not in _DOTS]
TITLE: Mapping[str, Way] = {
    "long": _titling(_WORDS),
    "short": _titling([(long, short) for short, long in _WORDS]),
    "without a dot": _titling(_DOTS),
    "with a dot": _titling([(long, short) for short, long in _DOTS]),
}

# --- tags ---


def _joined(line: Line, rng: random.Random) -> Edit | None:
    """One quotation of two that a tag divides."""
    match = INTERRUPTED.fullmatch(line.text)
    if match is None:
        return None
    first, second = match["first"], match["second"].rstrip(",")
    begins_anew = match["pause"] == "." or second[0].isupper()
    first = f"{first.rstrip(',')}." if begins_anew and first[-1] not in ".?!" else first
    return Edit(f"{first} {second}", "", "")


def _in_marks(way: Way) -> Way:
    def marked(line: Line, rng: random.Random) -> Edit | None:
        edit = way(line, rng)
        return edit and Edit(f"“{edit.text}”", edit.claimed, edit.source)

    return marked


def _interrupting(line: Line, rng: random.Random) -> Edit | None:
    """One quotation divided by a tag where it pauses."""
    for match in re.finditer(r"(?<=[a-z]),? (?=(?:because|but|and|which|so|when|if|that) )", line.text):
        first, second = line.text[: match.start()], line.text[match.end() :]
        if min(len(first.split()), len(second.split())) >= 5:
            return Edit(f"“{first},” {rng.choice(('he said', 'she said'))}, “{second}”", "", "")
    return None


INTERRUPTED_QUOTE: Mapping[str, Way] = {"joined": _joined, "joined, in marks": _in_marks(_joined)}
TAGGED_QUOTE: Mapping[str, Way] = {"with a tag": _interrupting}
