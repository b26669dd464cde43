"""The bot's words in the language of the one who reads them: `say` and `plural` look each sentence up in a catalogue.

A language is one file, `bot/languages/<code>.po`; English is the sentences themselves, and what a file lacks stays in
it. `python -m tests.catalogue` brings the files up to date with the code.
"""

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib.resources import files

_language: ContextVar[str] = ContextVar("language", default="en")
"""Whom the running task answers: each interaction is a task of its own."""


GROUPS = "between groups of three digits"
"""The context of the sign that a catalogue has there."""
NAME = "name of a command or an option"
"""The context of such a name in a catalogue: lower case, one word, 32 characters at most."""


def say(sentence: str, /, **values: object) -> str:
    """The sentence in the reader's language, with the values in the place of their names; whole numbers are grouped."""
    return _filled(_translations(_language.get()).gettext(sentence), values)


def plural(one: str, many: str, number: int, /, **values: object) -> str:
    """The sentence for one or for many, as the reader's language counts; `{n}` is the number."""
    return _filled(_translations(_language.get()).ngettext(one, many, number), {"n": number, **values})


def quoted(words: str) -> str:
    """The words in the quotation marks of the reader's language."""
    return say("“{words}”", words=words)


def grouped(number: int) -> str:
    """A whole number as the reader's language groups its digits."""
    return f"{number:,}".replace(",", _translations(_language.get()).pgettext(GROUPS, ","))


def noted(word: str) -> str:
    """The word itself, which `say` looks up where it is shown: for tables that are made before there is a reader."""
    return word


def speak(locale: str) -> None:
    """From here on the running task speaks the language of a Discord locale, such as "de" or "pt-BR"."""
    _language.set(locale)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Within it, the words are of the language of a Discord locale."""
    before = _language.set(locale)
    try:
        yield
    finally:
        _language.reset(before)


def sentence_in(locale: str, sentence: str) -> str | None:
    """The sentence in the language of a Discord locale; None where its catalogue lacks it."""
    found = _translations(locale).gettext(sentence)
    return found if found != sentence else None


def name_in(locale: str, name: str) -> str | None:
    """What a command or an option is called in the language of a Discord locale; None where it has its English name."""
    found = _translations(locale).pgettext(NAME, name)
    return found if found != name else None


def languages() -> frozenset[str]:
    """The codes of the languages that there are catalogues for; English needs none."""
    names = (entry.name for entry in files("bot").joinpath("languages").iterdir())
    return frozenset(name.removesuffix(".po") for name in names if name.endswith(".po"))


def _filled(sentence: str, values: dict[str, object]) -> str:
    if not values:
        return sentence
    return sentence.format(**{name: _shown(value) for name, value in values.items()})


def _shown(value: object) -> str:
    return grouped(value) if isinstance(value, int) else str(value)


@lru_cache(maxsize=64)
def _translations(locale: str) -> gettext.NullTranslations:
    """The catalogue for a locale: of the very locale, or of its language; otherwise the sentences as they are."""
    known = languages()
    code = next((one for one in (locale, locale.split("-")[0]) if one in known), None)
    if code is None:
        return gettext.NullTranslations()
    # Babel comes with trafilatura, and reads a catalogue as translators write it, so that nothing has to be compiled.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with files("bot").joinpath("languages", f"{code}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
