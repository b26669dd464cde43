"""`/receipts status`: the articles of a server, and how many checks there were, as words and as a small plot."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.catalogue import grouped, plural, say
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
        ui.TextDisplay("\n".join([f"### {say('Receipts here')}", *_articles(status)])),
        ui.Separator(),
        ui.TextDisplay("\n".join([f"**{say('Checks of the last {n} days', n=len(status.days))}**", *_checks(status)])),
    ]
    return ui.LayoutView(timeout=None).add_item(ui.Container(*blocks, accent_colour=_COLOUR))


def _articles(status: Status) -> list[str]:
    passages = plural("{n} passage", "{n} passages", status.passages)
    told = {say("Articles"): f"{plural('{n} article', '{n} articles', status.articles)}, {passages}"}
    if status.shared is not None:
        told[say("Shared")] = plural("{n} article, searched too", "{n} articles, searched too", status.shared)
    told[say("Feeds")] = _feeds(status)
    return [f"**{label}:** {words}" for label, words in told.items()]


def _feeds(status: Status) -> str:
    if not status.feeds:
        return say("none")
    if status.polled_at is None:
        return say("{n}, not polled yet", n=status.feeds)
    day, time = f"{status.polled_at:%Y-%m-%d}", f"{status.polled_at:%H:%M}"
    return say("{n}, last polled on {day} at {time} UTC", n=status.feeds, day=day, time=time)


def _checks(status: Status) -> list[str]:
    if status.p95_ms is None:
        return [say("None yet.")]
    legend = f"-# {_FOUND} {say('found or related')}  {_NOT_FOUND} {say('not found')}"
    if status.p95_ms == math.inf:
        pace = say("More than 5 of 100 took longer than 10 seconds.")
    else:
        pace = say("95 of 100 answered within {duration}.", duration=_duration(status.p95_ms))
    return [*plot(status.days), legend, pace]


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
    if not day.not_found:
        return grouped(day.checks)
    return say("{checks}, {missed} not found", checks=day.checks, missed=day.not_found)
