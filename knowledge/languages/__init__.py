"""The words of each language that the rules know by name: one file per language, read once and checked while read.

**To add a language**, add a file `xx.toml` beside the others, named by its ISO 639 code; nothing else is to be changed.
Copy the one of the nearest language and replace its words. The tables of a file are the fields of `Language`, their
keys the fields of the classes below, which say what belongs there. Words are in small letters with blanks between them,
accents kept, divided at apostrophes ("l eau"); "_" joins those that are one ("quatre_vingt"). Only `name`, `function`,
`negations`, `values`, `months` and `verbs` must be there. `pytest tests/knowledge/test_languages.py` says what is wrong
with a file, by its key, and `python -m tests.quality.languages` measures it on real articles.

A text is read by the rules of the language that its words of grammar are surely of, English otherwise.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from itertools import chain
from typing import Any, Final, TypeVar, get_type_hints

Words = frozenset[str]
"""Words in no order."""
Table = Mapping[str, str]
"""What each key stands for, or the words that have its value."""


@dataclass(frozen=True, eq=False)
class Grammar:
    """The words that carry grammar.

    `function` words may be dropped or swapped and leave a quote `close`; so may `fillers`, and those of `filling_after`
    behind the word that they stand for there. Modals, quantifiers and negations are none of these. `negations` turn a
    statement round; `cutting` are those that do nothing else, so that a quote that stops in front of one says the
    opposite, and `leading` ones stand before their verb, so that one that begins behind them does. `weak` ones negate
    unless one of `negations` follows, which then does ("ne … pas"). Words of `turning` left out are worth a warning.
    `same` gives words the form of others ("prozent" = "percent"), `titles` short forms their long one, `abbreviations`
    names in several words their short form.
    """

    function: Words = frozenset()
    fillers: Words = frozenset()
    filling_after: Table = field(default_factory=dict)
    negations: Words = frozenset()
    cutting: Words = frozenset()
    leading: Words = frozenset()
    weak: Words = frozenset()
    turning: Words = frozenset()
    same: Table = field(default_factory=dict)
    titles: Table = field(default_factory=dict)
    abbreviations: Table = field(default_factory=dict)

    @cached_property
    def without_content(self) -> Words:
        """The words that bear no meaning by themselves."""
        return self.function | self.fillers | self.weak

    @cached_property
    def may_turn(self) -> Words:
        """The words that may turn what stands before them."""
        return self.negations | self.weak | self.turning


@dataclass(frozen=True, eq=False)
class Contractions:
    """What an apostrophe leaves out: by whole words, by the letters behind it, and by words that lost it.

    `meanings` are the words that letters behind an apostrophe may stand for. Without any of these a word is only
    divided there.
    """

    whole: Table = field(default_factory=dict)
    endings: Table = field(default_factory=dict)
    bare: Table = field(default_factory=dict)
    meanings: Table = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Numbers:
    """How numbers are written.

    `decimal` is the mark of fractions, with `either_mark` only where it does not divide thousands, as it does in some
    countries; `spaced` says that a blank may divide them: 1 234,5. `values` have the
    words for numbers under a thousand, by their value. `hundred` multiplies what stands before it, `scales` too; `bare`
    ones are one of themselves ("mil"). `one` is the article that means one before a scale, and behind a ten. `joining`
    stands inside a number ("and"), and where it `joins_tens` also between ten and unit ("treinta y cinco").
    `thousand_millions` says that a scale may count another: "dos mil millones". Behind the
    values of `scores` go the teens: soixante-dix. `glued` says that the words are written as one, the unit before the
    ten. `ordinals` are by value too. `phrases` are words that are one. `sign_follows` says that "€" stands behind its
    number. `vague` words tell how large without how many, `units` what is counted or measured, and those of
    `no_subject` ("poll") nothing of what a number is about.
    """

    decimal: str = "."
    either_mark: bool = False
    spaced: bool = False
    values: Table = field(default_factory=dict)
    hundred: Words = frozenset()
    scales: Table = field(default_factory=dict)
    bare: Words = frozenset()
    one: Words = frozenset()
    joining: Words = frozenset()
    joins_tens: bool = False
    thousand_millions: bool = False
    scores: Words = frozenset()
    glued: bool = False
    ordinals: Table = field(default_factory=dict)
    phrases: Table = field(default_factory=dict)
    sign_follows: bool = False
    vague: Words = frozenset()
    units: Words = frozenset()
    no_subject: Words = frozenset()


@dataclass(frozen=True, eq=False)
class Dates:
    """The names of the twelve months, a line each with its forms, and of the weekdays.

    `written_small` says that they have no capital, which makes names of them elsewhere.
    """

    months: Sequence[str] = ()
    weekdays: Words = frozenset()
    written_small: bool = False

    @cached_property
    def in_months(self) -> Words:
        """The forms of all months."""
        return frozenset(chain.from_iterable(map(str.split, self.months)))

    @cached_property
    def names(self) -> Words:
        """The names of days and months."""
        return self.weekdays | self.in_months


@dataclass(frozen=True, eq=False)
class Forms:
    """What two words of one place are to each other.

    `endings` are of grammar: two words are forms of one where they differ by two endings of one line, "-" being none;
    `doubles` says that a consonant may be doubled before one. `irregular` has forms that share too little, a line a
    word. `spellings` are beginnings of words that are spelt in two ways, `inner` parts of them. `plural_names` are
    endings of names that have a plural in "s". `opposites` are pairs with a slash between them, and
    `opposing_prefixes` make opposites; `stemmer` is Snowball's, for other forms of opposites and units.
    `nouns_have_capitals` says that a capital alone makes no name.
    """

    endings: Sequence[str] = ()
    doubles: bool = False
    irregular: Sequence[str] = ()
    spellings: Sequence[str] = ()
    inner: Sequence[str] = ()
    plural_names: Words = frozenset()
    opposites: Sequence[str] = ()
    opposing_prefixes: Words = frozenset()
    stemmer: str = ""
    nouns_have_capitals: bool = False


@dataclass(frozen=True, eq=False)
class Speech:
    """How somebody is said to have said something, and how people ask whether it is so.

    `verbs` of saying stand beside a quotation; `reporting` ones tell what somebody thought or did of a matter.
    `according` stands before the name of a source ("laut"), `behind` the same only behind what it says ("…, so Name"),
    `that` before what is said, `offices`, or words that end like them, before a name. `lead_in` are phrases before a
    claim that assert nothing ("stimmt es"), regular expressions in which a blank stands for any.
    """

    verbs: Words = frozenset()
    reporting: Words = frozenset()
    according: Words = frozenset()
    behind: Words = frozenset()
    that: Words = frozenset()
    offices: Words = frozenset()
    lead_in: Sequence[str] = ()

    @cached_property
    def words(self) -> Words:
        """The words that the verbs of saying are made of."""
        return frozenset(chain.from_iterable(verb.split("_") for verb in self.verbs))

    @cached_property
    def verb(self) -> str:
        """The verbs of saying as alternatives of a regular expression."""
        return alternatives(self.verbs)


@dataclass(frozen=True, eq=False)
class Language:
    """One language: its ISO 639 code, its English name, and its words."""

    code: str
    name: str
    grammar: Grammar
    contractions: Contractions
    numbers: Numbers
    dates: Dates
    forms: Forms
    speech: Speech


def alternatives(words: Words) -> str:
    """Some words as alternatives of a regular expression, the longest first; what matches nothing without any."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace("_", r"\s+") for word in longest_first) or "(?!)"


# --- reading the files ---


def read_language(code: str, text: str) -> Language:
    """The language of a file's text. Raises `ValueError` that names file and key where one is not as described."""
    file = f"{code}.toml"
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{file}: {error}") from error
    name = _text(f"{file}: name", tables.pop("name", None))
    parts = {key: hint for key, hint in get_type_hints(Language).items() if key not in ("code", "name")}
    if unknown := tables.keys() - parts.keys():
        raise ValueError(f"{file}: there is no [{min(unknown)}]; there are {', '.join(parts)}")
    read = {key: _read_part(f"{file}: {key}", part, tables.get(key, {})) for key, part in parts.items()}
    language = Language(code=code, name=name, **read)
    _require_sense(file, language)
    return language


Part = TypeVar("Part")


def _read_part(place: str, part: type[Part], table: object) -> Part:
    """One of the classes above from its table of the file."""
    if not isinstance(table, dict):
        raise ValueError(f"{place} is to be a table")
    hints = get_type_hints(part)
    if unknown := table.keys() - hints.keys():
        raise ValueError(f"{place}.{min(unknown)}: there is no such key; there are {', '.join(hints)}")
    return part(**{key: _READERS[str(hints[key])](f"{place}.{key}", value) for key, value in table.items()})


def _words(place: str, value: object) -> Words:
    return frozenset(_text(place, value).split())


def _text(place: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{place} is to be a text")
    return value


def _table(place: str, value: object) -> Table:
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise ValueError(f"{place} is to be a table of texts")
    return value


def _lines(place: str, value: object) -> Sequence[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"{place} is to be a list of texts")
    return value


def _switch(place: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{place} is to be true or false")
    return value


_READERS: Final[Mapping[str, Callable[[str, object], Any]]] = {
    str(Words): _words,
    str(Table): _table,
    str(Sequence[str]): _lines,
    str(bool): _switch,
    str(str): _text,
}


def _require_sense(file: str, language: Language) -> None:
    """Raise `ValueError` for what is missing or cannot be meant."""
    grammar, numbers, forms = language.grammar, language.numbers, language.forms
    if len(language.dates.months) != _MONTHS:
        raise ValueError(f"{file}: dates.months is to have {_MONTHS} lines, and has {len(language.dates.months)}")
    for part, key in (("grammar", "function"), ("grammar", "negations"), ("numbers", "values"), ("speech", "verbs")):
        if not getattr(getattr(language, part), key):
            raise ValueError(f"{file}: {part}.{key} is missing")
    if both := grammar.function & (grammar.negations | grammar.weak):
        raise ValueError(f"{file}: grammar.function has the negation {min(both)}")
    for key in ("values", "scales", "ordinals"):
        if wrong := [value for value in getattr(numbers, key) if not value.isdecimal()]:
            raise ValueError(f"{file}: numbers.{key}.{wrong[0]} is to be a number")
    for key in ("spellings", "inner", "opposites"):
        pairs = chain.from_iterable(map(str.split, getattr(forms, key)))
        if wrong := [pair for pair in pairs if pair.count("/") != 1]:
            raise ValueError(f"{file}: forms.{key}: {wrong[0]} is to be two words with a slash between them")


_MONTHS: Final = 12


def _file(code: str) -> str:
    return resources.files("knowledge.languages").joinpath(f"{code}.toml").read_text("utf-8")


ENGLISH: Final = read_language("en", _file("en"))
"""The language of a text that is surely in no other."""


@cache
def languages() -> Mapping[str, Language]:
    """Every language that has a file, by its code."""
    files = (one.name for one in resources.files("knowledge.languages").iterdir())
    codes = sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml"))
    return {code: ENGLISH if code == "en" else read_language(code, _file(code)) for code in codes}


# --- which language ---


def common_language(passage: str, article: str, claim: str) -> Language:
    """The language by whose rules a passage and a claim are compared: that of both, English where they are in two.

    A passage that does not tell is in the language in which its article begins.
    """
    here = language_of(passage) or language_of(article[:_BEGINNING])
    if here is ENGLISH:
        return ENGLISH
    asked = language_of(claim)
    if here is None or asked is None:
        return here or asked or ENGLISH
    return here if here is asked else ENGLISH


def language_of(text: str) -> Language | None:
    """The language that a text is surely in by its words of grammar; None where it is in no one language of ours.

    It takes three of them, a fifth of all words, and a fifth more than any other language has there.
    """
    words = _WORD.findall(text.casefold())
    counts = {code: sum(map(known.__contains__, words)) for code, known in _known().items()}
    best = max(counts, key=counts.__getitem__)
    most = counts.pop(best)
    is_sure = most >= _FEWEST and most >= _SHARE * len(words) and most >= _MORE * max(counts.values(), default=0)
    return languages()[best] if is_sure else None


_BEGINNING: Final = 3_000
"""Code points."""
_FEWEST: Final = 3
_SHARE: Final = 0.2
_MORE: Final = 1.2
_WORD: Final = re.compile(r"[^\W\d_]+")


@cache
def _known() -> Mapping[str, Words]:
    """The words of grammar of each language."""
    grammars = {code: language.grammar for code, language in languages().items()}
    return {code: grammar.function | grammar.negations | grammar.weak for code, grammar in grammars.items()}
