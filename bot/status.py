"""`/receipts status`: the articles of a server, and how many checks there were, as words and as a small plot."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.cards import count
from knowledge.statistics import Day, Status

if TYPE_CHECKING:
    import discord

_COLOUR = 0x5B6770
_BAR = 10
"""Blocks of the day with the most checks: with the numbers beside it, as wide as a phone shows on a line."""
_FOUND, _NOT_FOUND = "█", "░"


def status_layout(status: Status) -> "discord.ui.LayoutView":
    """The status as a Discord message."""
    import discord

    ui = discord.ui
    blocks: list[discord.ui.Item[discord.ui.LayoutView]] = [
        ui.TextDisplay("\n".join(["### Receipts here", *_articles(status)])),
        ui.Separator(),
        ui.TextDisplay("\n".join([f"**Checks of the last {len(status.days)} days**", *_checks(status)])),
    ]
    return ui.LayoutView(timeout=None).add_item(ui.Container(*blocks, accent_colour=_COLOUR))


def _articles(status: Status) -> list[str]:
    own = f"{count(status.articles, 'article')}, {count(status.passages, 'passage')}"
    shared = f"{count(status.shared, 'article')}, searched too" if status.shared is not None else ""
    polled = f", last polled on {status.polled_at:%Y-%m-%d at %H:%M} UTC" if status.polled_at else ""
    told = {"Articles": own, "Shared": shared, "Feeds": f"{status.feeds:,}{polled}" if status.feeds else "none"}
    return [f"**{label}:** {words}" for label, words in told.items() if words]


def _checks(status: Status) -> list[str]:
    if status.p95_ms is None:
        return ["None yet."]
    pace = f"within {_duration(status.p95_ms)}" if status.p95_ms < math.inf else "in more than 10 seconds"
    return [*plot(status.days), f"-# {_FOUND} found or related  {_NOT_FOUND} not found", f"95 of 100 answered {pace}."]


def _duration(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:g} s"


def plot(days: Sequence[Day]) -> list[str]:
    """A line a day: a bar, and beside it the numbers that it stands for, for whoever does not see it."""
    most = max((day.checks for day in days), default=0)
    return [f"`{day.day:%m-%d} {_bar(day, most):<{_BAR}} {_numbers(day)}`" for day in days]


def _bar(day: Day, most: int) -> str:
    """A part of each kind that there is, however small its share."""
    if not day.checks:
        return ""
    has_found, has_missed = day.checks > day.not_found, day.not_found > 0
    length = max(math.ceil(_BAR * day.checks / most), has_found + has_missed)
    missed = min(max(round(length * day.not_found / day.checks), has_missed), length - has_found)
    return _FOUND * (length - missed) + _NOT_FOUND * missed


def _numbers(day: Day) -> str:
    return f"{day.checks:,}" + (f", {day.not_found:,} not found" if day.not_found else "")
