"""Tweets and the fact-checks that answer them, from the CheckThat! labs of CLEF 2020 and 2022. (data/README.md)"""

from collections import defaultdict
from dataclasses import dataclass

from knowledge.library import Library
from knowledge.models import NewArticle
from tests.quality.corpus import fill, rows


@dataclass(frozen=True, slots=True)
class Task:
    """One year's task: files of the claims, the tweets and the judgements; `collection` holds the claims."""

    collection: str
    claims: str
    tweets: str
    judgements: str


TASKS = (
    Task("clef2020", "2020_task2_vclaims.jsonl.xz", "2020_task2_test_queries.jsonl", "2020_task2_test_qrels.jsonl"),
    Task(
        "clef2022",
        "2021-2022_task2a_en_vclaims.jsonl.xz",
        "2022_task2a_en_train-dev_queries.jsonl",
        "2022_task2a_en_dev_qrels.jsonl",
    ),
)
"""The test set of 2020 and the development set of 2022."""


@dataclass(frozen=True, slots=True)
class Tweet:
    """A tweet, and the addresses of the fact-checks that answer it."""

    text: str
    answers: frozenset[str]


def tweets(task: Task) -> list[Tweet]:
    """The tweets that were judged."""
    answers: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows(f"checkthat/{task.judgements}"):
        answers[row["qid"]].add(_url(row["docid"]))
    texts = {row["id"]: row["text"] for row in rows(f"checkthat/{task.tweets}")}
    return [Tweet(texts[tweet], frozenset(urls)) for tweet, urls in answers.items()]


def add_claims(library: Library, task: Task) -> None:
    """A collection with each claim as an article."""
    claims = [
        NewArticle(url=_url(row["id"]), text=row["vclaim"], title=row["title"])
        for row in rows(f"checkthat/{task.claims}")
    ]
    fill(library, task.collection, claims)


def _url(number: str) -> str:
    return f"https://example.org/{number}"
