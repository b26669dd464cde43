"""`/receipts status`: the articles of a server, and how many checks there were, as words and as a small plot."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.catalogue import grouped, plural, say
from bot.escaping import moment
from knowledge.statistics import Day, Status

if TYPE_CHECKING:
    import discord

_COLOUR = 0x5B6770
_BAR = 8
"""Blocks of the day with the most questions: with the numbers beside it, as wide as a phone shows on a line."""
_FOUND, _NOT_FOUND, _REFUSED = "█", "▒", "░"


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
    return say("{n}, last polled {moment}", n=status.feeds, moment=moment(status.polled_at).text)


def _checks(status: Status) -> list[str]:
    if not any(day.checks or day.refused for day in status.days):
        return [say("None yet.")]
    legend = say(
        "{found} found or related, {missed} not found (in brackets), {refused} refused (after a plus)",
        found=_FOUND,
        missed=_NOT_FOUND,
        refused=_REFUSED,
    )
    return [f"-# {legend}", *plot(status.days), *_pace(status)]


def _pace(status: Status) -> list[str]:
    if status.p95_ms is None:
        return []
    if status.p95_ms == math.inf:
        return [say("More than 5 of 100 took longer than 10 seconds.")]
    return [say("95 of 100 answered within {duration}.", duration=_duration(status.p95_ms))]


def _duration(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:g} s"


def plot(days: Sequence[Day]) -> list[str]:
    """A line a day: a bar, and beside it the numbers that it stands for, for whoever does not see it."""
    most = max((day.checks + day.refused for day in days), default=0)
    return [f"`{day.day:%m-%d} {_bar(day, most):<{_BAR}} {_numbers(day)}`" for day in days]


def _bar(day: Day, most: int) -> str:
    """A part of each kind that there is, however small its share."""
    kinds = {_FOUND: day.checks - day.not_found, _NOT_FOUND: day.not_found, _REFUSED: day.refused}
    there = {block: number for block, number in kinds.items() if number}
    if not there:
        return ""
    length = max(math.ceil(_BAR * sum(there.values()) / most), len(there))
    parts = {block: max(round(length * number / sum(there.values())), 1) for block, number in there.items()}
    parts[max(parts, key=parts.__getitem__)] += length - sum(parts.values())
    return "".join(block * number for block, number in parts.items())


def _numbers(day: Day) -> str:
    """The checks, in brackets those of them that found nothing, and after a plus what was refused."""
    missed = f" ({grouped(day.not_found)})" if day.not_found else ""
    return grouped(day.checks) + missed + (f" +{grouped(day.refused)}" if day.refused else "")
