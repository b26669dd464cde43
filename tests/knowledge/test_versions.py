"""What an older version of an article says and the newest does not is found too, and told from what still stands."""

import random
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update
from sqlmodel import SQLModel, col

from knowledge import index, rows
from knowledge.checker import FactChecker
from knowledge.desk import Desk
from knowledge.evidence import Evidence
from knowledge.library import Library
from knowledge.models import ArticleVersion, Passage, PassageField
from knowledge.verdicts import Verdict
from tests.conftest import make_article

URL = "https://example.org/article"
SENTENCES = (
    "The council of Alder Falls approved the harbour plan on Thursday evening.",
    "According to the survey, 47% of likely voters favour Fenwick.",
    "The mayor said that nobody had asked her about the ferry before.",
    "Three orchards at the foot of the hill were flooded in the night.",
    "The old lighthouse will be painted again before the summer ends.",
)


def publish(library: Library, *texts: str, title: str = "") -> None:
    """Versions of one article, fetched on the 9th, 10th, … of May 2031."""
    for day, words in enumerate(texts, 9):
        library.add("shared", make_article(words, url=URL, title=title), actor="me")
        newest = col(ArticleVersion.number) == library.article("shared", URL).version
        with library.writing() as connection:
            connection.execute(
                update(ArticleVersion).where(newest).values(fetched_at=datetime(2031, 5, day, tzinfo=UTC))
            )


def best(library: Library, claim: str) -> Evidence:
    return FactChecker(library).check(claim).evidence[0]


def test_a_removed_sentence_is_found_with_the_days_on_which_it_was_there_and_gone(library: Library) -> None:
    publish(library, " ".join(SENTENCES), " ".join(SENTENCES[1:]))
    found = best(library, SENTENCES[0])
    assert found.verdict is Verdict.VERBATIM
    assert found.passage == SENTENCES[0]
    assert (found.version, found.fetched_on, found.changed_on) == (1, date(2031, 5, 9), date(2031, 5, 10))


def test_a_link_to_words_that_are_gone_opens_the_page_alone(library: Library) -> None:
    publish(library, " ".join(SENTENCES), " ".join(SENTENCES[1:]))
    assert best(library, SENTENCES[0]).link == URL
    assert best(library, SENTENCES[1]).link.startswith(f"{URL}#:~:text=")


def test_what_still_stands_is_shown_as_it_stands_now(library: Library) -> None:
    publish(library, " ".join(SENTENCES), " ".join(SENTENCES[1:]))
    found = best(library, SENTENCES[1])
    assert (found.version, found.fetched_on, found.changed_on) == (2, date(2031, 5, 10), None)


def test_either_wording_of_a_changed_sentence_is_found(library: Library) -> None:
    changed = SENTENCES[1].replace("47%", "49%")
    publish(library, " ".join(SENTENCES), " ".join(SENTENCES).replace("47%", "49%"))
    before, after = best(library, SENTENCES[1]), best(library, changed)
    assert (before.verdict, before.changed_on) == (Verdict.VERBATIM, date(2031, 5, 10))
    assert (after.verdict, after.changed_on) == (Verdict.VERBATIM, None)


def test_a_claim_that_fits_both_wordings_is_told_of_the_newest(library: Library) -> None:
    said = "We will not raise the ferry fares for the people of Alder Falls"
    publish(library, f"“{said},” she said on Monday.", f"“{said},” she said on Tuesday.")
    assert best(library, f"“{said}”").changed_on is None
    turned = best(library, f"“{said.replace('will not', 'will')}”")
    assert (turned.verdict, turned.changed_on) == (Verdict.ALTERED, None)


def test_a_wrong_number_is_told_of_the_newest_wording(library: Library) -> None:
    publish(library, " ".join(SENTENCES), " ".join(SENTENCES).replace("47%", "49%"))
    found = best(library, SENTENCES[1].replace("47%", "57%"))
    assert (found.verdict, found.changed_on) == (Verdict.ALTERED, None)


def test_a_changed_title_is_found_by_its_old_words(library: Library) -> None:
    publish(library, SENTENCES[0], title="Fenwick crushes Tessaro in first poll")
    publish(library, SENTENCES[1], title="Fenwick ahead of Tessaro in first poll")
    found = best(library, "Fenwick crushes Tessaro in first poll")
    assert (found.field, found.version) == (PassageField.TITLE, 1)
    assert found.changed_on is not None


def test_the_day_of_the_change_is_that_of_the_first_version_without_the_words(library: Library) -> None:
    a, b, c, d, _ = SENTENCES
    publish(library, f"{a} {b}", f"{a} {c}", f"{d} {c}", f"{b} {d}", f"{c} {d}")
    assert (best(library, a).version, best(library, a).changed_on) == (2, date(2031, 5, 11))
    assert (best(library, b).version, best(library, b).changed_on) == (4, date(2031, 5, 13))
    assert best(library, c).changed_on is None


def test_another_full_stop_is_no_other_sentence(library: Library) -> None:
    a, b, *_ = SENTENCES
    publish(library, f"{a} {b}", f"{a[:-1]}; {b}".replace("council", "Council"))
    assert library.stats("shared").passages == 1
    assert best(library, a).changed_on is None


def test_a_search_tells_the_version_too(library: Library) -> None:
    publish(library, " ".join(SENTENCES), " ".join(SENTENCES[1:]))
    (found,) = FactChecker(library).search("council harbour plan approved").results
    assert (found.version, found.link) == (1, URL)


def test_only_the_latest_older_versions_are_looked_at(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    first = [f"Sentence number {number} is about lantern{number} and nothing else." for number in range(25)]
    publish(library, *first[:22])
    assert library.stats("shared").passages == 1 + rows.MOST_OLDER
    assert list(library.verify("shared")) == []


@pytest.mark.parametrize("damage", ["UPDATE passage SET version = NULL", "DELETE FROM passage WHERE version = 1"])
def test_verify_sees_damage_of_what_older_versions_have(library: Library, damage: str) -> None:
    publish(library, " ".join(SENTENCES), " ".join(SENTENCES[1:]))
    assert list(library.verify("shared")) == []
    with library.writing() as connection:
        connection.execute(text(damage))
    assert list(library.verify("shared"))


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["version", "version", "version", "remove", "undo", "rebuild", "title", "flush"]),
        st.integers(0, 1),
        st.lists(st.integers(0, len(SENTENCES) - 1), min_size=1, max_size=4),
    ),
    max_size=12,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTIONS)
def test_indexed_is_the_newest_text_and_what_only_older_versions_have(
    tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, int, list[int]]]
) -> None:
    path = tmp_path_factory.mktemp("versions") / "library.db"
    versions: dict[str, list[list[str]]] = {}
    removed: dict[str, int] = {}
    with Library.open(f"sqlite:///{path}") as library, pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "TAIL_LENGTH", 6)
        desk = Desk(library, "shared", "me")
        for action, number, chosen in actions:
            url = f"{URL}/{number}"
            said = [SENTENCES[one] for one in chosen]
            if action == "version" and url not in removed:
                if desk.add(make_article(" ".join(said), url=url)).addition != "unchanged":
                    versions.setdefault(url, []).append(said)
            elif action == "remove" and url in versions and url not in removed:
                removed[url] = desk.remove(url).id
            elif action == "undo" and url in removed:
                desk.undo(removed.pop(url))
            elif action == "rebuild":
                list(library.rebuild("shared"))
            elif action == "title" and url in versions and url not in removed:
                desk.edit(url, title=f"Kettle {random.Random(len(actions)).randint(0, 2)}")
            elif action == "flush":
                list(library.add_all("shared", (), actor="me"))
        standing = {url: texts for url, texts in versions.items() if url not in removed}
        assert indexed(library) == {url: expected(texts) for url, texts in standing.items()}
        assert list(library.verify("shared")) == []
        for texts in standing.values():
            for sentence in {sentence for said in texts for sentence in said} - everywhere(standing):
                assert best(library, sentence).changed_on is not None


def everywhere(standing: dict[str, list[list[str]]]) -> set[str]:
    """The sentences that some article's newest version has."""
    return {sentence for texts in standing.values() for sentence in texts[-1]}


def expected(texts: list[list[str]]) -> list[tuple[int | None, str]]:
    """What is to be indexed of an article's versions, in any order: a sentence counts where it stood last."""
    last = {sentence: number for number, said in enumerate(texts, 1) for sentence in said}
    newest = [(None, sentence) for sentence in texts[-1]]
    older = [(n, s) for n, said in enumerate(texts[:-1], 1) for s in said if last[s] == n]
    return sorted([*newest, *older], key=str)


def indexed(library: Library) -> dict[str, list[tuple[int | None, str]]]:
    """The sentences that a library has indexed, titles left out, by URL."""
    found: dict[str, list[tuple[int | None, str]]] = {}
    for article in library.articles("shared"):
        texts = {version.number: version.text for version in library.versions(article)}
        table = SQLModel.metadata.tables["passage"]
        with library.reading() as connection:
            of = col(Passage.article_id) == article.id
            passages = connection.execute(table.select().where(of, table.c.field == PassageField.TEXT)).all()
        found[article.url] = sorted(
            ((row.version, texts[row.version or article.version][row.start : row.end]) for row in passages), key=str
        )
    return found
