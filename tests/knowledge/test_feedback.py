"""What members say of answers is kept once each, told to moderators without names, and runs out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from knowledge.desk import Desk
from knowledge.errors import CollectionDisabled, DisputeGone
from knowledge.feedback import MOST_OF_ONE, Answer, Feedback
from knowledge.library import Library
from knowledge.members import MemberKey
from knowledge.models import Opinion
from knowledge.verdicts import Verdict

SERVER = "discord:1"
ANSWER = Answer("57% of voters favor Fenwick", Verdict.ALTERED, "https://example.org/poll", "Ada Quill")
NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def feedback(library: Library) -> Feedback:
    return Feedback(library, MemberKey.new(), lambda: NOON)


@pytest.fixture
def desk(library: Library) -> Desk:
    return Desk(library, SERVER, "discord:99")


def test_an_answer_is_disputed_once_somebody_thinks_it_wrong(feedback: Feedback, desk: Desk) -> None:
    feedback.give(SERVER, "discord:5", ANSWER, Opinion.RIGHT)
    assert desk.disputed().total == 0

    for member, opinion in (("6", Opinion.VERDICT), ("7", Opinion.VERDICT), ("8", Opinion.PASSAGE)):
        feedback.give(SERVER, f"discord:{member}", ANSWER, opinion)

    (dispute,) = desk.disputed().items
    assert dispute.answer == ANSWER
    assert (dispute.right, dispute.wrong_passage, dispute.wrong_verdict) == (1, 1, 2)
    assert desk.dispute(dispute.id) == dispute


def test_a_member_counts_once_and_may_change_their_mind(feedback: Feedback, desk: Desk) -> None:
    assert not feedback.give(SERVER, "discord:5", ANSWER, Opinion.VERDICT)
    assert feedback.give(SERVER, "discord:5", ANSWER, Opinion.PASSAGE)
    assert desk.disputed().items[0].wrong_verdict == 0

    assert feedback.give(SERVER, "discord:5", ANSWER, Opinion.RIGHT)

    assert desk.disputed().total == 0
    assert len(feedback.of_member("discord:5")) == 1


@pytest.mark.parametrize(
    "other",
    [
        replace(ANSWER, claim="58% of voters favor Fenwick"),
        replace(ANSWER, verdict=Verdict.CLOSE),
        replace(ANSWER, address="https://example.org/other"),
        replace(ANSWER, speaker=""),
    ],
)
def test_another_answer_is_disputed_by_itself(feedback: Feedback, desk: Desk, other: Answer) -> None:
    for answer in (ANSWER, other):
        feedback.give(SERVER, "discord:5", answer, Opinion.VERDICT)

    assert {one.answer for one in desk.disputed().items} == {ANSWER, other}


def test_what_was_spoken_of_last_comes_first_and_is_paged(library: Library, desk: Desk) -> None:
    key = MemberKey.new()
    answers = [replace(ANSWER, claim=f"claim {number}") for number in range(5)]
    for place, number in enumerate((3, 1, 4, 0, 2, 3)):  # 3 was disputed first, and last again
        given = Feedback(library, key, lambda place=place: NOON + timedelta(hours=place))  # type: ignore[misc]
        given.give(SERVER, f"discord:{place}", answers[number], Opinion.VERDICT)

    claims = [one.answer.claim for offset in (0, 2, 4) for one in desk.disputed(offset, 2).items]

    assert claims == ["claim 3", "claim 2", "claim 0", "claim 4", "claim 1"]
    assert desk.disputed(0, 2).total == 5


def test_no_collection_sees_anothers_disputes(library: Library, feedback: Feedback) -> None:
    feedback.give(SERVER, "discord:5", ANSWER, Opinion.VERDICT)
    other = Desk(library, "discord:2", "discord:99")

    assert other.disputed().total == 0
    for number in (1, 0, -1, 2**70):
        with pytest.raises(DisputeGone):
            other.dispute(number)


def test_nothing_is_said_of_a_collection_that_is_switched_off(library: Library, feedback: Feedback) -> None:
    Desk(library, SERVER, "discord:99").suggest("https://example.org/a")
    library.switch(SERVER, disabled=True, actor="test")

    with pytest.raises(CollectionDisabled):
        feedback.give(SERVER, "discord:5", ANSWER, Opinion.VERDICT)
    assert feedback.of_member("discord:5") == []


def test_of_one_member_the_newest_are_kept(feedback: Feedback) -> None:
    for number in range(MOST_OF_ONE + 3):
        feedback.give(SERVER, "discord:5", replace(ANSWER, claim=f"claim {number}"), Opinion.RIGHT)
    feedback.give(SERVER, "discord:6", ANSWER, Opinion.RIGHT)

    kept = [one["claim"] for one in feedback.of_member("discord:5")]

    assert kept == [f"claim {number}" for number in range(3, MOST_OF_ONE + 3)]
    assert len(feedback.of_member("discord:6")) == 1


def test_feedback_is_kept_for_180_days_and_no_longer(feedback: Feedback, desk: Desk) -> None:
    feedback.give(SERVER, "discord:5", ANSWER, Opinion.VERDICT)

    assert feedback.expire(NOON + timedelta(days=180, seconds=-1)) == 0
    assert desk.disputed().total == 1
    assert feedback.expire(NOON + timedelta(days=180)) == 1
    assert desk.disputed().total == 0


def test_a_collection_is_deleted_with_what_was_said_in_it(library: Library, feedback: Feedback) -> None:
    feedback.give(SERVER, "discord:5", ANSWER, Opinion.VERDICT)

    library.delete_collection(SERVER)

    assert feedback.of_member("discord:5") == []


def test_without_the_key_nobody_is_found(library: Library, feedback: Feedback) -> None:
    feedback.give(SERVER, "discord:5", ANSWER, Opinion.VERDICT)

    stranger = Feedback(library, MemberKey.new())

    assert stranger.of_member("discord:5") == []
    assert stranger.forget("discord:5") == 0
