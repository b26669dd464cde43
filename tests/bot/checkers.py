"""Checkers and a library that misbehave in the way that a test needs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from knowledge.checker import FactCheck, FactChecker, Search
from knowledge.library import Library


class BrokenChecker(FactChecker):
    """A checker with a bug in it."""

    def check(self, text: str, *, collection: str = "shared", speaker: str | None = None, limit: int = 5) -> FactCheck:
        raise ZeroDivisionError("something nobody thought of")


class PatientChecker(FactChecker):
    """A checker whose first check takes as long as the test wants."""

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self.has_begun = threading.Event()
        self.may_finish = threading.Event()

    def check(self, text: str, *, collection: str = "shared", speaker: str | None = None, limit: int = 5) -> FactCheck:
        if not self.has_begun.is_set():
            self.has_begun.set()
            self.may_finish.wait(30)
        return super().check(text, collection=collection, speaker=speaker, limit=limit)


class BusyChecker(FactChecker):
    """A checker that answers nothing until the test lets it."""

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self.may_finish = threading.Event()

    def check(self, text: str, *, collection: str = "shared", speaker: str | None = None, limit: int = 5) -> FactCheck:
        self.may_finish.wait(30)
        return super().check(text, collection=collection, speaker=speaker, limit=limit)

    def search(self, words: str, *, collection: str = "shared", limit: int = 5) -> Search:
        self.may_finish.wait(30)
        return super().search(words, collection=collection, limit=limit)


class HangingLibrary(Library):
    """A library on a disk that hangs while the test wants it."""

    answers: threading.Event | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        if self.answers is not None:
            self.answers.wait(30)
        with super().reading() as connection:
            yield connection
