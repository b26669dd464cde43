"""The real sentences that changes are made of: spoken ones, plain ones, quotations that a tag interrupts, and names."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, zip_longest

from rapidfuzz import fuzz

from knowledge.models import NewArticle
from tests.quality.corpus import Half, Stored
from tests.quality.noise import quotable

SEED = 20261126
_QUOTATION = re.compile(r"“([^“”\"\n]{40,600})”|(?<![\w\"])\"([^“”\"\n]{40,600})\"(?!\w)")
_NO_PROSE = re.compile(
    r"[“”\"\n\[\]@#|*…]|\.\.\.|https?:|\.com\b|(?:^|\s)['‘]\w|\w['’]\s['’]|: [A-Z]|contributed to this|been updated"
)
_ANY_WORD = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Line:
    """Some words of an article as they are printed."""

    text: str
    article: NewArticle


@dataclass(frozen=True)
class Lines:
    """The lines of some articles, in a seeded order; `library` are all that a claim may be found in."""

    articles: Sequence[NewArticle]
    library: Sequence[NewArticle]

    @classmethod
    def of(cls, pool: Iterable[Stored], half: Half) -> "Lines":
        """Those of the English articles of one half."""
        english = [one for one in pool if one.article.language == "en"]
        return cls([one.article for one in english if one.half is half], [one.article for one in english])

    def has(self, words: str) -> bool:
        """Whether some words stand in the library, however they are written, so that they would be true of it."""
        return _folded(words) in self._everything

    @cached_property
    def _everything(self) -> str:
        return "".join(_folded(f"{one.title}. {one.text}") for one in self.library)

    @cached_property
    def sentences(self) -> Sequence[Line]:
        """Sentences that somebody might quote, spoken and plain ones by turns, each once."""
        pairs = zip_longest(self.spoken, self._drawn(_plain))
        return [line for line in chain.from_iterable(pairs) if line is not None]

    @cached_property
    def spoken(self) -> Sequence[Line]:
        """Those of them that stand between quote marks."""
        return self._drawn(_spoken)

    @cached_property
    def interrupted(self) -> Sequence[Line]:
        """Quotations of one person that a reporter's tag interrupts, marks and all."""
        return self._drawn(lambda text: (match[0] for match in INTERRUPTED.finditer(text)))

    @cached_property
    def names(self) -> "Names":
        """The names in the sentences."""
        return Names([line.text for line in self.sentences])

    def _drawn(self, cut: Callable[[str], Iterable[str]]) -> list[Line]:
        found = {text: Line(text, article) for article in self.articles for text in cut(article.text)}
        lines = list(found.values())
        random.Random(SEED).shuffle(lines)
        return lines


def _folded(text: str) -> str:
    """The words of a text without case, marks and contractions."""
    for short, long in ((r"n['’]t\b", " not"), (r"['’]re\b", " are"), (r"['’]m\b", " am"), ("cannot", "can not")):
        text = re.sub(short, long, text)
    return f" {' '.join(_ANY_WORD.findall(text.casefold()))} "


def _spoken(text: str) -> Iterator[str]:
    """The whole sentences between quote marks, without the comma that a tag brings."""
    for match in _QUOTATION.finditer(text):
        yield from _prose((match[1] or match[2]).strip().rstrip(","))


def _plain(text: str) -> Iterator[str]:
    """The sentences of the reporter."""
    for paragraph in text.split("\n"):
        if not re.search(r"[“”\"]", paragraph):
            yield from (one for one in _prose(paragraph) if one[-1] in ".!?")


def _prose(text: str) -> Iterator[str]:
    """The sentences of a text that are no headlines, lists, links and quotations in quotations."""
    for span in quotable(text):
        sentence = text[span.start : span.end].strip()
        words = _WORD.findall(sentence)
        capitals = sum(word[0].isupper() for word in words)
        if sentence[0].isupper() and not _NO_PROSE.search(sentence) and 2 * capitals < len(words):
            yield sentence


_SAID = r"(?:said|says|added|adds|continued|explained|told|wrote|argued|noted|recalled|asked|tweeted)"
_NAME = r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov)\. )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2}"
_WHEN = r"(?: (?:[A-Z][\w’'-]+|reporters|in|on|at|of|the|an?|interview|statement|during|last|this|week|morning)){0,6}"
INTERRUPTED = re.compile(
    rf"[“\"](?P<first>[A-Z][^“”\"\n]{{24,220}}[\w,?!.])[”\"]"  # “We will not leave,”
    rf" (?:(?:he|she|{_NAME}) {_SAID}{_WHEN}|{_SAID} {_NAME}{_WHEN})"  # the mayor's tag
    r"(?P<pause>[,.]) [“\"](?P<second>[^“”\"\n]{25,220}[\w,?!.])[”\"]"
)


class Names:
    """What names some sentences have, and which of them look alike."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self._plain = Counter(word for sentence in sentences for word in _WORD.findall(sentence) if word.islower())
        self._capital = Counter(word for one in sentences for word in _WORD.findall(one)[1:] if word[0].isupper())
        self._after: defaultdict[str, list[str]] = defaultdict(list)
        for sentence in sentences:
            for match in chain(LONE_NAME.finditer(sentence), FULL_NAME.finditer(sentence), INITIALS.finditer(sentence)):
                if self.is_name(match["name"]):
                    self._after[_look(match)].append(match["name"])

    def is_name(self, words: str) -> bool:
        """Whether some capitalised words are hardly ever written without capitals."""
        return all(20 * self._plain[word.lower()] < self._capital[word] for word in _WORD.findall(words))

    def other(self, match: re.Match[str], text: str, rng: random.Random) -> str | None:
        """Another name that stands where the matched one could, and that a text has not; None where there is none."""
        alike = self._after[_look(match)]
        for name in rng.sample(alike, min(len(alike), 20)):
            if name not in text and _is_unlike(name, match["name"]):
                return name
        return None


def _look(match: re.Match[str]) -> str:
    """How a name looks: how many words, capitals or not, and what stands before it."""
    name = match["name"]
    return f"{match['before']} {len(name.split())}{name.isupper()}"


def _is_unlike(one: str, other: str) -> bool:
    """Whether two names are no forms of one, as "Russia" and "Russian" are, and no slips of the pen."""
    return (
        one[:3] != other[:3]
        and not set(one.split()) & set(other.split())
        and fuzz.ratio(one.casefold(), other.casefold()) < 60
    )


_NO_NAME = r"(?!(?:The|And|But|God|Internet|Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen)\b)"
_BEFORE = r"\b(?P<before>[a-z]+) "
LONE_NAME = re.compile(rf"{_BEFORE}{_NO_NAME}(?P<name>[A-Z][a-z]{{2,}})(?=[,;]? [a-z]|[’']s [a-z])")
FULL_NAME = re.compile(rf"{_BEFORE}{_NO_NAME}(?P<name>[A-Z][a-z]+ [A-Z][a-z]+)(?=[,;]? [a-z]|[’']s [a-z])")
INITIALS = re.compile(rf"{_BEFORE}(?!TV|OK|AM|PM|ID|DVD|CEO)(?P<name>[A-Z]{{2,5}})(?=[,;]? [a-z]|[’']s [a-z])")
