"""The moderators' desk: what each of its methods promises, and that no collection can reach into another."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.checker import FactChecker
from knowledge.desk import MOST_WAITING, Desk, ServerSettings, Suggestion
from knowledge.errors import (
    AlreadyDecided,
    ArticleNotFound,
    CollectionDisabled,
    DraftGone,
    IngestError,
    InvalidDomain,
    KnowledgeError,
    PublisherBlocked,
    QuotaExceeded,
    RemovalGone,
    SuggestionGone,
    TooManySuggestions,
    UrlTaken,
)
from knowledge.library import Library
from knowledge.models import DomainPolicy, Label, NewArticle, Review
from knowledge.text import terms
from knowledge.verdicts import Verdict
from knowledge.writer import Addition
from tests.conftest import make_article

URL = "https://example.org/article"
SERVER = "discord:1"
NOON = dt.datetime(2031, 5, 4, 12, tzinfo=dt.UTC)


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        return self.now

    def go(self, **amount: float) -> None:
        self.now += dt.timedelta(**amount)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(library: Library, clock: Clock) -> Desk:
    return Desk(library, SERVER, "discord:7", clock)


def found(library: Library, *words: str, collection: str = SERVER) -> list[str]:
    """The passages that a search for some words returns, best first."""
    with library.snapshot(collection) as snapshot:
        candidates = snapshot.search(terms(words), 10)
        texts = snapshot.texts(candidates)
        return [texts[c.origin].of(c.field)[c.span.start : c.span.end] for c in candidates]


def actions(desk: Desk) -> list[str]:
    """What was done, newest first."""
    return [entry.action for entry in desk.log(limit=100).items]


def numbered(count: int, publisher: str = "Courier", start: int = 0) -> list[NewArticle]:
    return [
        make_article(f"Kettle number{n} sings.", url=f"{URL}/{n}", title=f"Title {n}", publisher=publisher)
        for n in range(start, start + count)
    ]


# --- adding ---


def test_an_added_article_comes_back_as_it_stands(desk: Desk, library: Library) -> None:
    added = desk.add(make_article("The kettle sings.", title="Kettles"))
    assert added.addition is Addition.ADDED
    assert (added.article.title, added.article.url) == ("Kettles", URL)
    assert found(library, "kettle") == ["Kettles", "The kettle sings."]
    assert desk.add(make_article("The kettle sings.")).addition is Addition.UNCHANGED
    assert desk.add(make_article("The lantern glows.")).addition is Addition.NEW_VERSION
    assert actions(desk) == ["update", "add"]


def test_a_full_collection_takes_new_versions_but_no_more_articles(desk: Desk) -> None:
    desk.change_settings(quota=1)
    desk.add(make_article("One."))
    with pytest.raises(QuotaExceeded) as refused:
        desk.add(make_article("Two.", url=f"{URL}/2"))
    assert refused.value.limit == 1
    assert desk.add(make_article("One again.")).addition is Addition.NEW_VERSION
    assert desk.browse().total == 1


def test_an_import_stops_at_the_quota_and_keeps_what_fitted(desk: Desk, library: Library) -> None:
    desk.change_settings(quota=3)
    importing = desk.add_all(numbered(5))
    reported = next(importing)[Addition.ADDED]
    with pytest.raises(QuotaExceeded):
        next(importing)
    assert reported == desk.browse().total == library.stats(SERVER).articles == 3


def test_an_import_names_what_it_refuses_and_takes_the_rest(desk: Desk) -> None:
    desk.block("bad.example")
    refused: list[str] = []
    batch = [*numbered(2), make_article("Bad.", url="https://www.bad.example/1"), *numbered(1, start=2)]
    (counts,) = desk.add_all(batch, lambda article, why: refused.append(f"{article.url} {why.domain}"))
    assert counts[Addition.ADDED] == 3
    assert refused == ["https://www.bad.example/1 bad.example"]


def test_an_import_that_is_stopped_keeps_what_it_reported(
    desk: Desk, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.library.BATCH_PASSAGES", 4)
    running = desk.add_all(numbered(20))
    reported = sum(next(running).values()) + sum(next(running).values())
    running.close()
    assert desk.browse().total == reported == 4
    assert list(library.verify(SERVER)) == []


def test_nothing_enters_a_disabled_collection(desk: Desk, library: Library) -> None:
    draft = desk.draft(make_article("A draft."))
    library.switch(SERVER, disabled=True, actor="operator")
    waiting: list[Callable[[], object]] = [
        lambda: desk.add(make_article("One.")),
        lambda: list(desk.add_all(numbered(1))),
        lambda: desk.publish(draft),
        lambda: desk.suggest(URL),
        lambda: FactChecker(library).check("The kettle sings in the morning.", collection=SERVER),
        lambda: FactChecker(library).search("kettle", collection=SERVER),
    ]
    for one in waiting:
        with pytest.raises(CollectionDisabled) as refused:
            one()
        assert refused.value.collection == SERVER
    library.switch(SERVER, disabled=False, actor="operator")
    assert desk.publish(draft).addition is Addition.ADDED


# --- finding ---


def test_an_article_is_found_by_id_url_and_title_in_any_case(desk: Desk) -> None:
    article = desk.add(make_article("A text.", title="Der  Große Kessel")).article
    for reference in (str(article.id), URL, "Der Große Kessel", "DER GROSSE kessel"):
        assert desk.find(reference).id == article.id
    for reference in ("Der Große", "9" * 30, "", "0", "-1", "https://example.org/articl"):
        with pytest.raises(ArticleNotFound):
            desk.find(reference)


def test_a_page_of_articles_is_the_newest_of_what_was_asked_for(desk: Desk) -> None:
    for day, publisher, title in ((1, "Courier", "Kettle one"), (3, "Herald", "Kettle two"), (2, "Courier", "Lantern")):
        desk.add(
            make_article(
                "Text.", url=f"{URL}/{day}", title=title, publisher=publisher, published_on=dt.date(2031, 5, day)
            )
        )
    desk.add(make_article("Text.", url=f"{URL}/undated", title="No day", published_on=None))
    titles = [article.title for article in desk.browse().items]
    assert titles == ["Kettle two", "Lantern", "Kettle one", "No day"]
    assert [a.title for a in desk.browse(publisher="COURIER").items] == ["Lantern", "Kettle one"]
    assert [a.title for a in desk.browse(words="KETTLE").items] == ["Kettle two", "Kettle one"]
    assert [a.title for a in desk.browse(words="kettle herald").items] == ["Kettle two"]
    assert [a.title for a in desk.browse(since=dt.date(2031, 5, 2), until=dt.date(2031, 5, 2)).items] == ["Lantern"]
    page = desk.browse(offset=1, limit=2)
    assert ([article.title for article in page.items], page.total) == (["Lantern", "Kettle one"], 4)
    assert desk.browse(words="100%_").total == 0


def test_what_one_types_is_completed_beginnings_first(desk: Desk) -> None:
    for number, title in enumerate(("A kettle", "Kettle sings", "Lantern", "Ärger mit dem KETTLE")):
        desk.add(make_article("Text.", url=f"{URL}/{number}", title=title, publisher=f"The {title} Post"))
    assert [a.title for a in desk.complete_articles("kettle")] == ["Kettle sings", "A kettle", "Ärger mit dem KETTLE"]
    assert [a.title for a in desk.complete_articles("äRGER")] == ["Ärger mit dem KETTLE"]
    assert [a.title for a in desk.complete_articles("article/2")] == ["Lantern"]
    assert [a.title for a in desk.complete_articles("%")] == []
    assert [a.title for a in desk.complete_articles("", limit=2)] == ["Ärger mit dem KETTLE", "Lantern"]
    assert desk.complete_publishers("LANTERN") == ("The Lantern Post",)
    assert desk.complete_publishers("the a")[0] == "The A kettle Post"
    assert desk.complete_publishers("", limit=1) == ("The A kettle Post",)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=()), max_size=12))
def test_completion_takes_whatever_is_typed(desk: Desk, typed: str) -> None:
    desk.add(make_article("Text.", title="Kettle %_'\"\\ ß"))
    for article in desk.complete_articles(typed):
        words = typed.replace("\0", " ").encode("utf-8", "replace").decode()
        assert " ".join(words.split()).casefold() in article.lookup
    with suppress(ArticleNotFound):
        desk.find(typed)
    with suppress(ArticleNotFound):
        desk.remove_publisher(f"{typed}.")
    desk.complete_publishers(typed)
    desk.browse(words=typed)


# --- editing ---


def test_a_changed_title_is_indexed_at_once_and_the_audit_keeps_both(desk: Desk, library: Library) -> None:
    desk.add(make_article("A body.", title="Kettle sings"))
    edited = desk.edit("kettle sings", title="Lantern glows", publisher="Herald", published_on=dt.date(2031, 6, 1))
    assert (edited.title, edited.publisher, edited.published_on) == ("Lantern glows", "Herald", dt.date(2031, 6, 1))
    assert found(library, "kettle") == []
    assert found(library, "lantern") == ["Lantern glows"]
    assert desk.find("LANTERN glows").id == edited.id
    assert list(library.verify(SERVER)) == []
    entry = desk.log().items[0]
    assert (entry.action, entry.actor) == ("edit", "discord:7")
    assert entry.before == {"title": "Kettle sings", "publisher": "", "published_on": "2031-05-04"}
    assert entry.after == {"title": "Lantern glows", "publisher": "Herald", "published_on": "2031-06-01"}


def test_an_edit_that_changes_nothing_leaves_no_entry(desk: Desk) -> None:
    desk.add(make_article("A body.", title="Kettle sings"))
    desk.edit(URL, title="Kettle sings")
    desk.edit(URL)
    assert actions(desk) == ["add"]


def test_an_edited_url_must_be_free_wanted_and_an_address(desk: Desk) -> None:
    desk.add(make_article("One."))
    desk.add(make_article("Two.", url=f"{URL}/2"))
    with pytest.raises(UrlTaken):
        desk.edit(URL, url=f"{URL}/2")
    desk.block("bad.example")
    with pytest.raises(PublisherBlocked):
        desk.edit(URL, url="https://bad.example/1")
    for changes in ({"url": "javascript:1"}, {"title": "a\0b"}, {"publisher": "x" * 501}, {"title": "\ud800"}):
        with pytest.raises(IngestError):
            desk.edit(URL, **changes)  # type: ignore[arg-type]  # each is one of the three texts
    assert desk.edit(URL, url=f"{URL}/3").url == f"{URL}/3"
    assert desk.find(f"{URL}/3").url == f"{URL}/3"
    assert actions(desk) == ["edit", "block", "add", "add"]


def test_a_label_reaches_the_evidence(desk: Desk, library: Library) -> None:
    desk.add(make_article("The old kettle sings a song every single morning."))
    assert desk.label(URL, Label.SATIRE).label is Label.SATIRE
    check = FactChecker(library).check("“The old kettle sings a song every single morning.”", collection=SERVER)
    assert check.evidence[0].article.label is Label.SATIRE
    assert desk.label(URL, Label.NONE).label == ""
    assert desk.log().items[0].before == {"label": "satire"}


# --- removing ---


def test_a_removed_article_is_nowhere_and_comes_back_with_its_number(desk: Desk, library: Library) -> None:
    article = desk.add(make_article("The kettle sings.", title="Kettles", publisher="Courier")).article
    removal = desk.remove("Kettles")
    assert (removal.articles, removal.what) == (1, URL)
    assert found(library, "kettle") == []
    assert desk.browse().total == 0
    assert not desk.complete_articles("kettle")
    assert not desk.complete_publishers("courier")
    assert library.stats(SERVER).articles == library.stats(SERVER).versions == 0
    assert list(library.articles(SERVER)) == []
    assert [(one.name, one.articles) for one in library.collections()] == [(SERVER, 0)]
    with pytest.raises(ArticleNotFound):
        desk.find(str(article.id))
    assert list(library.verify(SERVER)) == []

    assert desk.undo(removal.id).articles == 1
    assert desk.find(URL).id == article.id
    assert found(library, "kettle") == ["Kettles", "The kettle sings."]
    assert list(library.verify(SERVER)) == []
    assert actions(desk) == ["undo", "remove", "add"]


def test_undoing_twice_restores_once_and_says_who_did(desk: Desk, library: Library) -> None:
    desk.add(make_article("One."))
    removal = desk.remove(URL)
    Desk(library, SERVER, "discord:8", lambda: NOON).undo(removal.id)
    with pytest.raises(AlreadyDecided) as refused:
        desk.undo(removal.id)
    assert refused.value.actor == "discord:8"
    assert desk.browse().total == 1


def test_a_publisher_goes_and_comes_back_as_one(desk: Desk, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.desk._INDEXED_AT_ONCE", 3)
    list(desk.add_all([*numbered(6), *numbered(2, "Herald", 6)]))
    removal = desk.remove_publisher("courier")
    assert removal.articles == 6
    assert desk.browse().total == 2
    assert found(library, "number3") == []
    with pytest.raises(ArticleNotFound):
        desk.remove_publisher("Courier")
    assert desk.undo(removal.id).articles == 6
    assert found(library, "number3") == ["Kettle number3 sings."]
    assert list(library.verify(SERVER)) == []


def test_a_removal_can_be_undone_for_a_day(desk: Desk, clock: Clock) -> None:
    desk.add(make_article("One."))
    removal = desk.remove(URL)
    clock.go(hours=23, minutes=59)
    assert desk.purge() == 0
    clock.go(minutes=1)
    with pytest.raises(RemovalGone) as gone:
        desk.undo(removal.id)
    assert gone.value.number == removal.id
    assert desk.purge() == 1
    assert desk.purge() == 0
    assert actions(desk) == ["purge", "remove", "add"]


def test_what_is_purged_leaves_nothing_and_numbers_are_never_given_again(
    desk: Desk, library: Library, clock: Clock
) -> None:
    article = desk.add(make_article("The kettle sings.")).article
    removal = desk.remove(URL)
    desk.purge(NOON + dt.timedelta(days=1))
    with library.reading() as connection:
        for table in ("article", "articleversion", "passage", "removal"):
            assert connection.exec_driver_sql(f"SELECT COUNT(*) FROM {table}").scalar() == 0
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM collection").scalar() == 1
    again = desk.add(make_article("The kettle sings.")).article
    assert again.id is not None
    assert article.id is not None
    assert again.id > article.id
    assert desk.remove(URL).id > removal.id


def test_a_removed_article_that_is_added_again_is_a_normal_addition(desk: Desk, library: Library) -> None:
    desk.add(make_article("The kettle sings.", title="Old"))
    removal = desk.remove(URL)
    added = desk.add(make_article("The lantern glows.", title="New"))
    assert (added.addition, added.article.title, added.article.version) == (Addition.ADDED, "New", 1)
    assert desk.undo(removal.id).articles == 0
    assert desk.find(URL).title == "New"
    assert desk.browse().total == library.stats(SERVER).articles == 1
    assert list(library.verify(SERVER)) == []


def test_a_library_does_not_index_what_waits_to_be_purged(library_url: str, desk: Desk) -> None:
    desk.add(make_article("The kettle sings."))
    removal = desk.remove(URL)
    with Library.open(library_url) as again:
        assert found(again, "kettle") == []
        assert Desk(again, SERVER, "x", lambda: NOON).undo(removal.id).articles == 1
        assert found(again, "kettle") == ["The kettle sings."]


def test_an_undoing_that_is_cut_off_before_the_index_is_mended_when_the_library_is_opened(
    library_url: str, desk: Desk, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.desk._INDEXED_AT_ONCE", 1)
    list(desk.add_all(numbered(3)))
    removal = desk.remove_publisher("Courier")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(library, "index_articles", die)
    with pytest.raises(KeyboardInterrupt):
        desk.undo(removal.id)
    with Library.open(library_url) as again:
        assert found(again, "number1") == ["Kettle number1 sings."]
        assert list(again.verify(SERVER)) == []


def test_an_article_that_is_removed_again_before_it_is_indexed_is_found_no_more(desk: Desk, library: Library) -> None:
    article = desk.add(make_article("The kettle sings.")).article
    desk.undo(desk.remove(URL).id)
    desk.remove(URL)
    library.index_articles(article.collection_id, [article.id or 0])
    assert found(library, "kettle") == []
    assert list(library.verify(SERVER)) == []


def test_a_purge_makes_no_collection(desk: Desk, library: Library) -> None:
    assert desk.purge() == 0
    assert library.collections() == ()


# --- the log ---


def test_the_log_is_read_in_pages_newest_first(desk: Desk) -> None:
    list(desk.add_all(numbered(5)))
    page = desk.log(offset=1, limit=2)
    assert (page.total, [entry.url for entry in page.items]) == (5, [f"{URL}/3", f"{URL}/2"])
    assert all(entry.at.tzinfo is dt.UTC for entry in page.items)


# --- domains ---


def test_blocked_domains_and_those_below_are_kept_out(desk: Desk) -> None:
    assert desk.block("WWW.Example.ORG").domain == "example.org"
    for url in ("https://example.org/1", "http://news.EXAMPLE.org./1", "https://ex%61mple.org/2"):
        with pytest.raises(PublisherBlocked) as refused:
            desk.add(make_article("One.", url=url))
        assert refused.value.domain == "example.org"
    assert desk.add(make_article("One.", url="https://notexample.org/1")).addition is Addition.ADDED
    assert desk.unlist("example.org")
    assert not desk.unlist("example.org")
    assert desk.add(make_article("One.")).addition is Addition.ADDED


def test_once_a_domain_is_allowed_only_allowed_ones_enter(desk: Desk) -> None:
    desk.allow("example.org")
    desk.block("opinion.example.org")
    assert desk.add(make_article("One.", url="https://news.example.org/1")).addition is Addition.ADDED
    for url in ("https://opinion.example.org/1", "https://other.example/1", "file:///tmp/a.txt"):
        with pytest.raises(PublisherBlocked):
            desk.add(make_article("One.", url=url))
    assert [(rule.domain, rule.policy) for rule in desk.domains()] == [
        ("example.org", DomainPolicy.ALLOW),
        ("opinion.example.org", DomainPolicy.BLOCK),
    ]


def test_a_domain_is_blocked_however_it_is_written(desk: Desk) -> None:
    assert desk.block("https://Bücher.example/path?x").domain == "xn--bcher-kva.example"
    for url in ("https://bücher.example/1", "https://BÜCHER.example/1", "https://xn--bcher-kva.example/1"):
        with pytest.raises(PublisherBlocked):
            desk.add(make_article("One.", url=url))
    desk.allow("bücher.example")
    assert [rule.policy for rule in desk.domains()] == [DomainPolicy.ALLOW]
    assert desk.log().items[0].before == {"domain": "xn--bcher-kva.example", "policy": "block"}
    desk.block("192.0.2.7")


@pytest.mark.parametrize(
    "domain",
    ["", " ", "org", "exa mple.org", "a..b", "https://", "http://[1", "x" * 64 + ".org", "-a.org", "1.2.3.999"],
)
def test_what_is_no_domain_is_refused(desk: Desk, domain: str) -> None:
    for method in (desk.allow, desk.block, desk.unlist):
        with pytest.raises(InvalidDomain):
            method(domain)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30))
def test_a_normal_domain_is_its_own_normal_form(domain: str) -> None:
    from knowledge.domains import normal_domain

    try:
        name = normal_domain(domain)
    except InvalidDomain:
        return
    assert normal_domain(name) == name
    assert name.isascii()


# --- drafts ---


def test_a_draft_waits_in_the_database_as_it_was(library_url: str, desk: Desk) -> None:
    review = Review("Kettles sing", "Ada Brook", dt.date(2031, 1, 2), "False", "Checkers")
    article = replace(make_article("The kettle sings.", title="Kettles"), review=review, language="en")
    draft = desk.draft(article)
    with Library.open(library_url) as again:
        other = Desk(again, SERVER, "discord:8", lambda: NOON)
        assert other.draft_of(draft) == article
        assert other.browse().total == 0
        added = other.publish(draft)
    assert added.addition is Addition.ADDED
    assert Review.of(added.article.review or {}) == review


def test_of_two_moderators_one_publishes_and_the_other_hears_of_it(desk: Desk, library: Library) -> None:
    other = Desk(library, SERVER, "discord:8", lambda: NOON)
    draft = desk.draft(make_article("One."))
    other.publish(draft)
    for method in (desk.publish, desk.discard, desk.draft_of, lambda n: desk.change_draft(n, make_article("Two."))):
        with pytest.raises(AlreadyDecided) as refused:
            method(draft)
        assert refused.value.actor == "discord:8"
    assert actions(desk) == ["publish", "add", "draft"]


def test_a_draft_can_be_changed_before_it_is_published(desk: Desk) -> None:
    draft = desk.draft(make_article("One.", title="Old"))
    desk.change_draft(draft, make_article("Two.", title="New", url=f"{URL}/2"))
    assert desk.publish(draft).article.title == "New"


def test_a_discarded_draft_adds_nothing(desk: Desk) -> None:
    draft = desk.draft(make_article("One."))
    desk.discard(draft)
    with pytest.raises(AlreadyDecided):
        desk.publish(draft)
    assert desk.browse().total == 0


def test_a_draft_that_may_not_enter_waits_on(desk: Desk) -> None:
    draft = desk.draft(make_article("One."))
    desk.block("example.org")
    with pytest.raises(PublisherBlocked):
        desk.publish(draft)
    desk.unlist("example.org")
    assert desk.publish(draft).addition is Addition.ADDED


def test_a_draft_waits_a_day(desk: Desk, clock: Clock) -> None:
    draft = desk.draft(make_article("One."))
    clock.go(hours=24)
    for method in (desk.publish, desk.discard, desk.draft_of):
        with pytest.raises(DraftGone):
            method(draft)
    assert desk.purge() == 0
    assert actions(desk) == ["purge", "draft"]


# --- suggestions ---


def test_a_suggestion_waits_until_it_is_decided(desk: Desk, library: Library) -> None:
    member = Desk(library, SERVER, "discord:100", lambda: NOON)
    first = member.suggest(f" {URL} ", "please")
    second = desk.suggest(f"{URL}/2")
    assert first == Suggestion(first.id, URL, "please", "discord:100", NOON)
    assert desk.queue().items == (first, second)
    decided = desk.decide(first.id, approve=True)
    assert (decided.approved, decided.decided_by) == (True, "discord:7")
    assert desk.suggestion(first.id) == decided
    assert desk.queue().items == (second,)
    with pytest.raises(AlreadyDecided) as refused:
        desk.decide(first.id, approve=False)
    assert refused.value.actor == "discord:7"


def test_the_same_address_waits_once(desk: Desk, library: Library) -> None:
    first = desk.suggest(URL, "one")
    assert Desk(library, SERVER, "discord:100", lambda: NOON).suggest(URL, "two") == first
    assert desk.queue().total == 1
    desk.decide(first.id, approve=False)
    assert desk.suggest(URL).id != first.id


def test_one_person_may_have_five_waiting(desk: Desk, library: Library) -> None:
    waiting = [desk.suggest(f"{URL}/{number}") for number in range(MOST_WAITING)]
    with pytest.raises(TooManySuggestions) as refused:
        desk.suggest(f"{URL}/more")
    assert refused.value.limit == 5
    Desk(library, SERVER, "discord:100", lambda: NOON).suggest(f"{URL}/more")
    desk.decide(waiting[0].id, approve=False)
    desk.suggest(f"{URL}/other")


@pytest.mark.parametrize(
    "url", ["", "example.org", "file:///etc/passwd", "javascript:1", "https://a b", "https://x@y.z"]
)
def test_only_web_addresses_can_be_suggested(desk: Desk, url: str) -> None:
    with pytest.raises(IngestError):
        desk.suggest(url)


# --- settings ---


def test_settings_are_kept_and_have_defaults(desk: Desk, library_url: str) -> None:
    assert desk.settings() == ServerSettings((), None, False, False, None)
    changed = desk.change_settings(roles=("1", "2"), log_channel="9", reads_shared=True)
    assert changed == ServerSettings(("1", "2"), "9", True, False, None)
    desk.change_settings(quota=5, private_by_default=True)
    with Library.open(library_url) as again:
        assert Desk(again, SERVER, "x").settings() == ServerSettings(("1", "2"), "9", True, True, 5)
    assert desk.change_settings(quota=5).quota == 5
    assert actions(desk) == ["settings", "settings"]
    assert desk.log().items[0].before == {"private_by_default": False, "quota": None}
    with pytest.raises(ValueError, match="negative"):
        desk.change_settings(quota=-1)


# --- other collections ---


def test_nothing_of_another_collection_can_be_read_or_changed(desk: Desk, library: Library) -> None:
    """Each call is made with the numbers of another collection and with numbers that do not exist: the same error."""
    article = desk.add(make_article("The kettle sings.", title="Kettles")).article
    desk.add(make_article("Gone.", url=f"{URL}/2", publisher="Courier"))
    removal = desk.remove(f"{URL}/2").id
    draft = desk.draft(make_article("A draft."))
    suggestion = desk.suggest(f"{URL}/3").id
    desk.block("bad.example")
    desk.change_settings(roles=("1",), quota=9)
    before = (desk.log(limit=99), desk.queue(), desk.domains(), desk.settings(), desk.browse(), desk.draft_of(draft))
    stranger = Desk(library, "discord:2", "discord:7", lambda: NOON)
    calls: list[tuple[Callable[[Any], object], Any, Any, type[KnowledgeError]]] = [
        (stranger.undo, removal, 99, RemovalGone),
        (stranger.draft_of, draft, 99, DraftGone),
        (stranger.publish, draft, 99, DraftGone),
        (stranger.discard, draft, 99, DraftGone),
        (lambda number: stranger.change_draft(number, make_article("X.")), draft, 99, DraftGone),
        (stranger.suggestion, suggestion, 99, SuggestionGone),
        (lambda number: stranger.decide(number, approve=True), suggestion, 99, SuggestionGone),
    ]
    by_reference: list[Callable[[Any], object]] = [
        stranger.find,
        stranger.remove,
        stranger.remove_publisher,
        lambda one: stranger.edit(one, title="Mine"),
        lambda one: stranger.label(one, Label.SATIRE),
    ]
    for reference in (str(article.id), URL, "Kettles"):
        calls += [(call, reference, "99", ArticleNotFound) for call in by_reference]
    for call, theirs, none, error in calls:
        with pytest.raises(error) as first:
            call(theirs)
        with pytest.raises(error) as second:
            call(none)
        assert str(first.value).replace(str(theirs), "…") == str(second.value).replace(str(none), "…")
    assert stranger.browse().total == stranger.log().total == stranger.queue().total == 0
    assert not [*stranger.complete_articles("kettle"), *stranger.complete_publishers(""), *stranger.domains()]
    assert stranger.settings() == ServerSettings()
    assert not stranger.unlist("bad.example")
    assert stranger.purge(NOON + dt.timedelta(days=9)) == 0
    assert stranger.suggest(f"{URL}/3").id != suggestion
    stranger.change_settings(quota=1)
    assert stranger.add(make_article("Mine.", url="https://bad.example/1")).addition is Addition.ADDED
    after = (desk.log(limit=99), desk.queue(), desk.domains(), desk.settings(), desk.browse(), desk.draft_of(draft))
    assert after == before
    assert desk.undo(removal).articles == 1


@pytest.mark.parametrize("number", [0, -1, 10**30])
def test_numbers_that_cannot_be_are_as_good_as_gone(desk: Desk, number: int) -> None:
    for call in (desk.undo, desk.draft_of, desk.publish, desk.discard, desk.suggestion):
        with pytest.raises((RemovalGone, DraftGone, SuggestionGone)):
            call(number)


# --- checks that read the shared collection too ---

QUOTE = "The old kettle sings a song every single morning in June."


def test_a_server_that_says_so_is_answered_from_the_shared_articles_too(desk: Desk, library: Library) -> None:
    library.add("shared", make_article(QUOTE, url=f"{URL}/shared"), actor="me")
    desk.add(make_article("The lantern glows.", url=f"{URL}/own"))
    checker = FactChecker(library)
    alone = checker.check(f"“{QUOTE}”", collection=SERVER)
    assert (alone.verdict, alone.searched) == (Verdict.NOT_FOUND, 1)
    desk.change_settings(reads_shared=True)
    both = checker.check(f"“{QUOTE}”", collection=SERVER)
    assert (both.verdict, both.searched) == (Verdict.VERBATIM, 2)
    assert both.evidence[0].article.url == f"{URL}/shared"
    assert checker.search("kettle sings", collection=SERVER).results[0].article.url == f"{URL}/shared"
    assert checker.check(f"“{QUOTE}”", collection="shared").searched == 1
    library.switch("shared", disabled=True, actor="operator")
    assert checker.check(f"“{QUOTE}”", collection=SERVER).searched == 1


def test_of_both_collections_the_best_verdict_comes_first_and_ties_go_to_the_earliest(
    desk: Desk, library: Library
) -> None:
    desk.change_settings(reads_shared=True)
    altered = QUOTE.replace("June", "July")
    desk.add(make_article(altered, url=f"{URL}/altered", published_on=dt.date(2030, 1, 1)))
    library.add("shared", make_article(QUOTE, url=f"{URL}/late", published_on=dt.date(2031, 1, 1)), actor="me")
    desk.add(make_article(QUOTE, url=f"{URL}/own", published_on=dt.date(2030, 6, 1)))
    check = FactChecker(library).check(f"“{QUOTE}”", collection=SERVER)
    assert [one.article.url for one in check.evidence] == [f"{URL}/own", f"{URL}/late", f"{URL}/altered"]
    assert check.searched == 3


def test_an_article_in_both_collections_is_shown_once_as_the_servers_own(desk: Desk, library: Library) -> None:
    desk.change_settings(reads_shared=True)
    library.add("shared", make_article(QUOTE), actor="me")
    own = desk.add(make_article(QUOTE)).article
    check = FactChecker(library).check(f"“{QUOTE}”", collection=SERVER)
    assert [one.article.id for one in check.evidence] == [own.id]
    assert check.reports is not None
    assert check.reports.articles == 1
    assert len(FactChecker(library).search("kettle", collection=SERVER).results) == 1
