"""schema.org ClaimReview, as fact checkers publish it → `NewArticle`s whose text is the claim that was reviewed.

One page may review several claims, and is an article itself: so each review has the page's address with a fragment of
its own. Nothing is taken from the input but bounded texts; whatever nests too deep or goes on too long is refused.
"""

import datetime as dt
import hashlib
import html
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin

from knowledge.errors import IngestError
from knowledge.ingest.validation import (
    PUBLISHER_LIMIT,
    TITLE_LIMIT,
    require_storable,
    valid_article,
    valid_date,
    valid_url,
)
from knowledge.models import NewArticle, Review, caseless

CLAIM_LIMIT = 5_000
"""Characters of a claim; the longest that fact checkers quote are a few hundred."""
NAME_LIMIT = PUBLISHER_LIMIT
"""Characters of a claimant, a reviewer or a rating."""
DEPTH_LIMIT = 12
"""Lists and graphs within each other; Data Commons' feed needs four."""
NODE_LIMIT = 500_000
"""Objects that are looked at; Data Commons' feed has some hundred thousand."""

_INSIDE = ("@graph", "dataFeedElement", "item", "itemListElement", "mainEntity", "hasPart", "review")
"""Where a document keeps further objects."""
_SEVERAL = 5
"""Names of one claim's claimants that are kept."""


def read_reviews(document: object, place: str, page: str = "") -> Iterator[NewArticle | IngestError]:
    """The reviews of parsed JSON, in order; an `IngestError` in the place of one that cannot be used, or of the rest.

    `page` is the address of the page that it comes from. Errors name the number of the review, from 1.
    """
    number = 0
    try:
        for node in _nodes(document):
            if not _is_review(node):
                continue
            number += 1
            try:
                yield _article(node, f"{place}:{number}", page)
            except IngestError as error:
                yield error
    except ValueError as error:
        yield IngestError(place, str(error))


def exported_review(value: object, place: str) -> Review | None:
    """The review that `receipts source export` wrote beside an article; None for anything else of that name.

    Raises `IngestError`.
    """
    if not isinstance(value, dict) or not isinstance(value.get("claim"), str):
        return None
    claim, *others = (
        _text(place, f"review.{name}", value.get(name), CLAIM_LIMIT if name == "claim" else NAME_LIMIT)
        for name in ("claim", "claimant", "rating", "reviewer")
    )
    claimant, rating, reviewer = others
    return Review(claim, claimant, _day(value.get("claimed_on")), rating, reviewer)


def _nodes(document: object) -> Iterator[dict[str, object]]:
    """Every object that may be a review, in the document's order. Raises `ValueError` where there is no end to it."""
    pending: list[tuple[object, int]] = [(document, 0)]
    seen = 0
    while pending:
        node, depth = pending.pop()
        seen += 1
        if seen > NODE_LIMIT or depth > DEPTH_LIMIT:
            raise ValueError("nests too deep, or goes on too long, for reviews")
        if isinstance(node, list):
            pending += [(item, depth + 1) for item in reversed(node)]
        elif isinstance(node, dict):
            yield node
            pending += [
                (node[name], depth + 1) for name in reversed(_INSIDE) if isinstance(node.get(name), dict | list)
            ]


def _is_review(node: dict[str, object]) -> bool:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and name.rpartition("/")[2].rpartition(":")[2] == "ClaimReview" for name in names)


def _article(node: dict[str, object], place: str, page: str) -> NewArticle:
    """The article of a review. Raises `IngestError`."""
    claim = _text(place, "claimReviewed", node.get("claimReviewed"), CLAIM_LIMIT)
    if not claim:
        raise IngestError(place, "names no claim that was reviewed")
    reviewed, author = _first(node.get("itemReviewed")), node.get("author") or node.get("publisher")
    reviewer = _names(place, "author", author)
    article = valid_article(
        place,
        url=_address(place, node, page, claim),
        text=claim,
        title=_text(place, "headline", node.get("headline") or node.get("name"), TITLE_LIMIT),
        publisher=reviewer,
        date=_date(node.get("datePublished")),
    )
    review = Review(
        claim=claim,
        claimant=_names(place, "itemReviewed.author", reviewed.get("author")),
        claimed_on=_day(reviewed.get("datePublished") or _first(reviewed.get("firstAppearance")).get("datePublished")),
        rating=_rating(place, _first(node.get("reviewRating"))),
        reviewer=reviewer or article.publisher,
    )
    return replace(article, review=review)


def _address(place: str, node: dict[str, object], page: str, claim: str) -> str:
    """The page of a review, with a fragment that tells the claim."""
    given = node.get("url") or node.get("mainEntityOfPage") or node.get("@id")
    if isinstance(given, dict):
        given = given.get("@id") or given.get("url")
    try:
        url = valid_url(urljoin(page, given) if isinstance(given, str) else page).partition("#")[0]
        if not url.startswith(("http://", "https://")):
            raise ValueError("URL does not begin with http:// or https://")
    except ValueError as error:
        raise IngestError(place, str(error)) from error
    return f"{url}#claimreview-{hashlib.sha256(caseless(claim).encode('utf-8', 'replace')).hexdigest()[:8]}"


def _rating(place: str, rating: dict[str, object]) -> str:
    """A rating in the reviewer's words, else as a number of the best."""
    for name in ("alternateName", "name", "ratingExplanation"):
        if words := _text(place, f"reviewRating.{name}", rating.get(name), NAME_LIMIT):
            return words
    value, best = (_text(place, "reviewRating", rating.get(name), NAME_LIMIT) for name in ("ratingValue", "bestRating"))
    return f"{value}/{best}" if value and best else value


def _names(place: str, field: str, value: object) -> str:
    """The names of persons or organisations, with commas."""
    values = value[:_SEVERAL] if isinstance(value, list) else [value]
    names = [one.get("name") if isinstance(one, dict) else one for one in values]
    return _text(
        place, field, ", ".join(filter(None, (_text(place, field, name, NAME_LIMIT) for name in names))), NAME_LIMIT
    )


def _text(place: str, field: str, value: object, limit: int) -> str:
    """Words or a number on one line, entities as characters; "" for anything else. Raises `IngestError`."""
    value = _scalar(value)
    if len(value) > limit:
        raise IngestError(place, f"{field} is longer than {limit:,} characters")
    words = " ".join(html.unescape(value).split())
    try:
        require_storable(field, words, limit)
    except ValueError as error:
        raise IngestError(place, str(error)) from error
    return words


def _scalar(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return value if isinstance(value, str) else str(value)


def _first(value: object) -> dict[str, object]:
    """An object, or the first of several; an empty one for anything else."""
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, dict)), None)
    return value if isinstance(value, dict) else {}


def _date(value: object) -> str:
    """A date as it is written; "" for what is none, which many reviews have."""
    day = _day(value)
    return day.isoformat() if day else ""


def _day(value: object) -> dt.date | None:
    try:
        return valid_date(value) if isinstance(value, str) else None
    except ValueError:
        return None
