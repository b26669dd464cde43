"""What turned up among new passages: of whichever collection, however it came in, and only what a check confirms."""

from collections.abc import Mapping
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import index
from knowledge.checker import FactChecker
from knowledge.desk import Desk
from knowledge.library import Leased, LeaseLost, Library
from knowledge.lookout import Lookout, _Wanted
from knowledge.watches import Watches
from tests.conftest import make_article

CLAIM = "The ferry to Tern Island carried 412 passengers on Sunday"
TEXT = "It was a long day. The ferry to Tern Island carried 390 passengers on Sunday, said the harbour master."


@pytest.fixture
def watches(library: Library) -> Watches:
    return Watches(library)


@pytest.fixture
def lookout(library: Library) -> Lookout:
    return Lookout(FactChecker(library))


@pytest.fixture
def lease(library: Library) -> Leased:
    lease = library.leased("watches", timedelta(minutes=1))
    assert lease.acquire()
    return lease


def test_a_claim_turns_up_once(library: Library, watches: Watches, lookout: Lookout, lease: Leased) -> None:
    made = watches.add("shared", CLAIM, member="discord:7")
    assert lookout.look(lease) == 0
    assert watches.turned_up(9) == ()

    library.add("shared", make_article(TEXT), actor="test")
    assert lookout.has_new()

    assert lookout.look(lease) == 1
    assert [one.id for one in watches.turned_up(9)] == [made.id]
    assert not lookout.has_new()
    library.add("shared", make_article(TEXT, url="https://example.org/copy"), actor="test")
    assert lookout.look(lease) == 0


@pytest.mark.parametrize(
    "text",
    [
        "A matter of an altogether different kind was discussed.",
        "The ferry was late, and passengers waited at Tern on Sunday.",
        "On Sunday 412 birds of Tern Island carried twigs; a ferry with passengers was not seen.",
    ],
)
def test_what_is_at_most_related_has_not_turned_up(
    library: Library, watches: Watches, lookout: Lookout, lease: Leased, text: str
) -> None:
    watches.add("shared", CLAIM, member="discord:7")

    library.add("shared", make_article(text), actor="test")

    assert lookout.look(lease) == 0
    assert not lookout.has_new()


@pytest.mark.parametrize("articles", [3, 60])
def test_many_articles_at_once_are_looked_at_in_the_tail_and_in_segments(
    library: Library, watches: Watches, lookout: Lookout, lease: Leased, articles: int
) -> None:
    made = watches.add("shared", CLAIM, member="discord:7")
    pages = " ".join(f"It has a page {page} on which nobody has looked." for page in range(40))
    others = [make_article(f"Report {n} is out. {pages}", url=f"https://example.org/{n}") for n in range(articles)]

    for _ in library.add_all("shared", [*others, make_article(TEXT)], actor="test"):
        pass

    assert bool(library.stats("shared").segments) is (articles == 60)
    assert lookout.look(lease) == 1
    assert [one.id for one in watches.turned_up(9)] == [made.id]


def test_shared_articles_count_for_who_reads_them(
    library: Library, watches: Watches, lookout: Lookout, lease: Leased
) -> None:
    Desk(library, "discord:1", "test").change_settings(reads_shared=True)
    reads = watches.add("discord:1", CLAIM, member="discord:7")
    watches.add("discord:2", CLAIM, member="discord:7")

    library.add("shared", make_article(TEXT), actor="test")

    assert lookout.look(lease) == 1
    assert [one.id for one in watches.turned_up(9)] == [reads.id]


def test_an_end_amid_a_look_loses_nothing(library: Library, watches: Watches, lookout: Lookout, lease: Leased) -> None:
    watches.add("shared", CLAIM, member="discord:7")
    library.add("shared", make_article(TEXT), actor="test")

    assert lookout.look(lease, lambda: True) == 0
    assert lookout.has_new()

    assert Lookout(FactChecker(library)).look(lease) == 1


def test_only_who_holds_the_lease_looks(library: Library, watches: Watches, lookout: Lookout, lease: Leased) -> None:
    watches.add("shared", CLAIM, member="discord:7")
    library.add("shared", make_article(TEXT), actor="test")
    other = library.leased("watches", timedelta(minutes=1))

    with pytest.raises(LeaseLost):
        lookout.look(other)

    assert watches.turned_up(9) == ()
    assert lookout.look(lease) == 1


def test_what_was_removed_again_is_looked_for_on(
    library: Library, watches: Watches, lookout: Lookout, lease: Leased
) -> None:
    made = watches.add("shared", CLAIM, member="discord:7")
    library.add("shared", make_article(TEXT), actor="test")
    lookout.look(lease)

    watches.look_on(made.id)

    assert watches.turned_up(9) == ()
    library.add("shared", make_article(TEXT, url="https://example.org/copy"), actor="test")
    assert lookout.look(lease) == 1


def test_a_stopped_collection_is_looked_at_when_it_goes_on(
    library: Library, watches: Watches, lookout: Lookout, lease: Leased
) -> None:
    watches.add("discord:1", CLAIM, member="discord:7")
    library.add("discord:1", make_article(TEXT), actor="test")
    library.switch("discord:1", disabled=True, actor="test")
    assert not lookout.has_new()

    library.switch("discord:1", disabled=False, actor="test")

    assert lookout.look(lease) == 1


def test_what_an_index_made_anew_moves_is_no_loss(
    library: Library, watches: Watches, lookout: Lookout, lease: Leased
) -> None:
    library.add("shared", make_article("An article that was there before."), actor="test")
    watches.add("shared", CLAIM, member="discord:7")
    library.add("shared", make_article(TEXT, url="https://example.org/new"), actor="test")
    for _ in library.rebuild("shared"):
        pass

    assert lookout.look(lease) == 1


TERMS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 9).map(float), min_size=1, max_size=6)


@given(
    st.lists(st.lists(TERMS, max_size=3), min_size=1, max_size=6),
    st.lists(st.sets(st.sampled_from("abcdefgh")), max_size=8),
)
def test_the_index_of_what_is_wanted_agrees_with_going_through_everything(
    owned: list[list[Mapping[str, float]]], passages: list[set[str]]
) -> None:
    wanted = _Wanted.of(owned)
    pairs = [(number, place) for number, has in enumerate(passages) for place, t in enumerate(wanted.terms) if t in has]
    numbers, places = (np.array([pair[side] for pair in pairs], dtype=np.intp) for side in (0, 1))

    met = wanted.owners_met(numbers, places)

    probes = [(owner, probe) for owner, its in enumerate(owned) for probe in its]
    enough = zip(probes, wanted.needs, strict=True)
    assert met == sorted({owner for (owner, probe), needed in enough if _has_enough(probe, needed, passages)})


def _has_enough(probe: Mapping[str, float], needed: float, passages: list[set[str]]) -> bool:
    return any(sum(value for term, value in probe.items() if term in has) >= needed for has in passages)


def test_occurrences_are_those_of_the_range_alone(library: Library) -> None:
    for number in range(3):
        library.add(
            "shared", make_article(f"Heron number {number} sings.", url=f"https://example.org/{number}"), actor="t"
        )
    with library.reading_of("shared") as (connection, collection):
        end = collection.next_passage
        passages, places = index.occurrences(connection, collection, ["heron", "nowher", "sing"], end - 1, end)

    assert sorted(zip(passages.tolist(), places.tolist(), strict=True)) == [(end - 1, 0), (end - 1, 2)]
