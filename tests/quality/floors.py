"""The floors that quality must not fall under: kept in floors.json, raised by measuring, lowered only on purpose."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.quality.measures import Figures

FILE = Path(__file__).with_name("floors.json")
CEILINGS = frozenset({"false"})
"""Shares that must not rise: for them a floor is the highest value allowed."""
DIGITS = 4

Floors = Mapping[str, Mapping[str, float]]
"""By measure and share."""


def margin(value: float, count: int) -> float:
    """How far under a measured value its floor is set: one standard error, and one sample at the least."""
    return max(1 / count, math.sqrt(value * (1 - value) / count))


def read(section: str, path: Path = FILE) -> Floors:
    """The floors of a section of the file; none where it has none."""
    floors: Floors = _whole(path).get(section, {})
    return floors


def read_data(path: Path = FILE) -> str:
    """Which data the floors were set on, as `corpus.data_stamp` names it; "" where it is not said."""
    return str(_whole(path).get("data", ""))


def write(section: str, floors: Floors, data: str, path: Path = FILE) -> None:
    """Replace a section of the file; `data` says what it was measured on, "" where nothing of the data was."""
    whole = _whole(path) | {section: floors} | ({"data": data} if data else {})
    path.write_text(json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")


def broken(floors: Floors, figures: Iterable[Figures]) -> list[str]:
    """What is under its floor, a sentence each."""
    return [
        f"{one.measure}: {name} is {100 * value:.2f}, {'over' if name in CEILINGS else 'under'} {100 * floor:.2f}"
        for one, name, value in _shares(figures)
        if (floor := floors.get(one.measure, {}).get(name)) is not None and is_worse(name, value, floor)
    ]


def raised(floors: Floors, figures: Iterable[Figures]) -> Floors:
    """The floors after a measurement: each the better of the old one and of the new value less its margin."""
    new = _copied(floors)
    for one, name, value in _shares(figures):
        proposed = _floor(name, value, one.count)
        old = new.setdefault(one.measure, {}).setdefault(name, proposed)
        new[one.measure][name] = proposed if is_worse(name, old, proposed) else old
    return new


def lowered(floors: Floors, figures: Iterable[Figures]) -> Floors:
    """The floors with those that are broken set anew; the others stay."""
    new = _copied(floors)
    for one, name, value in _shares(figures):
        old = new.get(one.measure, {}).get(name)
        if old is not None and is_worse(name, value, old):
            new[one.measure][name] = _floor(name, value, one.count)
    return new


def is_worse(name: str, value: float, floor: float) -> bool:
    """Whether a share breaks its floor."""
    return value > floor if name in CEILINGS else value < floor


def _copied(floors: Floors) -> dict[str, dict[str, float]]:
    return {measure: dict(shares) for measure, shares in floors.items()}


def _shares(figures: Iterable[Figures]) -> Iterator[tuple[Figures, str, float]]:
    """Every share that was measured."""
    for one in figures:
        for name, value in one.shares.items():
            yield one, name, value


def _floor(name: str, value: float, count: int) -> float:
    """A measured value with its margin, rounded away from it, between 0 and 1."""
    scale = 10.0**DIGITS
    if name in CEILINGS:
        return min(1.0, math.ceil((value + margin(value, count)) * scale) / scale)
    return max(0.0, math.floor((value - margin(value, count)) * scale) / scale)


def _whole(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}
