"""ClaimReview in all the forms in which fact checkers publish it, and what is refused of it."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.checker import FactChecker
from knowledge.errors import IngestError
from knowledge.ingest import Refusal, read_articles
from knowledge.ingest.claimreview import CLAIM_LIMIT, read_reviews
from knowledge.library import Library
from knowledge.models import NewArticle, Review
from knowledge.verdicts import Verdict
from knowledge.writer import Addition

CLAIM = "Kettles are taxed at 40% in Alder Falls."


def review(claim: str = CLAIM, **changes: Any) -> dict[str, Any]:
    """A review as schema.org has it."""
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": "https://checks.example/kettles",
        "datePublished": "2031-05-09T10:00:00Z",
        "author": {"@type": "Organization", "name": "Alder Checks"},
        "claimReviewed": claim,
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": "Odile Fenwick"},
            "datePublished": "2031-05-01",
        },
        "reviewRating": {"@type": "Rating", "ratingValue": 1, "bestRating": 5, "alternateName": "Mostly false"},
        **changes,
    }


def test_a_review_becomes_an_article_of_the_claim() -> None:
    (article,) = read_reviews(review(), "a.json")
    assert isinstance(article, NewArticle)
    assert article.text == CLAIM
    assert article.url.startswith("https://checks.example/kettles#claimreview-")
    assert (article.publisher, article.published_on) == ("Alder Checks", dt.date(2031, 5, 9))
    assert article.review == Review(CLAIM, "Odile Fenwick", dt.date(2031, 5, 1), "Mostly false", "Alder Checks")
    assert Review.of(article.review.as_json()) == article.review


@pytest.mark.parametrize(
    "document",
    [
        review(),
        [review()],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, review()]},
        {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": [review()]}, {"item": None}]},
        {"dataFeedElement": [{"item": review()}]},
        {"@type": "NewsArticle", "review": review()},
        {**review(), "@type": ["Review", "https://schema.org/ClaimReview"]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": review()}]},
    ],
)
def test_a_review_is_found_in_every_form(document: object) -> None:
    (article,) = read_reviews(document, "a.json")
    assert isinstance(article, NewArticle)
    assert article.text == CLAIM


def test_two_claims_of_one_page_are_two_articles_with_lasting_addresses() -> None:
    first, second = read_reviews([review("Claim number one."), review("Claim number two.")], "a.json")
    again = list(read_reviews([review("Claim number two."), review("Claim number one.")], "a.json"))
    assert isinstance(first, NewArticle)
    assert isinstance(second, NewArticle)
    assert first.url != second.url
    assert again == [second, first]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"reviewRating": {"ratingValue": "2", "bestRating": "5"}}, "2/5"),
        ({"reviewRating": {"ratingValue": 2}}, "2"),
        ({"reviewRating": [{"alternateName": {"@value": "False &amp; worse"}}]}, "False & worse"),
        ({"reviewRating": None}, ""),
        ({"reviewRating": True}, ""),
    ],
)
def test_a_rating_is_in_the_reviewers_words(changes: dict[str, Any], expected: str) -> None:
    (article,) = read_reviews(review(**changes), "a.json")
    assert isinstance(article, NewArticle)
    assert article.review is not None
    assert article.review.rating == expected


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"claimReviewed": ""}, "names no claim that was reviewed"),
        ({"claimReviewed": {"x": 1}}, "names no claim that was reviewed"),
        ({"claimReviewed": "x" * (CLAIM_LIMIT + 1)}, "claimReviewed is longer than 5,000 characters"),
        ({"claimReviewed": "half \ud800"}, "claimReviewed holds half of a surrogate pair, which no encoding can store"),
        ({"url": None}, "has no URL"),
        ({"url": "javascript:alert(1)"}, "URL does not begin with http://, https:// or file://"),
        ({"url": "file:///etc/passwd"}, "URL does not begin with http:// or https://"),
        ({"author": {"name": "\ud800"}}, "author holds half of a surrogate pair, which no encoding can store"),
        ({"author": {"name": "x" * 501}}, "author is longer than 500 characters"),
    ],
)
def test_a_review_that_cannot_be_used_is_refused_with_its_number(changes: dict[str, Any], reason: str) -> None:
    first, refused, last = read_reviews([review(), review(**changes), review("Another claim.")], "a.json")
    assert isinstance(first, NewArticle)
    assert isinstance(last, NewArticle)
    assert isinstance(refused, IngestError)
    assert (refused.place, refused.reason) == ("a.json:2", reason)


def test_dates_that_are_none_are_left_out() -> None:
    (article,) = read_reviews(review(datePublished="yesterday", itemReviewed={"datePublished": "2031-02-30"}), "a.json")
    assert isinstance(article, NewArticle)
    assert article.review is not None
    assert (article.published_on, article.review.claimed_on, article.review.claimant) == (None, None, "")


def test_what_nests_too_deep_is_refused() -> None:
    document: object = review()
    for _ in range(40):
        document = [document]
    (refused,) = read_reviews(document, "a.json")
    assert isinstance(refused, IngestError)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*review(), "name", "@graph", "@id", "ratingValue"]), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(list(review())), JSON, max_size=8))
def test_whatever_a_review_holds_is_read_or_refused(changes: dict[str, Any]) -> None:
    for one in read_reviews({**review(), **changes, "@type": "ClaimReview"}, "a.json"):
        assert isinstance(one, NewArticle | IngestError)
        if isinstance(one, NewArticle):
            assert one.review is not None
            json.dumps(one.review.as_json()).encode()


def test_a_file_of_reviews_is_imported_and_refusals_name_their_row(tmp_path: Path) -> None:
    feed = {"dataFeedElement": [{"item": [review()]}, {"item": [review("")]}, {"item": [review("A third claim.")]}]}
    path = tmp_path / "feed.json"
    path.write_text(json.dumps(feed), encoding="utf-8")
    first, refused, third = read_articles([path])
    assert isinstance(first, NewArticle)
    assert isinstance(third, NewArticle)
    assert refused == Refusal(f"{path}:2", "names no claim that was reviewed")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{}", "holds no articles"),
        (b"{", "is not JSON"),
        (b"[" * 100_000, "is not JSON of this world"),
        (b'"\xff"', "is not in UTF-8"),
    ],
)
def test_other_json_is_refused_with_its_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "other.json"
    path.write_bytes(content)
    (refused,) = read_articles([path])
    assert isinstance(refused, Refusal)
    assert refused.reason.startswith(reason)


def test_an_exported_review_comes_back(tmp_path: Path) -> None:
    (article,) = read_reviews(review(), "a.json")
    assert isinstance(article, NewArticle)
    assert article.review is not None
    row: dict[str, Any] = {"url": article.url, "text": article.text, "review": article.review.as_json()}
    path = tmp_path / "export.jsonl"
    rows = (row, {**row, "review": "Five stars"}, {**row, "review": {**row["review"], "rating": "x" * 501}})
    path.write_text("".join(f"{json.dumps(one)}\n" for one in rows), encoding="utf-8")
    back, without, refused = read_articles([path])
    assert isinstance(without, NewArticle)
    assert without.review is None
    assert isinstance(back, NewArticle)
    assert back.review == article.review
    assert refused == Refusal(f"{path}:3", "review.rating is longer than 500 characters")


def test_a_page_gives_its_article_and_the_claims_that_it_reviews(tmp_path: Path) -> None:
    data = json.dumps({"@graph": [review(url=None), review("Lanterns are <free> &amp; bright.")]})
    page = (
        '<html><head><link rel="canonical" href="https://checks.example/kettles"><title>Kettles</title>'
        f'<script type="application/ld+json">{data}</script></head><body><p>We checked a claim.</p></body></html>'
    )
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    article, first, second = read_articles([path])
    assert isinstance(article, NewArticle)
    assert isinstance(first, NewArticle)
    assert isinstance(second, NewArticle)
    assert (article.url, article.text, article.review) == (
        "https://checks.example/kettles",
        "We checked a claim.",
        None,
    )
    assert (first.text, second.text) == (CLAIM, "Lanterns are <free> & bright.")
    assert first.url.startswith("https://checks.example/kettles#claimreview-")


def test_a_claim_that_was_reviewed_is_found_with_its_review(library: Library) -> None:
    (article,) = read_reviews(review(), "a.json")
    assert isinstance(article, NewArticle)
    library.add("shared", article, actor="me")
    check = FactChecker(library).check(f"“{CLAIM}”")
    assert check.verdict is Verdict.VERBATIM
    assert Review.of(check.evidence[0].article.review or {}) == article.review


def test_a_claim_that_is_rated_anew_is_a_new_version(library: Library) -> None:
    for rating, addition in (("False", Addition.ADDED), ("True", Addition.NEW_VERSION), ("True", Addition.UNCHANGED)):
        (article,) = read_reviews(review(reviewRating={"alternateName": rating}), "a.json")
        assert isinstance(article, NewArticle)
        assert library.add("shared", article, actor="me") is addition
    (stored,) = library.articles("shared")
    assert Review.of(stored.review or {}).rating == "True"
