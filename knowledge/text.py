"""The normal form of a text: its words without case, typography or spelling of numbers, each with its place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """The half-open range [`start`, `end`) of code points in an original text."""

    start: int
    end: int
