"""Reads what a person typed or posted into a `Claim`: the first step of the pipeline."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """What a person asserts. `quotes` are the words between marks, in order; empty without marks."""

    text: str
    quotes: tuple[str, ...] = ()
    speaker: str | None = None
    date: dt.date | None = None
