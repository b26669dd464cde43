"""Real sentences with one word or clause changed, and the same sentences written otherwise, seeded.

`python -m tests.quality.changes [--work DIR] [--each N] [--kind KIND …] [--misses]` prints how they are judged: a
change must be `altered` and of its kind, another way of writing must not be.
"""

import argparse
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge import FactCheck, FactChecker, FindingKind, Verdict
from tests.quality import vocabulary
from tests.quality.corpus import Half, Size, Stored, held, open_library
from tests.quality.noise import quotable

SEED = 20261126
Maker = Callable[[str, random.Random], str | None]
"""A sentence changed, None where it cannot be."""


@dataclass(frozen=True, slots=True)
class Change:
    """A claim made of a sentence. `kinds` are the findings of which one is right; none where nothing changed."""

    name: str
    claim: str
    original: str
    url: str
    kinds: frozenset[FindingKind]


# --- changes of meaning ---

_DIGITS = re.compile(r"(?<![\w.,/:-])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w/:-]|[.,]\d)")
_SPELLED = re.compile(rf"(?<![\w-])({'|'.join(vocabulary.SMALL_NUMBERS[2:])})\b(?![-'’])")
_SCALE = re.compile(r"(?<=\d )(million|billion|trillion)\b")
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|will|would|can|could|should|did|does|has|have)\b(?! not|n['’]t| no\b| never)"
)
_NOT = re.compile(r"(?<=\w) (?:not|never)\b(?! only)|(?<=[a-z])n['’]t\b")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b(?!['’.-])")


def _number(sentence: str, rng: random.Random) -> str | None:
    """One number other than it was: in digits, in words, or its scale."""
    places = [match for pattern in (_DIGITS, _SPELLED, _SCALE) for match in pattern.finditer(sentence)]
    if not places:
        return None
    match = rng.choice(places)
    return _put(sentence, match, _other_number(match[0], rng))


def _other_number(number: str, rng: random.Random) -> str:
    if number in ("million", "billion", "trillion"):
        return rng.choice([scale for scale in ("million", "billion", "trillion") if scale != number])
    if number in vocabulary.SMALL_NUMBERS:
        return rng.choice([word for word in vocabulary.SMALL_NUMBERS[2:] if word != number])
    digits = [place for place, character in enumerate(number) if character.isdecimal()]
    place = digits[0] if rng.random() < 0.5 else rng.choice(digits)
    fewest = 1 if place == 0 else 0
    others = [str(digit) for digit in range(fewest, 10) if str(digit) != number[place]]
    changed = f"{number[:place]}{rng.choice(others)}{number[place + 1 :]}"
    return changed if float(changed.replace(",", "")) != float(number.replace(",", "")) else f"9{number}"


def _negation(sentence: str, rng: random.Random) -> str | None:
    """A "not" or "never" less, or one more."""
    gone = _NOT.search(sentence)
    if gone is not None:
        return sentence[: gone.start()] + sentence[gone.end() :] if "can't" not in sentence else None
    without = re.search(r"\bwithout\b", sentence)
    if without is not None:
        return _put(sentence, without, "with")
    places = list(_AUXILIARY.finditer(sentence))
    if not places:
        return None
    match = rng.choice(places)
    return _put(sentence, match, f"{match[0]} {rng.choice(('not', 'never'))}")


_OTHERS = (
    "Hartwell Okafor Lindqvist Moreau Castellan Delacroix Winterbourne Petrov Yamada Abernathy Quennell Rossiter "
    "Falkner Bulgaria Portland Montreal Nairobi Uruguay Helsinki Zagreb Memphis"
).split()


def _name(sentence: str, rng: random.Random) -> str | None:
    """Another name, weekday or month in the middle of a sentence."""
    places = [match for match in _NAME.finditer(sentence) if match[0].lower() not in vocabulary.ORDINALS]
    if not places:
        return None
    match = rng.choice(places)
    for same in (vocabulary.WEEKDAYS, vocabulary.MONTHS):
        if match[0] in same:
            return _put(sentence, match, rng.choice([word for word in same if word != match[0]]))
    return _put(sentence, match, rng.choice(_OTHERS))


_OPPOSITES = vocabulary.opposites(vocabulary.ANTONYMS, vocabulary.ONE_WAY)
_WORD = re.compile(r"(?<![\w'’-])[a-z]+(?![\w'’-])")


def _antonym(sentence: str, rng: random.Random) -> str | None:
    """A word of content turned into its opposite."""
    places = [
        match
        for match in _WORD.finditer(sentence)
        if match[0] in _OPPOSITES and match[0] not in vocabulary.FUNCTION_WORDS
    ]
    if not places:
        return None
    match = rng.choice(places)
    return _put(sentence, match, rng.choice(_OPPOSITES[match[0]]))


def _dropped(sentence: str, rng: random.Random) -> str | None:
    """Three to six words less in the middle, of which one at least tells something."""
    words = sentence.split()
    if len(words) < 14:
        return None
    length = rng.randint(3, 6)
    first = rng.randint(4, len(words) - length - 4)
    gone = words[first : first + length]
    if not any(word.isalpha() and word.islower() and len(word) > 4 and not _is_plain(word) for word in gone):
        return None
    if re.search(r"[“”\"()]", " ".join(gone)) or vocabulary.SAYING & set(gone):
        return None
    return " ".join([*words[:first], *words[first + length :]])


def _added(sentence: str, rng: random.Random) -> str | None:
    """A phrase more, or an adjective before a noun."""
    phrases = [" ".join(phrase.split()) for phrase in vocabulary.PHRASES.split("|")]
    if rng.random() < 0.5 and (pause := re.search(r"(?<=[a-z]{3}),(?= [a-z])", sentence)):
        return f"{sentence[: pause.start()]} {rng.choice(phrases)}{sentence[pause.start() :]}"
    places = [match for match in re.finditer(r"\bthe (?=[a-z]{4,}\b)", sentence) if match.start()]
    if not places:
        return None
    match = rng.choice(places)
    return _put(sentence, match, f"the {rng.choice(vocabulary.ADJECTIVES)} ")


def _swapped(sentence: str, rng: random.Random) -> str | None:
    """Another noun."""
    places = [
        match for match in _WORD.finditer(sentence) if len(match[0]) > 4 and not _is_plain(match[0]) and match.start()
    ]
    places = [match for match in places if re.search(r"\b(?:the|a|of|his|her|their) $", sentence[: match.start()])]
    if not places:
        return None
    return _put(sentence, rng.choice(places), rng.choice(vocabulary.NOUNS))


def _is_plain(word: str) -> bool:
    return word in vocabulary.FUNCTION_WORDS or word in vocabulary.SAYING or word.rstrip("s") in _COUNTING


_COUNTING = {*vocabulary.SMALL_NUMBERS, *vocabulary.TENS, *vocabulary.ORDINALS, *vocabulary.SCALES}


def _put(sentence: str, match: re.Match[str], word: str) -> str:
    return f"{sentence[: match.start()]}{word}{sentence[match.end() :]}"


# --- other ways of writing ---


def _case(sentence: str, rng: random.Random) -> str | None:
    return rng.choice((str.upper, str.lower, str.title))(re.sub(r"['’]", "’", sentence))


def _punctuation(sentence: str, rng: random.Random) -> str | None:
    """Marks dropped, straight for curly, and dashes of another length."""
    kind = rng.randrange(3)
    if kind == 0:
        return re.sub(r"(?<=[^\W\d])[,;:.!?]+(?=\s|$)", "", sentence)
    if kind == 1:
        return sentence.translate(str.maketrans("“”’‘", "\"\"''"))
    return re.sub(r"\s*[—–]\s*|\s+--?\s+", rng.choice((" – ", "—", " - ")), sentence)


_CONTRACTIONS = (
    ("it is", "it's"), ("that is", "that's"), ("do not", "don't"), ("does not", "doesn't"), ("did not", "didn't"),
    ("is not", "isn't"), ("are not", "aren't"), ("was not", "wasn't"), ("were not", "weren't"), ("will not", "won't"),
    ("cannot", "can't"), ("could not", "couldn't"), ("would not", "wouldn't"), ("should not", "shouldn't"),
    ("have not", "haven't"), ("has not", "hasn't"), ("I am", "I'm"), ("we are", "we're"), ("they are", "they're"),
    ("you are", "you're"), ("we have", "we've"), ("they have", "they've"), ("I have", "I've"), ("I will", "I'll"),
    ("we will", "we'll"), ("they will", "they'll"), ("there is", "there's"), ("he is", "he's"), ("she is", "she's"),
)  # fmt: skip


def _contraction(sentence: str, rng: random.Random) -> str | None:
    plain = sentence.replace("’", "'")
    there = [pair for pair in _CONTRACTIONS for form in pair if re.search(rf"\b{form}\b", plain)]
    if not there:
        return None
    long, short = rng.choice(there)
    if re.search(rf"\b{long}\b", plain):
        return re.sub(rf"\b{long}\b", short, plain, count=1)
    if short.endswith("'s") and not re.search(rf"\b{short} (?:a|the|not|very|so|going|time|about)\b", plain):
        return None  # "it's been" is "it has been"
    return re.sub(rf"\b{short}\b", long, plain, count=1)


def _percent(sentence: str, rng: random.Random) -> str | None:
    match = re.search(r"(?<=\d)(?:%| percent\b| per cent\b)", sentence)
    if match is None:
        return None
    return _put(sentence, match, rng.choice([form for form in ("%", " percent", " per cent") if form != match[0]]))


def _spelled(sentence: str, rng: random.Random) -> str | None:
    """A number below a hundred in words for digits or the other way round."""
    digits = re.search(r"(?<![\w$€£.,/:-])\d{1,2}(?= [a-z])(?! (?:million|billion|trillion|thousand|first))", sentence)
    if digits is not None:
        return _put(sentence, digits, vocabulary.in_words(int(digits[0])))
    words = _SPELLED.search(sentence)
    if words is None or re.match(r" (?:hundred|thousand|million|billion)", sentence[words.end() :]):
        return None
    return _put(sentence, words, str(vocabulary.SMALL_NUMBERS.index(words[0])))


_SPELLINGS = vocabulary.opposites(vocabulary.SPELLINGS)


def _british(sentence: str, rng: random.Random) -> str | None:
    places = [match for match in _WORD.finditer(sentence) if match[0] in _SPELLINGS]
    if not places:
        return None
    match = rng.choice(places)
    return _put(sentence, match, rng.choice(_SPELLINGS[match[0]]))


def _titles(sentence: str, rng: random.Random) -> str | None:
    for pair in vocabulary.TITLES.split():
        short, long = pair.split("/")
        for one, other in ((short, long), (long, short)):
            match = re.search(rf"(?<!\w){re.escape(one)} (?=[A-Z])", sentence)
            if match is not None:
                return _put(sentence, match, f"{other} ")
    return None


_SAID = r"(?:(?:he|she|[A-Z]\w+(?: [A-Z]\w+)?) said|said [A-Z]\w+(?: [A-Z]\w+)?)"
_INTERRUPTED = re.compile(rf"“([^“”\n]{{25,160}}?),” {_SAID}(?:, “|\. “)([^“”\n]{{20,160}}?)[.,]”")


def interrupted(text: str) -> Iterator[tuple[str, str]]:
    """Quotations of a text that a reporter's tag interrupts: the words as one, and as they are printed."""
    for match in _INTERRUPTED.finditer(text):
        yield f"{match[1]}, {match[2]}", match[0]


# --- drawing ---

_K = FindingKind
CHANGES: Mapping[str, tuple[Maker, frozenset[FindingKind]]] = {
    "number": (_number, frozenset({_K.NUMBER})),
    "negation": (_negation, frozenset({_K.NEGATION})),
    "name": (_name, frozenset({_K.NAME})),
    "antonym": (_antonym, frozenset({_K.ANTONYM})),
    "dropped clause": (_dropped, frozenset({_K.OMITTED})),
    "added": (_added, frozenset({_K.ADDED})),
    "swapped": (_swapped, frozenset({_K.WORDING, _K.NAME})),
}
VARIANTS: Mapping[str, Maker] = {
    "clean": lambda sentence, rng: sentence,
    "case": _case,
    "punctuation": _punctuation,
    "contraction": _contraction,
    "percent": _percent,
    "spelled numbers": _spelled,
    "british spelling": _british,
    "titles": _titles,
}
INTERRUPTED = "interrupted"
NAMES = (*CHANGES, *VARIANTS, INTERRUPTED)


def changes(pool: Sequence[Stored], name: str, each: int) -> Iterator[Change]:
    """`each` changes of one name, of sentences that somebody might quote in some English articles of the test half."""
    rng = random.Random(f"{SEED} {name}")
    english = [one for one in pool if one.article.language == "en" and one.half is Half.TEST]
    rng.shuffle(english)
    made = 0
    for stored in english * 3:
        if made == each:
            return
        change = _change(stored, name, rng)
        if change is not None:
            made += 1
            yield change


def _change(stored: Stored, name: str, rng: random.Random) -> Change | None:
    """A change of one sentence of an article, None where none of a few can be changed so."""
    text = stored.article.text
    if name == INTERRUPTED:
        found = list(interrupted(text))
        if not found:
            return None
        words, printed = rng.choice(found)
        return Change(name, f"“{words}”", printed, stored.article.url, frozenset())
    spans = list(quotable(text))
    rng.shuffle(spans)
    whole = filter(_is_whole, (text[span.start : span.end] for span in spans[:30]))
    if name in CHANGES:
        maker, kinds = CHANGES[name]
        changed = ((maker(sentence, rng), sentence) for sentence in whole)
        return next((Change(name, c, s, stored.article.url, kinds) for c, s in changed if c and c not in text), None)
    variants = ((VARIANTS[name](sentence, rng), sentence) for sentence in whole)
    different = ((c, s) for c, s in variants if c and (c != s or name == "clean"))
    return next((Change(name, _shown(c, rng), s, stored.article.url, frozenset()) for c, s in different), None)


def _shown(claim: str, rng: random.Random) -> str:
    """A claim as it is or, where it can be, between quote marks."""
    return claim if rng.random() < 0.5 or re.search(r"[“”\"]", claim) else f"“{claim}”"


def _is_whole(sentence: str) -> bool:
    """Whether a sentence is prose with its quote marks in pairs, and neither a question nor a headline."""
    marks = sentence.count("“") == sentence.count("”") and sentence.count('"') % 2 == 0
    return marks and "http" not in sentence and not sentence.rstrip("”\"'").endswith("?")


# --- judging ---


def is_flagged(change: Change, check: FactCheck) -> bool:
    """Whether a change of meaning is told as one and by its kind; another name in a reporter's tag is a speaker."""
    if change.name == "name" and check.verdict is Verdict.MISATTRIBUTED:
        return True
    return check.verdict is Verdict.ALTERED and not change.kinds.isdisjoint(one.kind for one in check.findings)


def is_false_alarm(check: FactCheck) -> bool:
    """Whether another way of writing is taken for a change."""
    return check.verdict not in (Verdict.VERBATIM, Verdict.CLOSE)


def told(change: Change, check: FactCheck) -> str:
    """A miss in some lines."""
    findings = "; ".join(f"{one.kind}: {one.claimed!r} for {one.source!r}" for one in check.findings)
    passage = check.evidence[0].passage if check.evidence else ""
    lines = f"{change.name}: {check.verdict} ({check.score:.0f}) {findings}", change.claim, change.original, passage
    return "\n  ".join(lines)


def main() -> int:
    """Print the shares of each name, and the misses if asked to."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.changes", description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("build/quality"))
    parser.add_argument("--each", type=int, default=300)
    parser.add_argument("--kind", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    with open_library(options.work) as library:
        checker = FactChecker(library)
        for name in options.kind:
            some = list(changes(held(Size.THOUSANDS), name, options.each))
            checks = [checker.check(change.claim, collection=Size.THOUSANDS.value) for change in some]
            sys.stdout.write(_line(name, some, checks) + "\n")
            if options.misses:
                sys.stdout.writelines(f"{told(*pair)}\n\n" for pair in _misses(zip(some, checks, strict=True)))
    return 0


def _line(name: str, some: Sequence[Change], checks: Sequence[FactCheck]) -> str:
    if not some:
        return f"{name:18} nothing to change"
    wrong = sum(1 for _ in _misses(zip(some, checks, strict=True)))
    verdicts = {verdict.value: sum(check.verdict is verdict for check in checks) for verdict in Verdict}
    shown = " ".join(f"{verdict} {count}" for verdict, count in verdicts.items() if count)
    return f"{name:18} {len(some):5} {100 * (1 - wrong / len(some)):6.2f} % right   {shown}"


def _misses(pairs: Iterable[tuple[Change, FactCheck]]) -> Iterator[tuple[Change, FactCheck]]:
    for change, check in pairs:
        if not is_flagged(change, check) if change.kinds else is_false_alarm(check):
            yield change, check


if __name__ == "__main__":
    sys.exit(main())
