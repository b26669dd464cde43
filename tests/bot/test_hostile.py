"""Hostile words on their whole way: from a file over the library and a check to a card, and through the forms."""

import csv
import io
import json
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards import card_of, error_card
from bot.details import details_layout
from bot.harness import File, LoopbackDiscord, rules
from bot.harness.fixtures import People
from bot.layout import layout
from bot.sheets import article_sheet, listing, log_sheet, sheet_layout
from knowledge.checker import FactChecker
from knowledge.desk import Desk
from knowledge.errors import ClaimError
from knowledge.ingest import Refusal, read_articles
from knowledge.library import Library

_collections = count(1)

PIECES = st.sampled_from(
    [
        *("\u200b", "\u200d", "\ufeff", "\u202e", "\u2066", "\u2069", "\xad", "\u2028", "\x1b[31m", "\x7f", "\r"),
        *("\u041edile Fenwi\u0441k", "Ｆｅｎｗｉｃｋ", "ﬁﬂ", "İ", "ß", "e" + "\u0301" * 30, "\u1160", "\U000e0041"),
        *("👩\u200d👩\u200d👧", "한글", "ภาษา", "震度", "٣٤", "½", "\0", "\ud800", "\ufffe", "=cmd|' /C calc'!A0"),
        *("@everyone", "<@1>", "<#1>", "<t:1:R>", "`" * 7, "||", "**", "__", "[a](https://b.example)", "> ", "-# "),
        *("https://[", "http://a@b.example/", "javascript:alert(1)", "<script>", "&#0;", "</p>", "#:~:text=", "\\"),
        *("“", "”", '"', "«", "'", "…", "...", "[…]", " — ", " – ", "(@a) May 4, 2031", "said", "not", "47%"),
        *("1" * 400, "a" * 900, "a-" * 200, "1,2,3,4", "twenty-" * 30, "one hundred " * 20, ". " * 100, "“" * 200),
        "The harbour plan was approved on Thursday, said Odile Fenwick.",
    ]
)  # fmt: skip
WORDS = st.lists(PIECES | st.text(max_size=6), max_size=25).map(" ".join) | st.lists(PIECES, max_size=9).map("".join)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library that takes in whatever these tests come up with, each time into another collection."""
    with Library.open(f"sqlite:///{tmp_path_factory.mktemp('hostile') / 'library.db'}") as library:
        yield library


def problems(view: Any) -> list[str]:
    """Why Discord would refuse a message."""
    message = {"components": view.to_components(), "flags": rules.IS_COMPONENTS_V2, "allowed_mentions": {"parse": []}}
    return rules.message_problems(message, files=["claim.txt"]).lines


def imported(library: Library, path: Path, collection: str) -> Desk:
    """The desk of a collection into which a file went."""
    desk = Desk(library, collection, "discord:123456789012345678")
    usable = (item for item in read_articles([path]) if not isinstance(item, Refusal))
    for _ in desk.add_all(usable):
        pass
    return desk


def require_answers(desk: Desk, library: Library, collection: str, claim: str) -> None:
    """Ask for a claim, and look at everything that people would be shown, in less than a second of work."""
    begun = time.thread_time()
    try:
        found = FactChecker(library).check(claim, collection=collection)
    except ClaimError as error:
        shown = [layout(error_card(error, "1"))]
    else:
        card = card_of(found)
        shown = [layout(card), details_layout(found, card)]
    page = desk.browse()
    shown += [sheet_layout(log_sheet(desk.log(), 0)), sheet_layout(listing(page, 0))]
    shown += [sheet_layout(article_sheet(one, claim)) for one in page.items]
    assert [problems(one) for one in shown] == [[]] * len(shown)
    assert time.thread_time() - begun < _SECONDS


_SECONDS = 1.0


def rows_of(kind: str, rows: list[dict[str, str]]) -> str:
    """Rows in a kind of file."""
    if kind == "csv":
        written = io.StringIO()
        table = csv.DictWriter(written, ["url", "date", "title", "outlet", "text"])
        table.writeheader()
        table.writerows(rows)
        return written.getvalue()
    if kind == "jsonl":
        return "\n".join(map(json.dumps, rows))
    reviews = [
        {"@type": "ClaimReview", "claimReviewed": row["text"], "url": row["url"], "author": {"name": row["outlet"]}}
        | {"headline": row["title"], "reviewRating": {"alternateName": row["date"]}}
        for row in rows
    ]
    return json.dumps(reviews)


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "url": st.sampled_from(["https://example.org/a", "https://example.org/b"]) | WORDS,
            "date": st.just("2031-05-09") | WORDS,
            "title": WORDS,
            "outlet": WORDS,
            "text": WORDS,
        }
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(ROWS, st.sampled_from(["csv", "jsonl", "json"]), WORDS)
def test_whatever_a_file_holds_ends_on_a_card_that_discord_takes(
    everything: Library, tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]], kind: str, claim: str
) -> None:
    path = tmp_path_factory.mktemp("file") / f"rows.{kind}"
    path.write_bytes(rows_of(kind, rows).encode("utf-8", "surrogatepass"))
    collection = f"discord:{next(_collections)}"
    desk = imported(everything, path, collection)

    for words in (claim, rows[0]["text"], f"“{rows[0]['text']}” — {rows[0]['outlet']}", rows[0]["title"]):
        require_answers(desk, everything, collection, words)
    assert list(everything.verify(collection)) == []


_COMMON = (
    "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十"
)
LONG = {
    "one word": "a" * 300_000,
    "one sentence": "word " * 60_000,
    "many sentences": "So it goes. " * 20_000,
    "quotes": "“" * 100_000,
    "open and close": "“a” " * 50_000,
    "brackets": "(" * 100_000 + ")" * 100_000,
    "dashes": "— a " * 50_000,
    "dots": ". " * 100_000,
    "numbers": "1,2." * 50_000,
    "spelled numbers": "one hundred thousand million " * 8_000,
    "signatures": "— A (@a) May 4, 2031 " * 8_000,
    "zero width": "a\u200b" * 100_000,
    "marks": "e" + "\u0301" * 200_000,
    "bidi": "\u202ea\u202c" * 60_000,
    "ideographs": "震度" * 60_000,
    "he said": ", he said, " * 20_000,
    "not": "not " * 60_000,
    "hyphens": "a-b" * 70_000,
    "abbreviations": "U.S. Mr. Dr. " * 20_000,
    "line breaks": "a\n" * 40_000,
    "a Chinese book": "。".join("".join(Random(n).choices(_COMMON, k=40)) for n in range(2_000)),
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_monotonous_text_holds_nobody_up(everything: Library, tmp_path: Path, name: str) -> None:
    row = {"url": "https://example.org/a", "text": LONG[name], "title": LONG[name][:400], "outlet": LONG[name][:90]}
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(row))
    collection = f"discord:{next(_collections)}"
    begun = time.thread_time()
    desk = imported(everything, path, collection)
    assert time.thread_time() - begun < 10

    for words in (LONG[name][:1_900], f"“{LONG[name][:900]}” said Odile Fenwick", "So it goes", "“a” 1,2"):
        require_answers(desk, everything, collection, words)


async def test_whatever_is_typed_or_attached_to_the_form_is_shown_or_refused_in_words(
    discord: LoopbackDiscord, people: People
) -> None:
    form = await people.mo.slash_for_form("source paste")
    hostile = "\u202e@everyone <@1> ``` ||a|| [b](https://c.example) \u200b" + "Z\u0301\u0302" * 60
    attached = [
        File("..etc.passwd.txt", b"Words in a file. " * 9),
        File("a.tx\u202et", b"Words"),
        File("a" * 200 + ".html", b"<p>" * 5_000),
        File("a.html", b"<script>" + b"a" * 5_000),
        File("a.txt.gz", b"\x1f\x8b\x08\x00no"),
        File("a.md", b"[" * 5_000),
        File("a.txt", b"\xff\xfe\x00\xd8"),
        File("a.csv", b'url,text\n"'),
        File("a.json", b"[" * 5_000),
        File(".jsonl", b'{"url": "https://example.org/a", "text": "' + b"\\u202e" * 500 + b'"}'),
    ]
    filled: list[dict[str, str | File]] = [
        {"Title": hostile, "Address": "https://example.org/a", "Text": hostile * 4, "Date": "2031-05-09"},
        {"Title": hostile, "Address": hostile, "Text": hostile},
        {"Address": "https://example.org/a", "Text": "Words.", "Date": hostile[:10]},
    ]
    filled += [{"Address": "https://example.org/a", "Or its text as a file": file} for file in attached]

    for fields in filled:
        reply = await people.mo.submit(form, fields)
        assert reply.text, fields
        assert "went wrong" not in reply.text, fields
        discord.clock.advance(1)
        if "Add" in reply.buttons:
            assert "went wrong" not in (await people.mo.press(reply, "Add")).text
