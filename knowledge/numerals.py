"""Numbers as languages write them, in digits and in words, brought into one form: digits with a decimal point.

A part of the normal form (`text`), which hands over tokens and words. The words are in the files of `languages`.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain

from knowledge.languages import Language, alternatives

CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₹": "rupee"}
"""Signs of money, by what they stand for."""
_DECIMAL = re.compile(r"\d+(?:\.\d+)?")
_ABBREVIATED_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)([mkb])")
_ABBREVIATED = {"m": 10**6, "k": 10**3, "b": 10**9}
_DIGITS_THEN_LETTERS = re.compile(r"([\d.,]*\d)(.*)", re.DOTALL)
_SCALE_LETTERS = {"bn": "billion", "tn": "trillion", "mn": "million", "mln": "million"}


class Numerals:
    """How one language writes numbers."""

    def __init__(self, language: Language) -> None:
        numbers = language.numbers
        self._numbers = numbers
        self._values = _by_word(numbers.values)
        self._scales = _by_word(numbers.scales)
        self._pairs = {words for words in self._values if " " in words}
        self._phrases = {tuple(words.split()): one for words, one in numbers.phrases.items()}
        self._scores = frozenset(map(int, numbers.scores))
        self.ordinals = {
            word: f"{value}{_LOW_ENDINGS.get(value, 'th')}"
            for value, words in numbers.ordinals.items()
            for word in _with_plain(words)
        }
        first_words = chain((words.split()[0] for words in self._values), (words[0] for words in self._phrases))
        self.beginnings = frozenset(chain(first_words, self._scales, numbers.hundred, CURRENCIES))
        """Words without one of which a text has nothing to put together."""

    # --- digits ---

    def in_digits(self, token: str) -> tuple[str, ...]:
        """A token that begins with a digit: 1,000 → 1000, 47.50 → 47.5, 5bn → 5 billion, 20th and 5g as they are."""
        match = _DIGITS_THEN_LETTERS.match(token)
        if match is None:
            return (token,)
        digits, letters = match.groups()
        if letters in _SCALE_LETTERS:
            return (*self._plain(digits), _SCALE_LETTERS[letters])
        *before, last = self._plain(digits)
        return (*before, *((last + letters).split()))

    def _plain(self, digits: str) -> list[str]:
        """Digits with separators as numbers with at most a decimal point; what is no number falls into its groups."""
        if self._grouped.fullmatch(digits):
            *groups, last = re.split(r"[.,]", digits)
            is_fraction = digits[-len(last) - 1] not in digits[: -len(last) - 1] and len(groups) > 1
            return [_shortest("".join(groups) + ("." if is_fraction else "") + last)]
        if self._fraction.fullmatch(digits):
            return [_shortest(digits.replace(",", "."))]
        return re.split(r"[.,]", digits)

    @cached_property
    def _grouped(self) -> re.Pattern[str]:
        """Thousands in groups of three; two groups at the least where their mark could be a decimal one."""
        points, commas = (rf"\d{{1,3}}(?:{mark}\d{{3}})" for mark in (r"\.", ","))
        if self._numbers.decimal == ".":
            return re.compile(rf"{commas}+(?:\.\d+)?|{points}{{2,}}")
        few = "+" if self._numbers.either_mark else "{2,}"
        return re.compile(rf"{points}+(?:,\d+)?|{commas}{few}(?:\.\d+)?")

    @cached_property
    def _fraction(self) -> re.Pattern[str]:
        if self._numbers.decimal == ".":
            return re.compile(r"\d+(?:\.\d+)?|\d+,\d\d?")
        return re.compile(r"\d+(?:,\d+)?|\d+\.\d\d?")

    def is_grouped(self, written: str) -> bool:
        """Whether some digits are one number in groups with blanks between them: 1 234,5."""
        return self._spaced.fullmatch(written) is not None

    @cached_property
    def _spaced(self) -> re.Pattern[str]:
        return re.compile(rf"\d{{1,3}}(?:[ \u00a0\u202f\u2009]\d{{3}})+(?:{re.escape(self._numbers.decimal)}\d+)?")

    # --- words ---

    def parts(self, word: str) -> tuple[str, ...]:
        """The number words that one is glued of, the largest first: siebenundvierzig → vierzig sieben."""
        if not self._numbers.glued or word in self._numbers.joining or not self._glued.fullmatch(word):
            return (word,)
        parts: list[str] = []
        for match in self._part.finditer(word):
            if match["ten"]:
                parts += (match["ten"], self._one if match["unit"] in self._numbers.one else match["unit"])
            else:
                parts.append(match[0])
        return tuple(part for part in parts if part not in self._numbers.joining)

    @cached_property
    def _part(self) -> re.Pattern[str]:
        """A unit before its ten, or any one word of a number."""
        numbers = self._numbers
        small = alternatives(numbers.one.union(word for word, value in self._values.items() if 0 < value < 10))
        tens = alternatives(frozenset(word for word, value in self._values.items() if value >= 20))
        joining = alternatives(numbers.joining)
        words = alternatives(numbers.one.union(self._values, numbers.hundred, numbers.bare))
        return re.compile(rf"(?P<unit>{small})(?:{joining})(?P<ten>{tens})|{words}|{joining}")

    @cached_property
    def _glued(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{re.sub(r'[(][?]P<[a-z]+>', '(?:', self._part.pattern)})+")

    @cached_property
    def _one(self) -> str:
        return next(word for word, value in self._values.items() if value == 1)

    def together(self, words: Sequence[str], first: int) -> tuple[tuple[str, ...], int]:
        """The words that those from `first` on come to, and how many they are."""
        word = words[first]
        if word in CURRENCIES:
            if self._numbers.sign_follows and first and words[first - 1][0].isdecimal():
                return (CURRENCIES[word],), 1
            amount, length = self._amount(words, first + 1)
            return ((amount, CURRENCIES[word]) if length else (CURRENCIES[word],)), 1 + length
        for phrase, one in self._phrases.items():
            if word == phrase[0] and tuple(words[first : first + len(phrase)]) == phrase:
                return (one,), len(phrase)
        number, length = self._number(words, first)
        if not length:
            return (word,), 1
        following = words[first + length] if first + length < len(words) else ""
        is_ten = length == 1 and 20 <= self._values.get(word, 0) < 100
        if is_ten and following[:1].isdecimal() and following[1:] in _ORDINAL_ENDINGS:
            return (number[:-1] + following,), 2
        return (number,), length

    def multiplies(self, word: str) -> bool:
        """Whether a word counts what the one before it says: hundred, million."""
        return word in self._numbers.hundred or word in self._scales

    def _amount(self, words: Sequence[str], first: int) -> tuple[str, int]:
        """The number after a currency sign, where "k", "m" and "b" mean thousands, millions and billions."""
        short = _ABBREVIATED_AMOUNT.fullmatch(words[first]) if first < len(words) else None
        if short is not None:
            return _shortest(format(Decimal(short[1]) * _ABBREVIATED[short[2]], "f")), 1
        return self._number(words, first)

    def _number(self, words: Sequence[str], first: int) -> tuple[str, int]:
        """The number that begins at `first`, in digits, and how many words it takes; 0 where there is none."""
        total = Decimal(0)
        current: Decimal | None = None
        index = first
        while index < len(words):
            word = words[index]
            if index == first and _DECIMAL.fullmatch(word):
                current = Decimal(word)
                if index + 1 < len(words) and words[index + 1] in self._scales:
                    index += 1
                    continue
                return word, 1
            value, length = self._value(words, index)
            if length and (current is None or self._leaves_room(current, value)):
                current = (current or Decimal(0)) + value
                index += length
                continue
            if word in self._numbers.one and self._is_one(words, index, first, current):
                current = (current or Decimal(0)) + 1
            elif word in self._numbers.hundred and self._may_multiply(word, current):
                current = 100 * (current or Decimal(1))
            elif word in self._scales and (scaled := self._scaled(word, total, current)) is not None:
                total, current = scaled, None
            elif word in self._numbers.joining and self._joins(words, index + 1, total, current):
                pass
            else:
                break
            index += 1
        if index == first:
            return "", 0
        return _shortest(format(total + (current or 0), "f")), index - first

    def _value(self, words: Sequence[str], index: int) -> tuple[int, int]:
        """The value of the word at a place, or of two that are one, and how many they are; no words without."""
        if self._pairs and (pair := " ".join(words[index : index + 2])) in self._pairs:
            return self._values[pair], 2
        value = self._values.get(words[index])
        return (0, 0) if value is None else (value, 1)

    def _leaves_room(self, current: Decimal, value: int) -> bool:
        """Whether a number may follow what was read: five after forty, forty after two hundred."""
        if current <= 0:
            return False
        if value < 10:
            return current % 10 == 0 and (current % 100 >= 20 or current % 100 == 0)
        return (current % 100 == 0 and value < 100) or (current % 100 in self._scores and value < 20)

    def _is_one(self, words: Sequence[str], index: int, first: int, current: Decimal | None) -> bool:
        """Whether an article counts: before a scale, or behind a ten that it was joined to."""
        if index == first:
            return index + 1 < len(words) and self.multiplies(words[index + 1])
        is_joined = words[index - 1] in self._numbers.joining
        return is_joined and self._numbers.joins_tens and self._leaves_room(current or Decimal(0), 1)

    def _may_multiply(self, word: str, current: Decimal | None) -> bool:
        return word in self._numbers.bare if current is None else 0 < current < 100

    def _scaled(self, word: str, total: Decimal, current: Decimal | None) -> Decimal | None:
        """The sum with a scale more: two thousand, mil, mil millones; None where it cannot stand there."""
        scale = self._scales[word]
        if current and (not total or total > current * scale):
            return total + current * scale
        if word in self._numbers.bare and current is None and (not total or total > scale):
            return total + scale
        if self._numbers.thousand_millions and total and (total + (current or 0)) < scale:
            return (total + (current or 0)) * scale
        return None

    def _joins(self, words: Sequence[str], index: int, total: Decimal, current: Decimal | None) -> bool:
        """Whether a number goes on behind a word that joins: by one that is not itself counted in hundreds or more."""
        if index >= len(words):
            return False
        value, length = self._value(words, index)
        if self._numbers.joins_tens:
            value, length = (1, 1) if not length and words[index] in self._numbers.one else (value, length)
            return bool(length) and (bool(total) if current is None else self._leaves_room(current, value))
        large = bool(total) or (current or 0) >= 100
        return large and bool(length) and not self._is_multiplied(words, index + 1)

    def _is_multiplied(self, words: Sequence[str], index: int) -> bool:
        return index < len(words) and self.multiplies(words[index])


_LOW_ENDINGS = {"1": "st", "2": "nd", "3": "rd"}
_ORDINAL_ENDINGS = frozenset({"st", "nd", "rd", "th"})


def _by_word(table: Mapping[str, str]) -> dict[str, int]:
    """The values of a table by their words; "_" stands for the blank between two that are one."""
    return {word.replace("_", " "): int(value) for value, words in table.items() for word in _with_plain(words)}


def _with_plain(words: str) -> set[str]:
    """Some words, and those without their accents: what is typed in haste counts the same."""
    plain = "".join(one for one in unicodedata.normalize("NFD", words) if not unicodedata.combining(one))
    return {*words.split(), *plain.split()}


def _shortest(number: str) -> str:
    """A decimal without the zeros that end its fraction."""
    return number.rstrip("0").rstrip(".") if "." in number else number
