"""`FactCheck` and `Search` → the JSON that `receipts check` and `search` print. Other programs depend on its shape."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.checker import FactCheck, Search
    from knowledge.dates import PartialDate
    from knowledge.evidence import Evidence
    from knowledge.models import Article
    from knowledge.verdicts import Finding

Identity = str | int | float | bool | None
"""What a batch line may be called by."""


def check_line(identity: Identity, check: "FactCheck") -> bytes:
    """One answered claim, as a line."""
    return _line(_check(identity, check))


def search_line(identity: Identity, search: "Search") -> bytes:
    """One answered search, as a line."""
    return _line(
        {
            "id": identity,
            "query": search.query,
            "searched": search.searched,
            "elapsed_ms": round(search.elapsed_ms, 3),
            "results": [_evidence(result) for result in search.results],
        }
    )


def article_line(article: "Article", text: str) -> bytes:
    """One article, as a line that `receipts import` reads; the text verbatim."""
    row: dict[str, object] = {
        "url": article.url,
        "date": _iso(article.published_on),
        "title": article.title,
        "outlet": article.publisher,
        "lang": article.language,
        "text": text,
    }
    return _line(row | {"review": article.review} if article.review else row)


def error_line(identity: Identity, error: str) -> bytes:
    """One refused line; `identity` is None where it is unknown."""
    return _line({"id": identity, "error": error})


def _check(identity: Identity, check: "FactCheck") -> dict[str, object]:
    return {
        "id": identity,
        "claim": {
            "text": check.claim.text,
            "quotes": list(check.claim.quotes),
            "speaker": check.claim.speaker,
            "date": _iso(check.claim.date),
        },
        "verdict": check.verdict.value,
        "score": round(check.score, 2),
        "searched": check.searched,
        "elapsed_ms": round(check.elapsed_ms, 3),
        "findings": _findings(check.findings),
        "evidence": [_judged_evidence(evidence) for evidence in check.evidence],
        "parts": [_check(identity, part) for part in check.parts],
        "reports": _reports(check),
    }


def _reports(check: "FactCheck") -> dict[str, object] | None:
    reports = check.reports
    if reports is None:
        return None
    return {"articles": reports.articles, "outlets": reports.outlets, "first_on": _iso(reports.first_on)}


def _judged_evidence(evidence: "Evidence") -> dict[str, object]:
    article, *rest = _evidence(evidence).items()
    return dict([article, ("verdict", evidence.verdict.value), *rest])


def _evidence(evidence: "Evidence") -> dict[str, object]:
    article = evidence.article
    return {
        "article": {
            "id": article.id,
            "url": article.url,
            "title": article.title,
            "publisher": article.publisher,
            "date": _iso(article.published_on),
        },
        "score": round(evidence.score, 2),
        "passage": evidence.passage,
        "context": evidence.context,
        "spans": [{"field": evidence.field.value, "start": span.start, "end": span.end} for span in evidence.spans],
        "speaker": evidence.speaker,
        "said_on": _iso(evidence.said_on),
        "findings": _findings(evidence.findings),
        "link": evidence.link,
        "version": evidence.version,
        "fetched_on": _iso(evidence.fetched_on),
        "changed_on": _iso(evidence.changed_on),
    }


def _findings(findings: Iterable["Finding"]) -> list[dict[str, str]]:
    return [{"kind": f.kind.value, "claimed": f.claimed, "source": f.source} for f in findings]


def _iso(date: "dt.date | PartialDate | None") -> str | None:
    """ISO 8601, as both kinds of date print themselves."""
    return str(date) if date else None


def _line(answer: dict[str, object]) -> bytes:
    # JSON is UTF-8 whatever the terminal speaks; a lone surrogate comes out as the JSON escape of itself.
    text = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"
