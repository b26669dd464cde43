"""Checkers that misbehave in the way that a test needs."""

import threading

from knowledge.checker import FactCheck, FactChecker
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
