"""Sheets on what members said of answers, and on what is kept of somebody."""

from collections.abc import Mapping

from bot.cards import LOOKS
from bot.escaping import shortened
from bot.sheets import Line, Sheet
from knowledge.desk import Page
from knowledge.feedback import Dispute
from knowledge.models import Opinion
from knowledge.retention import ANSWERED_SUGGESTION_KEPT, FEEDBACK_KEPT, LOG_NAMES_KEPT

OPINIONS = {Opinion.RIGHT: "Right", Opinion.PASSAGE: "Wrong passage", Opinion.VERDICT: "Wrong verdict"}
"""What can be said of an answer, as the buttons say it."""


def disputes_sheet(page: Page[Dispute], offset: int) -> Sheet:
    """A page of the answers that members think wrong."""
    if not page.total:
        return Sheet("No answer is disputed", remark="Members say what they think of one under Details.")
    last = offset + len(page.items)
    return Sheet(
        title=f"Disputed answers {offset + 1:,} to {last:,} of {page.total:,}",
        lines=tuple(Line(f"{one.id}", dispute_line(one)) for one in page.items),
        remark="/receipts feedback export makes a test case of one.",
    )


def dispute_line(dispute: Dispute) -> str:
    """A disputed answer in a line: the verdict, how many say what of it, the claim and the address."""
    answer = dispute.answer
    counts = {Opinion.VERDICT: dispute.wrong_verdict, Opinion.PASSAGE: dispute.wrong_passage}
    said = [f"{number:,} {OPINIONS[opinion].lower()}" for opinion, number in counts.items() if number]
    said += [f"{dispute.right:,} right"] if dispute.right else []
    about = f"{LOOKS[answer.verdict].label}, {', '.join(said)}: “{shortened(answer.claim, 120)}”"
    return f"{about} {shortened(answer.address.partition('#')[0], 100)}".rstrip()


_KEPT = {
    "feedback": ("Feedback on answers", f"each for {FEEDBACK_KEPT.days} days"),
    "suggestions": ("Suggested sources", f"once decided on for {ANSWERED_SUGGESTION_KEPT.days} days"),
    "log": ("Entries in logs of changes", f"your name for {LOG_NAMES_KEPT.days} days"),
}
"""What each store holds of somebody, and for how long."""


def kept_sheet(counts: Mapping[str, int]) -> Sheet:
    """What is kept of the one who asks."""
    if not any(counts.values()):
        return Sheet("Nothing is kept of you", remark="Neither what you check nor what you write is kept.")
    remark = "In all servers together. Neither what you check nor what you write is kept."
    return Sheet("What is kept of you", _kept_lines(counts), remark=remark)


def forgetting_sheet(counts: Mapping[str, int]) -> Sheet:
    """What is about to be deleted."""
    return Sheet("Delete what is kept of you?", _kept_lines(counts), remark=_LOG_STAYS if counts.get("log") else "")


def forgotten_sheet(left: Mapping[str, int]) -> Sheet:
    """What is left after it was deleted."""
    if any(left.values()):
        return Sheet("Deleted, but for this", _kept_lines(left), remark=_LOG_STAYS)
    return Sheet("Deleted: nothing is kept of you")


_LOG_STAYS = (
    f"What you changed as a moderator stays in the log under your name for {LOG_NAMES_KEPT.days} days: "
    "the others who moderate have to see who changed what."
)


def _kept_lines(counts: Mapping[str, int]) -> tuple[Line, ...]:
    words = {name: _KEPT.get(name, (name.capitalize(), "")) for name, number in counts.items() if number}
    return tuple(
        Line(label, f"{counts[name]:,}, {period}" if period else f"{counts[name]:,}")
        for name, (label, period) in words.items()
    )
