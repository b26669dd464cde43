"""A live example out of a collection's own articles: a sentence, the same one changed, and the answers to both."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select
from sqlmodel import SQLModel

from knowledge.checker import FactCheck, FactChecker
from knowledge.library import SHARED
from knowledge.models import Collection
from knowledge.text import sentences
from knowledge.verdicts import Verdict

_ARTICLES = 20
"""Of the newest, so that it takes the same moment with thirty articles and thirty thousand."""
_CHARACTERS = 2000
"""Of each: news begins with what matters."""
_TRIED = 4
"""Sentences that are checked until one serves."""
_SHORTEST, _LONGEST = 40, 180
"""Code points that one takes in at a glance, and that are long enough to stand nowhere by chance."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence as an article has it and with a number or a "not" changed, and what a check says of each."""

    quote: str
    changed: str
    of_quote: FactCheck
    of_changed: FactCheck


def example_from(checker: FactChecker, collection: str) -> Example | None:
    """The example of a collection, the same until its articles change; None where none of the newest serves.

    Where the collection has none and searches the shared one too, that one's. Raises `CollectionDisabled`.
    """
    for number, (quote, changed) in enumerate(_candidates(checker, collection)):
        if number == _TRIED:
            return None
        of_quote, of_changed = (checker.check(f"“{words}”", collection=collection) for words in (quote, changed))
        if of_quote.verdict is Verdict.VERBATIM and of_changed.verdict is Verdict.ALTERED:
            return Example(quote, changed, of_quote, of_changed)
    return None


def _candidates(checker: FactChecker, collection: str) -> Iterator[tuple[str, str]]:
    """Sentences that can be changed in one word, beside what they become; those with a number first."""
    with checker.library.reading_of(collection) as (connection, of):
        texts = _newest_texts(connection, of)
        reads_shared = of.reads_shared and collection != SHARED
    if not texts and reads_shared:
        with checker.library.reading_of(SHARED) as (connection, of):
            texts = _newest_texts(connection, of)
    plain = [sentence for text in texts for sentence in _plain_sentences(text)]
    for change in (_with_another_number, _without_its_negation):
        for sentence in plain:
            changed = change(sentence)
            if changed != sentence:
                yield sentence, changed


def _newest_texts(connection: Connection, of: Collection) -> list[str]:
    article, version = (SQLModel.metadata.tables[name].c for name in ("article", "articleversion"))
    mine = select(article.id).where(article.collection_id == (of.id or 0)).order_by(article.id.desc()).limit(_ARTICLES)
    numbers = list(connection.scalars(mine))
    newest = (
        select(func.substr(version.text, 1, _CHARACTERS))
        .join(article.id.table, (article.id == version.article_id) & (article.version == version.number))
        .where(article.id.in_(numbers))
        .order_by(article.id.desc())
    )
    return list(connection.scalars(newest))


def _plain_sentences(text: str) -> Iterator[str]:
    """The sentences of a text that can stand by themselves between quotation marks."""
    for span in sentences(text)[:-1] if len(text) == _CHARACTERS else sentences(text):
        sentence = text[span.start : span.end]
        if _SHORTEST <= len(sentence) <= _LONGEST and not _UNFIT.search(sentence):
            yield sentence


_UNFIT = re.compile(r"[\"“”„«»\n]|^\W")
_NUMBER = re.compile(r"(?<![\w.,:/$€£–-])(?:[2-9]|[1-9]\d{1,2})(?![\w:/–-]|[.,]\d)")
_NEGATION = re.compile(
    r"\b((?:is|are|was|were|will|would|do|does|did|has|have|had|can|could|should|must)(?= not\b)|can(?=not\b)) ?not\b"
)


def _with_another_number(sentence: str) -> str:
    return _NUMBER.sub(lambda found: _another(found[0]), sentence, count=1)


def _another(number: str) -> str:
    """A number with another first digit: 57 for 47, 85 for 95."""
    first = int(number[0])
    return f"{first - 1 if first == 9 else first + 1}{number[1:]}"


def _without_its_negation(sentence: str) -> str:
    return _NEGATION.sub(r"\1", sentence, count=1)
