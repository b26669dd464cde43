"""What is kept of those who wait for a claim, for how long, and what most of them miss."""

from datetime import UTC, datetime, timedelta

import pytest

from knowledge.errors import ClaimError, CollectionDisabled, TooManyWatches
from knowledge.library import Library
from knowledge.retention import WATCH_KEPT
from knowledge.watches import MOST_WATCHES, Watches
from tests.conftest import make_article

CLAIM = "The ferry to Tern Island carried 412 passengers"
START = datetime(2031, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def watches(library: Library) -> Watches:
    return Watches(library, lambda: START)


def test_a_watch_is_a_claim_a_place_and_an_account(watches: Watches) -> None:
    made = watches.add("discord:1", CLAIM, member="discord:7", place="discord:3", speaker="Ada Quill")

    assert watches.own("discord:7") == (made,)
    assert watches.get(made.id) == made
    assert (made.collection, made.place, made.text, made.speaker) == ("discord:1", "discord:3", CLAIM, "Ada Quill")
    assert (made.at, made.ends_at, made.found_at) == (START, START + timedelta(days=30), None)


def test_the_same_claim_again_is_the_same_watch_kept_for_longer(library: Library, watches: Watches) -> None:
    first = watches.add("discord:1", CLAIM, member="discord:7")
    later = START + timedelta(days=9)

    again = Watches(library, lambda: later).add("discord:1", CLAIM, member="discord:7", place="discord:4")

    assert (again.id, again.at, again.place) == (first.id, later, "discord:4")
    assert len(watches.own("discord:7")) == 1


def test_one_person_may_have_so_many_and_another_as_many_again(watches: Watches) -> None:
    for number in range(MOST_WATCHES):
        watches.add(f"discord:{number % 3}", f"{CLAIM}, says page {number}", member="discord:7")

    with pytest.raises(TooManyWatches) as refused:
        watches.add("discord:9", CLAIM, member="discord:7")

    assert refused.value.limit == MOST_WATCHES
    watches.add("discord:0", f"{CLAIM}, says page 0", member="discord:7")
    watches.add("discord:9", CLAIM, member="discord:8")


def test_nothing_that_cannot_be_checked_is_watched_for(library: Library, watches: Watches) -> None:
    with pytest.raises(ClaimError):
        watches.add("discord:1", "...", member="discord:7")
    library.add("discord:1", make_article("A text that is here."), actor="test")
    library.switch("discord:1", disabled=True, actor="test")
    with pytest.raises(CollectionDisabled):
        watches.add("discord:1", CLAIM, member="discord:7")
    assert watches.own("discord:7") == ()


def test_only_its_member_stops_a_watch(watches: Watches) -> None:
    made = watches.add("discord:1", CLAIM, member="discord:7")

    assert not watches.stop(made.id, "discord:8")
    assert watches.get(made.id) == made
    assert watches.stop(made.id, "discord:7")
    assert not watches.stop(made.id, "discord:7")
    assert watches.get(made.id) is None


def test_a_number_is_never_given_twice(watches: Watches) -> None:
    first = watches.add("discord:1", CLAIM, member="discord:7")
    watches.stop(first.id, "discord:7")

    assert watches.add("discord:1", CLAIM, member="discord:8").id > first.id


def test_a_member_is_forgotten_in_every_server_and_nobody_else(watches: Watches) -> None:
    for collection in ("discord:1", "discord:2", "shared"):
        watches.add(collection, CLAIM, member="discord:7")
    other = watches.add("discord:1", CLAIM, member="discord:8")

    assert watches.forget("discord:7") == 3

    assert watches.own("discord:7") == ()
    assert watches.own("discord:8") == (other,)
    assert watches.forget("discord:7") == 0


def test_a_watch_expires_after_its_days_whatever_became_of_it(library: Library, watches: Watches) -> None:
    old = watches.add("discord:1", CLAIM, member="discord:7")
    watches.called(old.id)
    young = Watches(library, lambda: START + timedelta(days=1)).add("discord:1", CLAIM, member="discord:8")

    assert watches.expire(START + WATCH_KEPT - timedelta(seconds=1)) == 0
    assert watches.expire(START + WATCH_KEPT) == 1

    assert watches.get(old.id) is None
    assert watches.get(young.id) == young


def test_a_deleted_collection_takes_its_watches_with_it(library: Library, watches: Watches) -> None:
    watches.add("discord:1", CLAIM, member="discord:7")

    library.delete_collection("discord:1")

    assert watches.own("discord:7") == ()


def test_gaps_are_the_claims_of_one_collection_that_most_people_wait_for(watches: Watches) -> None:
    other = "Nobody has seen the golden heron of Alder Falls since March"
    watches.add("discord:1", other, member="discord:1")
    watches.add("discord:1", CLAIM, member="discord:1")
    watches.add("discord:1", f"is it true that {CLAIM.lower()}?", member="discord:2")
    watches.add("discord:1", f"{CLAIM}!", member="discord:2")
    watches.add("discord:2", CLAIM, member="discord:3")

    gaps = watches.gaps("discord:1", 10)

    assert [(gap.text, gap.members) for gap in gaps] == [(CLAIM, 2), (other, 1)]
    assert len(watches.gaps("discord:1", 1)) == 1
    assert watches.gaps("discord:3", 10) == ()
