"""What operators do with whole collections, and with an article wherever it is."""

import pytest

from knowledge.checker import FactChecker
from knowledge.desk import Desk
from knowledge.errors import CollectionNotFound, DraftGone, RemovalGone
from knowledge.library import Library
from tests.conftest import make_article

URL = "https://example.org/article"


@pytest.fixture
def two(library: Library) -> tuple[Desk, Desk]:
    """Two servers that have the same article."""
    desks = Desk(library, "discord:1", "discord:7"), Desk(library, "discord:2", "discord:8")
    for desk in desks:
        desk.add(make_article("The kettle sings.", title="Kettles"))
    return desks


def rows(library: Library, table: str) -> int:
    with library.reading() as connection:
        return int(connection.exec_driver_sql(f"SELECT COUNT(*) FROM {table}").scalar_one())


def test_collections_are_listed_by_name_with_what_they_hold(library: Library, two: tuple[Desk, Desk]) -> None:
    two[0].change_settings(quota=9, reads_shared=True)
    two[1].remove(URL)
    library.switch("discord:2", disabled=True, actor="operator")
    told = [(one.name, one.articles, one.quota, one.reads_shared, one.disabled) for one in library.collections()]
    assert told == [("discord:1", 1, 9, True, False), ("discord:2", 0, None, False, True)]
    assert library.collection("discord:1") == library.collections()[0]
    with pytest.raises(CollectionNotFound):
        library.collection("discord:3")


def test_stopping_a_collection_is_logged_once(library: Library, two: tuple[Desk, Desk]) -> None:
    for disabled in (True, True, False):
        library.switch("discord:1", disabled=disabled, actor="operator")
    assert [(entry.action, entry.actor) for entry in two[0].log(limit=2).items] == [
        ("enable", "operator"),
        ("disable", "operator"),
    ]
    with pytest.raises(CollectionNotFound):
        library.switch("discord:3", disabled=True, actor="operator")


def test_a_deleted_collection_leaves_nothing_and_others_untouched(library: Library, two: tuple[Desk, Desk]) -> None:
    first, second = two
    removal = first.remove(URL)
    first.add(make_article("The lantern glows.", url=f"{URL}/2"))
    first.draft(make_article("A draft."))
    first.suggest(f"{URL}/3")
    first.block("bad.example")
    before = second.browse(), second.log()
    assert library.delete_collection("discord:1") == 1
    assert (second.browse(), second.log()) == before
    tables = ("collection", "article", "articleversion", "removal", "draft", "suggestion", "domainrule")
    assert [rows(library, table) for table in tables] == [1, 1, 1, 0, 0, 0, 0]
    assert list(library.verify("discord:2")) == []
    assert first.log().total == first.browse().total == 0
    with pytest.raises(RemovalGone):
        first.undo(removal.id)
    with pytest.raises(CollectionNotFound):
        library.delete_collection("discord:1")


def test_the_number_of_a_deleted_collection_is_not_given_again(library: Library, two: tuple[Desk, Desk]) -> None:
    first = two[1].find(URL).collection_id
    library.delete_collection("discord:2")
    assert two[1].add(make_article("The lantern glows.")).article.collection_id > first


def test_a_takedown_reaches_every_collection_and_what_waits_in_it(library: Library, two: tuple[Desk, Desk]) -> None:
    first, second = two
    removal = second.remove(URL)
    third = Desk(library, "discord:3", "discord:9")
    draft = third.draft(make_article("The kettle sings."))
    fourth = Desk(library, "discord:4", "discord:9")
    fourth.add(make_article("The kettle sings.", url=f"{URL}#claimreview-12345678"))
    other = first.add(make_article("The kettle sings.", url=f"{URL}/2")).article
    names = library.take_down(URL, actor="operator")
    assert names == ("discord:1", "discord:2", "discord:3", "discord:4")
    for desk in (first, second, third, fourth):
        entry = desk.log().items[0]
        assert (entry.action, entry.actor) == ("takedown", "operator")
        assert entry.url.startswith(URL)
    assert [article.id for article in first.browse().items] == [other.id]
    assert second.undo(removal.id).articles == 0
    assert fourth.browse().total == library.stats("discord:4").articles == 0
    with pytest.raises(DraftGone):
        third.publish(draft)
    assert rows(library, "articleversion") == 1
    for one in library.collections():
        assert list(library.verify(one.name)) == []
    assert FactChecker(library).search("kettle", collection="discord:2").results == ()
    assert library.take_down(URL, actor="operator") == ()
