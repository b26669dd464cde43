"""Posting lists as bytes: what is packed comes back, and joined lists are those that a plain loop makes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from knowledge.postings import Lists, join, pack, unpack, unpack_all

FIRST = 1_000
PASSAGES = 200_000

numbers = st.sets(st.integers(FIRST, FIRST + 300) | st.integers(FIRST, FIRST + PASSAGES - 1), min_size=1, max_size=30)


def lists_of(groups: list[set[int]]) -> Lists:
    flat = [number for group in groups for number in sorted(group)]
    return Lists(np.array(flat, dtype=np.intp), np.array([len(group) for group in groups], dtype=np.intp))


@given(st.lists(numbers, min_size=1, max_size=8))
def test_what_is_packed_comes_back_alone_and_among_others(groups: list[set[int]]) -> None:
    packed = pack(lists_of(groups), FIRST)
    counts = [len(group) for group in groups]

    for one, group in zip(packed, groups, strict=True):
        assert unpack(one, len(group), FIRST).tolist() == sorted(group)
    together = unpack_all(packed, counts, [FIRST] * len(groups))
    assert together.numbers.tolist() == lists_of(groups).numbers.tolist()
    assert together.counts.tolist() == counts


def test_gaps_take_two_bytes_where_all_fit_and_four_where_one_does_not() -> None:
    near, far = pack(lists_of([{FIRST, FIRST + 65_535}, {FIRST, FIRST + 65_536}]), FIRST)
    assert (len(near), len(far)) == (4, 8)


def test_nothing_packs_to_nothing() -> None:
    assert pack(lists_of([]), FIRST) == []


@given(st.lists(st.tuples(st.integers(0, 3), numbers), min_size=1, max_size=8), st.sets(st.integers(0, 300)))
def test_joined_lists_are_what_a_plain_loop_makes(owned: list[tuple[int, set[int]]], removed: set[int]) -> None:
    standing = np.ones(PASSAGES, dtype=bool)
    standing[list(removed)] = False
    seen: set[tuple[int, int]] = set()  # no two lists of one owner share a passage
    groups: list[tuple[int, set[int]]] = []
    for owner, group in owned:
        fresh = {number for number in group if (owner, number) not in seen}
        seen |= {(owner, number) for number in fresh}
        groups.append((owner, fresh or {FIRST + PASSAGES - 1 - len(groups)}))

    joined, left = join(lists_of([group for _, group in groups]), [owner for owner, _ in groups], standing, FIRST)

    expected: dict[int, list[int]] = {}
    for owner, group in groups:
        expected.setdefault(owner, []).extend(number for number in group if number - FIRST not in removed)
    wanted = {owner: sorted(found) for owner, found in sorted(expected.items()) if found}
    starts = joined.starts.tolist()
    found = [
        joined.numbers[start : start + count].tolist()
        for start, count in zip(starts, joined.counts.tolist(), strict=True)
    ]
    assert dict(zip(left.tolist(), found, strict=True)) == wanted
