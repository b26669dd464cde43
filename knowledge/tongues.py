"""How reporters say who speaks in other languages than English, beside a quotation or the words that they report.

English is in `attribution`, with pronouns and all its turns. Here is only what is sure: a verb of saying, or a word
like "according to", and a name. The words are in the files of `languages`, but for Russian and Chinese, whose names
take patterns of their own.
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import chain

from knowledge.languages import ENGLISH, Language, Words, alternatives, languages

Patterns = tuple[re.Pattern[str], ...]

_CAPITAL = "[A-ZÀ-ÖØ-ÞА-ЯЁ]"
_WORD = rf"{_CAPITAL}[\w’'-]+"
_FROM = r"(?:(?:de|da|do|dos|del|von|van)\s+(?:(?:la|der|den)\s+)?)?"
_MARK = r"^[,.!?]?\s?[\"”“»«]?[\s,.—–-]{0,4}"

_RUSSIAN_GRAMMAR = frozenset("затем потом он она они как это".split())
_RUSSIAN = "сказал|заявил|отметил|подчеркнул|сообщил|написал|рассказал|добавил|ответил|пояснил"
_SPEAKS_FOR = "адвокат|юрист|представитель|секретарь|пресс-секретарь|помощник|сын|муж|брат"
"""Offices that somebody's name follows in the genitive, which looks like a woman's."""

# 120 surnames that nine tenths of the people in the news have; a name in Chinese has no other mark.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟"
    "熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤习栗华温耿"
)
_CHINESE_NAME = rf"(?P<name>[{_SURNAMES}][一-鿿]{{1,2}}(?<![社方部院会国报网局厅委家者员人们]))"
_CHINESE_OFFICE = r"(?:[一-鿿]{0,12}(?:发言人|主席|总理|总书记|部长|书记|总统|主任|教授|市长|省长|院长|会长))?"
_CHINESE_SAYS = "(?:说|表示|称|指出|强调|认为|写道)"


@cache
def tags_after(language: Language | None) -> Patterns:
    """What names the speaker behind a quotation of a language, None for any, from its closing mark on.

    Before a name Russian has an office.
    """
    words = _Words(language)
    return (
        re.compile(rf"{_MARK}(?:{words.says}|{words.behind})\s+{words.role}{words.name}"),
        re.compile(rf"{_MARK}(?:{_RUSSIAN}|говорит)а?\s+{words.name}"),
        re.compile(
            rf"{_MARK}(?:{_RUSSIAN})а\s+(?!(?:{_SPEAKS_FOR})\b)[а-яё-]+\s+(?P<name>(?:[А-ЯЁ][а-яё-]*[ая]\s+)?[А-ЯЁ][а-яё-]*[ая])\b"
        ),
        re.compile(
            rf"{_MARK}(?:{_RUSSIAN})\s+(?!(?:{_SPEAKS_FOR})\b)[а-яё-]+\s+(?P<name>(?:[А-ЯЁ][а-яё-]*[^\Wаяыи]\s+)?[А-ЯЁ][а-яё-]*[внйкчр])\b"
        ),
        re.compile(rf"^[，。！？]?”[，。]?{_CHINESE_OFFICE}{_CHINESE_NAME}{_CHINESE_SAYS}"),
    )


@cache
def tags_before(language: Language | None) -> Patterns:
    """What names the speaker before a quotation of a language, None for any, up to its opening mark."""
    words = _Words(language)
    says = rf"(?:{words.says}|(?:{_RUSSIAN}|говорит)а?)"
    return (
        re.compile(
            rf"(?:^|[.!?»”“\n]\s{{0,3}}){words.role}{words.name}\s+{says}\b[^.!?\n«»“”„\"]{{0,60}}[:,]?\s{{0,3}}$"
        ),
        re.compile(rf"(?:^|[\s(])(?i:{words.according})\s+{words.role}{words.name}\s?,?\s?[:,]\s{{0,3}}$"),
        re.compile(
            rf"(?:^|[。！？；，”\s]){_CHINESE_OFFICE}{_CHINESE_NAME}{_CHINESE_SAYS}[^。！？“”\n]{{0,12}}[:：，,]?\s{{0,3}}$"
        ),
    )


@cache
def reported_after(language: Language | None) -> Patterns:
    """What names the speaker behind words without marks: …, sagte Name."""
    words = _Words(language)
    return (re.compile(rf"^[^.!?\n]{{0,160}}?,\s+(?:{words.says}|{words.behind})\s+{words.role}{words.name}"),)


@cache
def reported_before(language: Language | None) -> Patterns:
    """What names the speaker at the beginning of a sentence without marks: Name sagte, dass …; selon Name, …"""
    words = _Words(language)
    return (
        re.compile(rf"^[\s«»“”„]*{words.role}{words.name}\s+{words.says}\s?,?\s+(?:{words.that})\b"),
        re.compile(rf"^(?i:{words.according})\s+{words.role}{words.name}\s?,?\s"),
    )


@cache
def interruption(language: Language) -> re.Pattern[str]:
    """A reporter's tag between two quotations: „…“, sagte sie, „…“."""
    words = _Words(language)
    return re.compile(
        rf"""(?:(?<=[,.!?…—-])\s?["”’“»]|["”’“»],)\s+
        [^"“”„«»\n]{{0,60}}?\b(?:{words.says})\b(?!\s*,?\s+(?:{words.that})\b)
        [^"“”„«»\n]{{0,60}}?\s+["“‘„«]\s?(?=\w|[…\[(])""",
        re.VERBOSE | re.IGNORECASE,
    )


@cache
def tag_only() -> re.Pattern[str]:
    """A reporter's tag in any language, from the closing mark before it to the opening one behind it."""
    beside = r"[\w .,'’-]{0,40}"
    return re.compile(rf"[\"”“»«]\s*{beside}\b(?:{_Words(None).says})\b{beside}\s*[\"“„«»]", re.IGNORECASE)


@cache
def lead_in() -> re.Pattern[str]:
    """What people say before a claim without asserting it, in any language: "stimmt es, dass"."""
    phrases = "|".join(phrase.replace(" ", r"\s+") for one in _others(None) for phrase in one.speech.lead_in)
    that = _Words(None).that
    return re.compile(rf"\s*(?:{phrases or '(?!)'})\b[\s,:;?-]*(?:(?:{that})\b[\s,:]*)?", re.IGNORECASE)


@cache
def said_that() -> re.Pattern[str]:
    """A speaker at the beginning of a claim in any language: Name sagte, dass …"""
    words = _Words(None)
    return re.compile(rf"\s*{words.name}\s+{words.says}\s?,?\s+(?:{words.that})\b[\s,:]*")


class _Words:
    """The words of one language, None for all but English, as patterns."""

    def __init__(self, language: Language | None) -> None:
        some = [one.speech for one in _others(language)]
        self.says = rf"(?:{_any_of(one.verbs for one in some)})"
        self.according = rf"(?:{_any_of(one.according for one in some)})"
        self.behind = _any_of(one.according | one.behind for one in some)
        self.that = _any_of(one.that for one in some)
        offices = rf"(?i:[\w-]*(?:{_any_of(one.offices for one in some)})\s+)"
        self.role = rf"(?:(?:der|die|le|la|el|o|a)\s+(?:[a-zà-ÿ-]+\s+)?)?{offices}{{0,2}}"
        """An article and an office; with "de" behind it the name is somebody else's: "un portavoz de"."""
        grammar = _RUSSIAN_GRAMMAR.union(*(one.grammar.without_content for one in _others(None)))
        capitals = alternatives(frozenset(word.capitalize() for word in grammar if word.isalpha()))
        self.name = rf"(?P<name>(?!(?:{capitals})\b){_WORD}(?:\s+{_FROM}{_WORD}){{0,4}})"
        """A name, which does not begin with a word of grammar that only begins its sentence."""


def _others(language: Language | None) -> list[Language]:
    """A language, or all of them; English has its own patterns."""
    some = languages().values() if language is None else (language,)
    return [one for one in some if one is not ENGLISH]


def _any_of(some: Iterable[Words]) -> str:
    return alternatives(frozenset(chain.from_iterable(some)))
