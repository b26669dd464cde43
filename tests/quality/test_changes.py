"""The changes and variants that quality is measured on are what they say, on sentences of our own."""

import random
from collections.abc import Mapping

import pytest

from knowledge import FindingKind, NewArticle
from tests.quality import alterations, variants
from tests.quality.alterations import Edit, Way
from tests.quality.changes import NAMES, Change, changes, ways
from tests.quality.lines import INTERRUPTED, Line, Lines

WHOLE = """\
On Monday the mayor of Quillham said that 47 percent of the three hundred boats in Tinford were not safe in May 2019.

Residents doubt that the harbour at Ostrand will open again in June, because the council has never raised its support.

It doesn't help that the old ferry, which was built by a wealthy family, has stopped without a new engine at Brackwell.

A man from Quillham told the court on Friday that the storm was caused by nobody and that the sea is big at Ostrand.

“We will not give up the first of our three lighthouses,” said Ada Brook. “The people of Tinford expect better of us.”

“I believe that our future in Brackwell is bright because the government increased its support by $4.2 million.”
"""


def line(text: str) -> Line:
    """A line of an article that has nothing else."""
    return Line(text, NewArticle(url="https://quillham.example.org/1", text=text, title="Boats"))


@pytest.fixture
def lines() -> Lines:
    """The lines of two articles, of which one is the other with other names."""
    other = WHOLE
    for name, new in (("Quillham", "Estmoor"), ("Tinford", "Vardby"), ("Ostrand", "Halkirk"), ("Brackwell", "Pelding")):
        other = other.replace(name, new)
    texts = enumerate((WHOLE, other))
    articles = [NewArticle(url=f"https://quillham.example.org/{at}", text=text, title="") for at, text in texts]
    return Lines(articles, articles)


def made(way: Way, text: str) -> set[str]:
    """Whatever a way makes of a text."""
    edits = (way(line(text), random.Random(seed)) for seed in range(30))
    return {edit.text for edit in edits if edit is not None}


# --- lines ---


def test_lines_are_spoken_and_plain_by_turns(lines: Lines) -> None:
    spoken = {one.text for one in lines.spoken}
    assert "We will not give up the first of our three lighthouses" in spoken
    assert [one.text in spoken for one in lines.sentences[:4]] == [True, False, True, False]
    assert not any(set('“”"\n') & set(one.text) for one in lines.sentences)


def test_a_quotation_that_a_tag_interrupts_is_a_line(lines: Lines) -> None:
    assert {one.text.count("“") for one in lines.interrupted} == {2}
    assert INTERRUPTED.fullmatch("“We are not leaving this town,” she said. “We have been here for years.”")
    assert not INTERRUPTED.fullmatch(
        "“We are not leaving this town,” she said, adding that “we have been here for years.”"
    )
    assert not INTERRUPTED.fullmatch("“We are not leaving this town,” she said.\n\n“We have been here for years.”")


def test_names_are_those_that_are_never_written_small(lines: Lines) -> None:
    assert lines.names.is_name("Quillham")
    assert not lines.names.is_name("Council")


# --- changes of meaning ---


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_has_ways(name: str, lines: Lines) -> None:
    assert ways(name, lines)


ALTERED = [
    ("digits", alterations.NUMBER, "It took 47 days to count them.", "47"),
    ("spelled", alterations.NUMBER, "It took three days to count them.", "three"),
    ("spelled before a hyphen", alterations.NUMBER, "A three-day count was enough.", "three"),
    ("percent", alterations.NUMBER, "About 4.5 percent were lost.", "4.5"),
    ("decimal", alterations.NUMBER, "They weigh 3.2 tons at sea.", "3.2"),
    ("thousands", alterations.NUMBER, "There were 12,500 of them.", "12,500"),
    ("money", alterations.NUMBER, "It cost $4.2 million to build.", "$4.2"),
    ("scale", alterations.NUMBER, "It cost $4.2 million to build.", "million"),
    ("scale in the plural", alterations.NUMBER, "There were thousands of them.", "thousands"),
    ("ordinal", alterations.NUMBER, "It was the third boat of theirs.", "third"),
    ("ordinal in digits", alterations.NUMBER, "It was the 3rd boat of theirs.", "3rd"),
    ("year", alterations.NUMBER, "It was built in 1998 by hand.", "1998"),
    ("fraction", alterations.NUMBER, "They lost two-thirds of it.", "two-thirds"),
    ("opposite", alterations.ANTONYM, "The old ferry sank there.", "old"),
    ("opposite", alterations.KEPT_APART, "They secretly built it there.", "secretly"),
    ("with a negation in it", alterations.ANTONYM, "They were aware of all this.", "aware"),
    ("noun", alterations.WORDING, "They saw the harbour of the town.", "harbour"),
    ("verb", alterations.WORDING, "They had repaired it there.", "repaired"),
]


@pytest.mark.parametrize(("way", "kind", "text", "word"), ALTERED, ids=[f"{row[0]}: {row[3]}" for row in ALTERED])
def test_one_word_is_another(way: str, kind: Mapping[str, Way], text: str, word: str) -> None:
    for seed in range(30):
        edit = kind[way](line(text), random.Random(seed))
        assert edit is not None
        assert edit.source == word
        assert edit.claimed != word
        assert edit.text == text.replace(word, edit.claimed, 1)


@pytest.mark.parametrize(
    ("way", "text"),
    [
        ("digits", "On 2019-04-12 flight K-12 left at 7:30 from gate B4."),
        ("digits", "About 47 percent lost 5 million in 2,500 days of 3.5 hours."),
        ("year", "There were 2,019 of 1998-era boats."),
        ("ordinal", "First of all, wait a second."),
        ("decimal", "The version is 3.2.1 and the share 4.5 percent."),
    ],
)
def test_what_is_no_such_number_stays(way: str, text: str) -> None:
    assert made(alterations.NUMBER[way], text) == set()


NEGATED = [
    ("not, one more", "The boats were safe again.", {"The boats were not safe again."}),
    ("n't, one more", "The boats will sink again.", {"The boats won't sink again.", "The boats won’t sink again."}),
    ("not, one less", "The boats were not safe again.", {"The boats were safe again."}),
    ("not before to, one less", "They chose not to leave.", {"They chose to leave."}),
    ("n't, one less", "They won’t leave the harbour.", {"They will leave the harbour."}),
    ("cannot", "They cannot leave the harbour.", {"They can leave the harbour."}),
    ("never, one more", "They have gone there again.", {"They have never gone there again."}),
    ("never, one less", "They never left the harbour.", {"They left the harbour."}),
    ("no, one less", "There is no harbour at all.", {"There is harbour at all."}),
    ("without", "They left without the ferry.", {"They left with the ferry."}),
]


@pytest.mark.parametrize(("way", "text", "expected"), NEGATED, ids=[row[0] for row in NEGATED])
def test_a_negation_comes_or_goes(way: str, text: str, expected: set[str]) -> None:
    assert made(alterations.NEGATION[way], text) == expected


def test_what_is_denied_already_is_not_denied_twice() -> None:
    assert made(alterations.NEGATION["not, one more"], "The boats were not safe and will never be so.") == set()
    assert made(alterations.NEGATION["not, one less"], "It was not only the boats.") == set()
    assert made(alterations.NEGATION["no, one less"], "The harbour is no longer safe.") == set()


def test_a_name_is_one_of_another_article_in_the_same_place(lines: Lines) -> None:
    renaming = alterations.naming(lines)["one word"]
    start = "A man from Quillham told"
    (told,) = {one for one in lines.sentences if one.text.startswith(start)}
    edits = [renaming(told, random.Random(seed)) for seed in range(10)]
    assert {(edit.source, edit.claimed) for edit in edits if edit} == {("Quillham", "Estmoor")}
    assert {edit.also for edit in edits if edit} == {frozenset({FindingKind.SPEAKER})}


def test_weekdays_and_months_are_names(lines: Lines) -> None:
    renaming = alterations.naming(lines)
    weekdays, months = made(renaming["weekday"], "It sank on Friday."), made(renaming["month"], "It sank in May.")
    assert len(weekdays) == 6
    assert len(months) > 6
    assert not {"It sank on Friday.", "It sank in May."} & (weekdays | months)


def test_a_clause_is_left_out_between_its_commas() -> None:
    text = "The ferry of the town, which was built by a wealthy family, sank in the harbour."
    assert made(alterations.OMITTED["relative clause"], text) == {"The ferry of the town sank in the harbour."}
    assert made(alterations.OMITTED["clause between commas"], text) == set()


@pytest.mark.parametrize("clause", ["the mayor said on Friday", "but not the oldest of them", "or so it was"])
def test_tags_denials_and_empty_words_are_not_left_out(clause: str) -> None:
    text = f"The ferry of the town, {clause}, sank in the harbour."
    assert made(alterations.OMITTED["clause between commas"], text) == set()


def test_three_to_six_words_are_left_out_of_the_middle() -> None:
    words = [f"plain{'abcdefghijklmnopqrst'[at]}" for at in range(20)]
    for claim in made(alterations.OMITTED["words in a row"], " ".join(words)):
        kept = claim.split()
        assert 14 <= len(kept) <= 17
        assert kept[:4] == words[:4]
        assert kept[-4:] == words[-4:]


def test_an_addition_keeps_every_word() -> None:
    text = "After the storm of the century, they saw the harbour at Quillham in a new light."
    for way in alterations.ADDED.values():
        for seed in range(10):
            edit = way(line(text), random.Random(seed))
            assert edit is not None
            assert edit.text.strip("“”").replace(f" {edit.claimed}", "", 1) == text


# --- other ways of writing ---

SAME: list[tuple[str, Mapping[str, Way], str, set[str]]] = [
    ("upper", variants.CASE, "It was Ada’s.", {"IT WAS ADA’S."}),
    ("title", variants.CASE, "It was Ada’s.", {"It Was Ada’s."}),
    ("none", variants.PUNCTUATION, "Well, it cost $1,200.50; why?", {"Well it cost $1,200.50; why"}),
    ("no commas", variants.PUNCTUATION, "Well, it cost $1,200.50, or 3, 4.", {"Well it cost $1,200.50 or 3, 4."}),
    (
        "long dashes",
        variants.PUNCTUATION,
        "The sea -- and only it – is well-known.",
        {"The sea—and only it—is well-known."},
    ),
    ("semicolon for comma", variants.PUNCTUATION, "It rained, but we sailed.", {"It rained; but we sailed."}),
    ("initials without dots", variants.PUNCTUATION, "The U.S. is far.", {"The US is far."}),
    ("words without hyphens", variants.PUNCTUATION, "A long-distance trip.", {"A long distance trip."}),
    ("curly", variants.APOSTROPHES, "It's Ada's.", {"It’s Ada’s."}),
    ("an s more", variants.APOSTROPHES, "It is James’ boat.", {"It is James’s boat."}),
    ("none in n't", variants.APOSTROPHES, "I don’t and he doesn't.", {"I dont and he doesnt."}),
    ("sign", variants.AMPERSAND, "Boats and ferries.", {"Boats & ferries."}),
    ("left out", variants.PARENTHESES, "The ferry (an old one) sank.", {"The ferry sank."}),
    ("not", variants.CONTRACTION, "Don’t say it isn't so.", {"Do not say it is not so."}),
    ("is", variants.CONTRACTION, "It's not Ada's; it's been sold.", {"It is not Ada's; it's been sold."}),
    ("has", variants.CONTRACTION, "It's not Ada's; it's been sold.", {"It's not Ada's; it has been sold."}),
    ("would", variants.CONTRACTION, "He'd be there if he'd gone.", {"He would be there if he'd gone."}),
    ("had", variants.CONTRACTION, "He'd be there if he'd gone.", {"He'd be there if he had gone."}),
    ("n't", variants.CONTRACTION, "It is not so.", {"It isn't so.", "It isn’t so."}),
    ("can't", variants.CONTRACTION, "We cannot go.", {"We can't go.", "We can’t go."}),
    ("'s for is", variants.CONTRACTION, "It is a boat, that is.", {"It's a boat, that is.", "It’s a boat, that is."}),
    (
        "other form",
        variants.PERCENT,
        "It lost 4.5% then.",
        {f"It lost 4.5{form} then." for form in (" %", " percent", " per cent")},
    ),
    ("spelled", variants.PERCENT, "47% sank.", {"forty-seven percent sank.", "forty-seven per cent sank."}),
    ("words for digits", variants.SPELLED_NUMBERS, "On May 3 we saw 47 boats.", {"On May 3 we saw forty-seven boats."}),
    (
        "digits for words",
        variants.SPELLED_NUMBERS,
        "Forty-seven boats, two-thirds of all.",
        {"47 boats, two-thirds of all."},
    ),
    ("zeros for a scale", variants.SPELLED_NUMBERS, "It cost $1.2 million.", {"It cost $1,200,000."}),
    ("scale for zeros", variants.SPELLED_NUMBERS, "It cost 1,200,000.", {"It cost 1.2 million."}),
    ("bn", variants.SPELLED_NUMBERS, "It cost $5 billion.", {"It cost $5bn."}),
    (
        "thousands spelled",
        variants.SPELLED_NUMBERS,
        "We saw 114,000 fish.",
        {"We saw one hundred fourteen thousand fish."},
    ),
    ("ordinal in digits", variants.SPELLED_NUMBERS, "It is the third boat.", {"It is the 3rd boat."}),
    ("money in words", variants.SPELLED_NUMBERS, "It cost $5 million.", {"It cost 5 million dollars."}),
    (
        "one word",
        variants.BRITISH_SPELLING,
        "Colour of the harbor.",
        {"Color of the harbor.", "Colour of the harbour."},
    ),
    ("long", variants.TITLE, "It was Sen. Brook.", {"It was Senator Brook."}),
    ("short", variants.TITLE, "Governor Brook saw the governor.", {"Gov. Brook saw the governor."}),
    (
        "joined",
        variants.INTERRUPTED_QUOTE,
        "“We are not leaving this town,” she said. “We have been here for years.”",
        {"We are not leaving this town. We have been here for years."},
    ),
    (
        "with a tag",
        variants.TAGGED_QUOTE,
        "We are not leaving this town because we have been here for years.",
        {
            f"“We are not leaving this town,” {who} said, “because we have been here for years.”"
            for who in ("he", "she")
        },
    ),
]


@pytest.mark.parametrize(("way", "kind", "text", "expected"), SAME, ids=[row[0] for row in SAME])
def test_the_same_is_written_otherwise(way: str, kind: Mapping[str, Way], text: str, expected: set[str]) -> None:
    assert made(kind[way], text) == expected


# --- drawing ---


def test_a_kind_is_made_in_every_way_by_turns_and_the_same_every_time(lines: Lines) -> None:
    some = changes(lines, "case", 9)
    assert [change.way for change in some] == ["upper", "lower", "title"] * 3
    assert some == changes(lines, "case", 9)


@pytest.mark.parametrize("name", ["number", "negation", "name", "antonym", "dropped clause", "added", "swapped"])
def test_a_change_is_one_and_stands_nowhere_in_its_article(name: str, lines: Lines) -> None:
    texts = {article.url: article.text for article in lines.articles}
    some = changes(lines, name, 20)
    assert some
    for change in some:
        assert change.original in texts[change.url]
        assert change.claim.strip('“”"') not in texts[change.url]
        assert change.kinds


def test_what_another_article_says_is_no_change() -> None:
    texts = ("The boats of the town weren’t safe at all.", "He said THE BOATS of the town were safe, at all times.")
    articles = [
        NewArticle(url=f"https://quillham.example.org/{at}", text=text, title="") for at, text in enumerate(texts)
    ]
    lines = Lines(articles, articles)
    assert lines.has("the boats of the town aren't") is False
    assert lines.has("The boats of the town were NOT safe")
    assert not [change for change in changes(lines, "negation", 9) if change.way == "n't, one less"]
    assert [
        change for change in changes(Lines(articles[:1], articles[:1]), "negation", 9) if change.way == "n't, one less"
    ]


# --- judging ---


def flagged(claimed: str, source: str) -> Change:
    kinds = frozenset({FindingKind.NUMBER})
    return Change("number", "digits", "", "", "", Edit("", claimed, source), kinds)


def test_a_finding_counts_where_it_has_a_word_that_was_changed() -> None:
    assert flagged("57", "47").is_told("57 percent", "47 percent")
    assert not flagged("57", "47").is_told("3 percent", "4 percent")
    assert flagged("won’t", "will").is_told("not", "")
