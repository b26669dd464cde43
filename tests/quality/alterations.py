"""Ways to change what a sentence says, each by one small edit that knows both wordings. A way that finds nothing to
change in a sentence gives None.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from knowledge import FindingKind
from tests.quality import vocabulary
from tests.quality.lines import FULL_NAME, INITIALS, LONE_NAME, Line, Lines
from tests.quality.vocabulary import FUNCTION_WORDS, MONTHS, ORDINALS, SAYING, SCALES, SMALL_NUMBERS, TENS, WEEKDAYS


@dataclass(frozen=True, slots=True)
class Edit:
    """A changed text and both wordings of what was changed. `also` are findings that are as right as the expected."""

    text: str
    claimed: str
    source: str
    also: frozenset[FindingKind] = frozenset()


Way = Callable[[Line, random.Random], Edit | None]
Other = Callable[[re.Match[str], random.Random], str | None]
"""What may stand for what a pattern found."""


def replaced(text: str, match: re.Match[str], new: str, also: frozenset[FindingKind] = frozenset()) -> Edit:
    """The edit that puts other words where a pattern matched."""
    return Edit(f"{text[: match.start()]}{new}{text[match.end() :]}", new.strip(), match[0].strip(), also)


def swapping(pattern: str, other: Other, also: frozenset[FindingKind] = frozenset()) -> Way:
    """The way that swaps one of the places where a pattern matches."""
    compiled = re.compile(pattern)

    def way(line: Line, rng: random.Random) -> Edit | None:
        places = list(compiled.finditer(line.text))
        rng.shuffle(places)
        swapped = ((place, other(place, rng)) for place in places)
        return next((replaced(line.text, place, new, also) for place, new in swapped if new is not None), None)

    return way


def any_of(words: str) -> Other:
    """Any one of some words divided by "|"."""
    return lambda match, rng: rng.choice(words.split("|"))


def like_case(word: str, new: str) -> str:
    """A word with a capital where another has one."""
    return new[:1].upper() + new[1:] if word[:1].isupper() else new


# --- numbers ---


def _other_digit(match: re.Match[str], rng: random.Random) -> str:
    """The same number with one digit other than it was."""
    number = match[0]
    places = [place for place, character in enumerate(number) if character.isdecimal()]
    place = rng.choice(places)
    fewest = 1 if place == places[0] else 0  # no number begins with a zero
    new = rng.choice([digit for digit in range(fewest, 10) if digit != int(number[place])])
    return f"{number[:place]}{new}{number[place + 1 :]}"


def _other_of(*words: str) -> Other:
    """Another of the words that the matched one is of."""

    def other(match: re.Match[str], rng: random.Random) -> str:
        return like_case(match[0], rng.choice([word for word in words if word != match[0].lower()]))

    return other


def _other_ordinal(match: re.Match[str], rng: random.Random) -> str:
    new = rng.choice([number for number in range(1, 31) if number != int(match[1])])
    return f"{new}{'th' if 10 < new < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(new % 10, 'th')}"


def _other_year(match: re.Match[str], rng: random.Random) -> str:
    return str(int(match[0]) + rng.choice((-10, -4, -3, -2, -1, 1, 2, 3, 4)))


_COUNTS = (*SMALL_NUMBERS[2:], *TENS[2:])
_SCALED = "|".join(f"{scale}s" for scale in SCALES[1:])
_THINGS = r"(?: ?(?:%|percent\b|per cent\b))"
_ONCE = r"(?<![\w.,$£€/:#–—-])"
NUMBER: Mapping[str, Way] = {
    "digits": swapping(rf"{_ONCE}\d{{1,3}}(?![\w/:–—-]|[.,]\d|{_THINGS}| (?:{'|'.join(SCALES)})|[’'])", _other_digit),
    "spelled": swapping(rf"(?<![\w-])(?:{'|'.join(_COUNTS)})(?![\w’'-])", _other_of(*_COUNTS)),
    "spelled before a hyphen": swapping(rf"(?<![\w-])(?:{'|'.join(_COUNTS)})(?=-[a-z]{{3,}})", _other_of(*_COUNTS)),
    "percent": swapping(rf"{_ONCE}\d+(?:\.\d+)?(?={_THINGS})", _other_digit),
    "decimal": swapping(rf"{_ONCE}\d+\.\d+(?![\w/:-]|[.,]\d|{_THINGS})", _other_digit),
    "thousands": swapping(rf"{_ONCE}\d{{1,3}}(?:,\d{{3}})+(?![\w/:-]|[.,]\d)", _other_digit),
    "money": swapping(r"(?<!\w)[$£€]\d+(?:,\d{3})*(?:\.\d+)?(?![\w/:-]|[.,]\d)", _other_digit),
    "scale": swapping(r"(?<=\d )(?:million|billion|trillion)\b", _other_of("million", "billion", "trillion")),
    "scale in the plural": swapping(rf"\b(?:{_SCALED})(?= of\b)", _other_of(*_SCALED.split("|"))),
    "ordinal": swapping(
        rf"(?<=\b(?:the|his|her|its|our) )(?:{'|'.join(ORDINALS[1:9])})(?= [a-z])", _other_of(*ORDINALS[3:9])
    ),
    "ordinal in digits": swapping(r"(?<![\w-])(\d{1,2})(?:st|nd|rd|th)\b", _other_ordinal),
    "year": swapping(r"(?<![\w.,$/:–—-])(?:19|20)\d\d(?![\w/:–—-]|[.,]\d|[’'])", _other_year),
    "fraction": swapping(
        r"\b(?:two-thirds|one-third|three-quarters|one-quarter|one-fifth)(?= of\b)",
        _other_of("two-thirds", "one-third", "three-quarters", "one-quarter", "one-fifth"),
    ),
}

# --- negations ---

_BE = "is|are|was|were|will|would|can|could|should|must"
_MAIN = r"(?<=[a-z,] )(?<!\bthe )(?<!\bhis )(?<!\bher )(?<!\bfree )(?<!\bas )(?<!\bthan )"
_STILL = r"(?! (?:not|never|no|nothing|none|nobody|neither|nor|only|just|hardly|barely|without|also|to)\b|n[’']t)"
_DONE = r"(?= (?:been|made|done|said|taken|gone|seen|come|become|given|won|lost|[a-z]{3,}ed) )"
_CONTRACTED = {"will": "wo", "can": "ca", "must": "must"}
_OR = frozenset({FindingKind.ANTONYM})


def _with_nt(match: re.Match[str], rng: random.Random) -> str:
    return f"{_CONTRACTED.get(match[0], match[0])}n{rng.choice(('’', chr(39)))}t"


def _without_nt(match: re.Match[str], rng: random.Random) -> str:
    return {"wo": "will", "Wo": "Will"}.get(match[1], match[1])


NEGATION: Mapping[str, Way] = {
    "not, one more": swapping(rf"{_MAIN}\b(?:{_BE})\b{_STILL}(?= [a-z]+ )", lambda match, rng: f"{match[0]} not"),
    "n't, one more": swapping(rf"{_MAIN}\b(?:{_BE})\b{_STILL}(?= [a-z]+ )", _with_nt),
    "not, one less": swapping(
        rf"\b({_BE}|may|might|do|does|did|has|have|had) not\b"
        r"(?! (?:only|just|merely|simply|even|to mention|necessarily))",
        lambda match, rng: match[1],
    ),
    "not before to, one less": swapping(r"(?<=[a-z]{3} )not to(?= [a-z])(?! mention)", lambda match, rng: "to"),
    "n't, one less": swapping(
        r"\b(is|are|was|were|wo|would|could|should|do|does|did|has|have|had|Do|Is|Are)n[’']t\b(?! (?:only|just|even))",
        _without_nt,
    ),
    "cannot": swapping(r"\b(?:cannot|can not|can[’']t)\b(?! (?:only|just|even))", lambda match, rng: "can"),
    "never, one more": swapping(rf"\b(?:have|has|had)\b{_DONE}", lambda match, rng: f"{match[0]} never"),
    "never, one less": swapping(r"(?<=[a-z] )never (?=[a-z])", lambda match, rng: ""),
    "no, one less": swapping(
        r"(?<=(?:is|as|ve) )no (?=[a-z])(?!(?:longer|one|more|matter|doubt|less|better|different|fewer|worse)\b)",
        lambda match, rng: "",
    ),
    "without": swapping(r"(?<=[a-z] )without(?= [a-z])", lambda match, rng: "with", _OR),
    "nobody": swapping(r"(?<=[a-z] )(?:nobody|no one)(?= [a-z])", any_of("everybody|everyone|somebody"), _OR),
    "nothing": swapping(r"(?<=[a-z] )nothing(?= [a-z])(?! but)", any_of("everything|something"), _OR),
    "none": swapping(r"(?<=[a-z,] )none(?= of\b)", any_of("all|some|most"), _OR),
}

# --- names ---

_SPEAKER = frozenset({FindingKind.SPEAKER})
_TAG = rf"\b(?:{'|'.join(sorted(SAYING))})\b"


def _naming(pattern: re.Pattern[str], lines: Lines) -> Way:
    """The way that puts a name of other articles for one of this."""

    def way(line: Line, rng: random.Random) -> Edit | None:
        places = [match for match in pattern.finditer(line.text) if lines.names.is_name(match["name"])]
        rng.shuffle(places)
        for place in places:
            name = lines.names.other(place, line.article.text, rng)
            if name is not None:
                return _renamed(line.text, place, name)
        return None

    return way


def _renamed(text: str, place: re.Match[str], name: str) -> Edit:
    """The edit that changes a name; beside a word of saying it is the speaker as well."""
    start, end = place.span("name")
    near = text[max(0, start - 20) : end + 20]
    also = _SPEAKER if re.search(_TAG, near) else frozenset()
    return Edit(f"{text[:start]}{name}{text[end:]}", name, place["name"], also)


def naming(lines: Lines) -> Mapping[str, Way]:
    """The ways that change names, with names from some lines."""
    return {
        "one word": _naming(LONE_NAME, lines),
        "full name": _naming(FULL_NAME, lines),
        "initials": _naming(INITIALS, lines),
        "weekday": swapping(rf"(?<=[a-z,] )(?:{'|'.join(WEEKDAYS)})\b", _other_name(WEEKDAYS)),
        "month": swapping(
            rf"(?<=[a-z,] )(?:{'|'.join(MONTHS)})(?= \d)|(?<=\b(?:in|of) )(?:{'|'.join(MONTHS)})\b", _other_name(MONTHS)
        ),
    }


def _other_name(names: list[str]) -> Other:
    return lambda match, rng: rng.choice([name for name in names if name != match[0]])


# --- words of content ---

_LOWER = r"(?<![\w’'.-])[a-z]{3,}(?![\w’'-])"


def _opposite(pairs: str, also: frozenset[FindingKind] = frozenset()) -> Way:
    opposites = vocabulary.opposites(pairs)

    def other(match: re.Match[str], rng: random.Random) -> str | None:
        return rng.choice(opposites[match[0]]) if match[0] in opposites else None

    return swapping(_LOWER, other, also)


ANTONYM: Mapping[str, Way] = {
    "opposite": _opposite(f"{vocabulary.ANTONYMS} {vocabulary.ONE_WAY}"),
    "with a negation in it": _opposite(vocabulary.NEGATING, frozenset({FindingKind.NEGATION})),
}

KEPT_APART: Mapping[str, Way] = {"opposite": _opposite(vocabulary.KEPT_APART)}


def _other_noun(match: re.Match[str], rng: random.Random) -> str | None:
    nouns = [f"{noun}s" for noun in vocabulary.NOUNS] if match[0].endswith("s") else vocabulary.NOUNS
    return _unlike(match[0], nouns, rng)


def _other_verb(match: re.Match[str], rng: random.Random) -> str | None:
    return _unlike(match[0], vocabulary.VERBS, rng)


def _unlike(word: str, others: Sequence[str], rng: random.Random) -> str | None:
    """One of some words that is no slip of the pen for another; None for words that say little or count."""
    if word in FUNCTION_WORDS or word in SAYING or word.rstrip("s") in _COUNTING:
        return None
    return rng.choice([other for other in others if fuzz.ratio(word, other) < 50])


_COUNTING = {*SMALL_NUMBERS, *TENS, *ORDINALS, *SCALES}
_NOUN = r"(?<=\b(?:the|his) )[a-z]{5,}(?= (?:of|in|that|and|to|for|on|is|was|are|were|by|with|at|from)\b|[,.])"
_SWAP_ALSO = frozenset({FindingKind.ANTONYM, FindingKind.NAME})
WORDING: Mapping[str, Way] = {
    "noun": swapping(_NOUN, _other_noun, _SWAP_ALSO),
    "verb": swapping(
        r"(?<=[a-z] )(?<=(?:as|en|re|ve|ad) )(?!failed|refused|denied|declined)[a-z]{4,}ed(?= [a-z])",
        _other_verb,
        _SWAP_ALSO,
    ),
    "verb that denies": swapping(
        r"(?<=[a-z] )(?:failed|refused|denied|declined)(?= [a-z])",
        _other_verb,
        _SWAP_ALSO | {FindingKind.NEGATION},
    ),
}

# --- words more and words less ---

_CONTENT = re.compile(r"[a-z]{5,}$")
_FINDING = frozenset("found find finds shows showed show".split())
_FILLERS = frozenset("instance example course basically actually".split())
_DENIES = re.compile(r"\b(?:not|no|never|without|none|nothing|nobody|neither|nor|cannot|hardly|but)\b|n[’']t")


FEWEST_KEPT = 8
"""Words that a sentence has after one of its clauses was left out: what somebody might quote."""


def says_something(words: str) -> bool:
    """Whether some words hold one of content, deny nothing and are no reporter's tag."""
    inside = re.findall(r"[\w’'-]+", words)
    if _DENIES.search(words) or (SAYING | _FINDING) & set(inside):
        return False
    return any(_CONTENT.match(word) and word not in FUNCTION_WORDS and word not in _FILLERS for word in inside)


def _dropped(pattern: str) -> Way:
    """The way that leaves out a clause between commas, and keeps four words at either end."""
    compiled = re.compile(pattern)

    def way(line: Line, rng: random.Random) -> Edit | None:
        for match in compiled.finditer(line.text):
            before, after = line.text[: match.start()], line.text[match.end() :]
            kept = sorted((len(before.split()), len(after.split())))
            if kept[0] >= 4 and sum(kept) >= FEWEST_KEPT and says_something(match[0]):
                return Edit(f"{before}{after}", "", match[0].strip(" ,"))
        return None

    return way


def _words_dropped(line: Line, rng: random.Random) -> Edit | None:
    """Three to six words less in the middle, none of which names or counts."""
    words = line.text.split()
    length = rng.randint(3, 6)
    if len(words) < length + 8:
        return None
    first = rng.randint(4, len(words) - length - 4)
    gone = words[first : first + length]
    if not all(re.fullmatch(r"[a-z’'-]+,?", word) for word in gone) or not says_something(" ".join(gone)):
        return None
    if _COUNTING & set(gone):
        return None
    return Edit(" ".join([*words[:first], *words[first + length :]]), "", " ".join(gone))


_INSIDE = r"[^,;:()—–.]"
OMITTED: Mapping[str, Way] = {
    "clause between commas": _dropped(rf", (?!and |or |but |who |which |where |whose ){_INSIDE}{{15,90}},(?= [a-z])"),
    "relative clause": _dropped(rf", (?:who|which|where|whose) {_INSIDE}{{10,90}},(?= [a-z])"),
    "words in a row": _words_dropped,
}


def _put_in(pattern: str, words: list[str]) -> Way:
    """The way that puts words in where a pattern matches."""
    compiled = re.compile(pattern)

    def way(line: Line, rng: random.Random) -> Edit | None:
        places = list(compiled.finditer(line.text))
        if not places:
            return None
        place, new = rng.choice(places), rng.choice(words)
        return Edit(f"{line.text[: place.end()]} {new}{line.text[place.end() :]}", new, "")

    return way


def _marked(way: Way) -> Way:
    """A way whose claims stand between quote marks, so that their last words are sure to be quoted."""

    def marked(line: Line, rng: random.Random) -> Edit | None:
        edit = way(line, rng)
        return edit and replace(edit, text=f"“{edit.text}”")

    return marked


_PHRASES = [" ".join(phrase.split()) for phrase in vocabulary.PHRASES.split("|")]
ADDED: Mapping[str, Way] = {
    "adjective": _put_in(r"(?<=[a-z,] )(?:the|their|his|her|our|its)(?= [a-z]{4,}\b)", vocabulary.ADJECTIVES),
    "phrase at a pause": _put_in(r"(?<=[a-z] )[a-z]{4,}(?=, [a-z]+ [a-z])", _PHRASES),
    "phrase at a preposition": _put_in(r"(?<=\bthe )[a-z]{5,}(?= (?:in|on|for|at|from|after) )", _PHRASES),
    "phrase at the end": _marked(_put_in(r"(?<=[a-z] )[a-z]{3,}(?=\.$)", _PHRASES)),
}
