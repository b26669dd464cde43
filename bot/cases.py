"""A disputed answer as a labelled case: a line of `tests/quality/claims.jsonl`, once a moderator says what is right."""

import json

from knowledge.feedback import Dispute
from knowledge.verdicts import Verdict


def case_line(dispute: Dispute, verdict: Verdict, why: str, article: str = "") -> bytes:
    """The line; `article` is the address of the right article, where it is not the one that was shown.

    Nothing in it says who spoke of the answer, or how many did.
    """
    answer = dispute.answer
    address = article or answer.address.partition("#")[0]
    speaker = {"speaker": answer.speaker} if answer.speaker else {}
    found: dict[str, object] = {"articles": [address or "all"], "verdict": verdict.value}
    if address and verdict is not Verdict.NOT_FOUND:
        found["article"] = address
    name = f"disputed: {answer.claim[:60]}"
    row = {"name": name, "claim": answer.claim, **speaker, **found, "why": why or f"it was {answer.verdict.value}"}
    return f"{json.dumps(row, ensure_ascii=False)}\n".encode()
