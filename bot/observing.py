"""One line of the log and one count for every check, whatever comes of it; neither says what was asked, or who did."""

import logging
import re
import secrets
import time
from collections.abc import Awaitable
from typing import Any

import discord

from bot.logs import fields
from bot.metrics import Metrics
from bot.refusals import is_expected
from knowledge.checker import FactCheck
from knowledge.errors import ClaimError

log = logging.getLogger(__name__)

DIRECT = "direct"
"""Where a check was asked for that belongs to no server of the bot's."""

_REFERENCE = "reference"


async def observed(
    checking: Awaitable[FactCheck], metrics: Metrics, guild: str, interaction: discord.Interaction[Any]
) -> FactCheck:
    """The fact check, counted and logged. Raises what checking raises, once that is noted."""
    begun = time.perf_counter()
    try:
        check = await checking
    except Exception as error:
        _log_unanswered(error, _milliseconds(begun), guild, interaction)
        raise
    metrics.checked(check, time.perf_counter() - begun)
    milliseconds = _milliseconds(begun)
    told = fields(
        "check",
        guild=guild,
        verdict=check.verdict.value,
        score=round(check.score, 1),
        candidates=check.candidates,
        searched=check.searched,
        milliseconds=milliseconds,
    )
    log.info("check in %s: %s in %.0f ms", guild, check.verdict.value, milliseconds, extra=told)
    return check


def reference_of(interaction: discord.Interaction[Any]) -> str:
    """What a failure to answer an interaction is called, in the log and to the one who asked."""
    reference: str = interaction.extras.setdefault(_REFERENCE, secrets.token_hex(4))
    return reference


def reason_of(error: BaseException) -> str:
    """The kind of an expected error, as a word for programs: `claim_too_short`, `quota_exceeded`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__.removesuffix("Error")).lower()
    return f"{words}_{error.problem.value}" if isinstance(error, ClaimError) else words


def _log_unanswered(error: Exception, milliseconds: float, guild: str, interaction: discord.Interaction[Any]) -> None:
    if is_expected(error):
        reason = reason_of(error)
        told = fields("check", guild=guild, refused=reason, milliseconds=milliseconds)
        log.info("check in %s: refused (%s) in %.0f ms", guild, reason, milliseconds, extra=told)
    else:
        reference = reference_of(interaction)
        told = fields("check", guild=guild, reference=reference, milliseconds=milliseconds)
        log.info("check in %s: failed in %.0f ms, reference %s", guild, milliseconds, reference, extra=told)


def _milliseconds(begun: float) -> float:
    return round(1000 * (time.perf_counter() - begun), 1)
