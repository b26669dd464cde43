"""Sheets on what members said of answers, and on what is kept of somebody."""

from collections.abc import Mapping

from bot.cards import LOOKS
from bot.catalogue import noted, quoted, say
from bot.escaping import shortened
from bot.sheets import Line, Sheet
from knowledge.desk import Page
from knowledge.feedback import Dispute
from knowledge.models import Opinion
from knowledge.retention import ANSWERED_SUGGESTION_KEPT, FEEDBACK_KEPT, LOG_NAMES_KEPT, WATCH_KEPT

OPINIONS = {
    Opinion.RIGHT: noted("Right"),
    Opinion.PASSAGE: noted("Wrong passage"),
    Opinion.VERDICT: noted("Wrong verdict"),
}
"""What can be said of an answer, as the buttons say it."""


def disputes_sheet(page: Page[Dispute], offset: int) -> Sheet:
    """A page of the answers that members think wrong."""
    if not page.total:
        return Sheet(say("No answer is disputed"), remark=say("Members say what they think of one under Details."))
    last = offset + len(page.items)
    return Sheet(
        title=say("Disputed answers {first} to {last} of {total}", first=offset + 1, last=last, total=page.total),
        lines=tuple(Line(f"{one.id}", dispute_line(one)) for one in page.items),
        remark=say("/receipts feedback export makes a test case of one."),
    )


_MARKS = '"“”„«» '
"""A claim that is a quote brings its own."""


def dispute_line(dispute: Dispute) -> str:
    """A disputed answer in a line: the verdict, how many say what of it, the claim and the address."""
    answer = dispute.answer
    counts = {
        noted("{n} wrong verdict"): dispute.wrong_verdict,
        noted("{n} wrong passage"): dispute.wrong_passage,
        noted("{n} right"): dispute.right,
    }
    said = [say(words, n=number) for words, number in counts.items() if number]
    claim = quoted(shortened(answer.claim, 120).strip(_MARKS))
    about = f"{say(LOOKS[answer.verdict].label)}, {', '.join(said)}: {claim}"
    return f"{about} {shortened(answer.address.partition('#')[0], 100)}".rstrip()


_KEPT = {
    "feedback": (noted("Feedback on answers"), noted("{kept}, each for {n} days"), FEEDBACK_KEPT.days),
    "suggestions": (
        noted("Suggested sources"),
        noted("{kept}, once decided on for {n} days"),
        ANSWERED_SUGGESTION_KEPT.days,
    ),
    "watches": (noted("Claims that you wait for"), noted("{kept}, each for {n} days"), WATCH_KEPT.days),
    "log": (noted("Entries in logs of changes"), noted("{kept}, your name for {n} days"), LOG_NAMES_KEPT.days),
}
"""What each store holds of somebody, and for how long."""


def kept_sheet(counts: Mapping[str, int]) -> Sheet:
    """What is kept of the one who asks."""
    if not any(counts.values()):
        return Sheet(say("Nothing is kept of you"), remark=say("Neither what you check nor what you write is kept."))
    remark = say("In all servers together. Neither what you check nor what you write is kept.")
    return Sheet(say("What is kept of you"), _kept_lines(counts), remark=remark)


def forgetting_sheet(counts: Mapping[str, int]) -> Sheet:
    """What is about to be deleted."""
    return Sheet(
        say("Delete what is kept of you?"), _kept_lines(counts), remark=_log_stays() if counts.get("log") else ""
    )


def forgotten_sheet(left: Mapping[str, int]) -> Sheet:
    """What is left after it was deleted."""
    if any(left.values()):
        return Sheet(say("Deleted, but for this"), _kept_lines(left), remark=_log_stays())
    return Sheet(say("Deleted: nothing is kept of you"))


def _log_stays() -> str:
    return say(
        "What you changed as a moderator stays in the log under your name for {n} days: the others who moderate have "
        "to see who changed what.",
        n=LOG_NAMES_KEPT.days,
    )


def _kept_lines(counts: Mapping[str, int]) -> tuple[Line, ...]:
    held = ((*_KEPT[name], number) for name, number in counts.items() if number)
    return tuple(Line(say(label), say(words, kept=number, n=days)) for label, words, days, number in held)
