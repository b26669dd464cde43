"""Posting lists as bytes: passage numbers kept as the gaps between them, and thousands of lists handled at once.

Used by `index` alone. A list begins with its gap from the segment's first passage; gaps are little-endian, of 16 bits
where all of a list fit and of 32 where not. Pure functions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from operator import not_

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.intp]
"""Passage numbers, increasing, none twice."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Posting lists, one after the other: list i is the next `counts[i]` of `numbers`, one at the least."""

    numbers: Numbers
    counts: Numbers

    @property
    def starts(self) -> Numbers:
        """Where each list begins in `numbers`."""
        starts: Numbers = np.cumsum(self.counts) - self.counts
        return starts


def pack(lists: Lists, first: int) -> list[bytes]:
    """The bytes of each list, for a segment whose passages begin at `first`."""
    if not len(lists.counts):
        return []
    starts = lists.starts
    gaps = np.diff(lists.numbers, prepend=0)
    gaps[starts] = lists.numbers[starts] - first
    is_narrow = np.maximum.reduceat(gaps, starts) < _NARROW
    narrow, wide = gaps.astype("<u2").tobytes(), b"" if is_narrow.all() else gaps.astype("<u4").tobytes()
    ends = starts + lists.counts
    return [
        narrow[2 * start : 2 * end] if fits else wide[4 * start : 4 * end]
        for start, end, fits in zip(starts.tolist(), ends.tolist(), is_narrow.tolist(), strict=True)
    ]


_NARROW = 1 << 16


def unpack(packed: bytes, count: int, first: int) -> Numbers:
    """The `count` passage numbers of one list, from a segment whose passages begin at `first`."""
    numbers = np.cumsum(np.frombuffer(packed, dtype="<u2" if len(packed) == 2 * count else "<u4"), dtype=np.intp)
    numbers += first
    return numbers


def unpack_all(packed: Sequence[bytes], counts: Sequence[int], firsts: Sequence[int]) -> Lists:
    """Many lists, each with its number of passages and its segment's first one; twenty times as fast as one by one."""
    sizes = np.array(counts, dtype=np.intp)
    narrow = [len(one) == 2 * count for one, count in zip(packed, counts, strict=True)]
    each_narrow = np.repeat(narrow, sizes)
    gaps = np.empty(len(each_narrow), dtype=np.intp)
    gaps[each_narrow] = np.frombuffer(b"".join(compress(packed, narrow)), dtype="<u2")
    gaps[~each_narrow] = np.frombuffer(b"".join(compress(packed, map(not_, narrow))), dtype="<u4")
    numbers = np.cumsum(gaps)
    starts = np.cumsum(sizes) - sizes
    numbers -= np.repeat(numbers[starts] - gaps[starts] - np.array(firsts, dtype=np.intp), sizes)
    return Lists(numbers, sizes)


def join(lists: Lists, owners: Sequence[int], standing: NDArray[np.bool_], first: int) -> tuple[Lists, Numbers]:
    """One list for each owner of some lists, without removed passages; and the owners that have any left.

    `owners` has an index for each list. `standing` tells for each passage from `first` on whether it still stands;
    the lists of one owner may interleave, as those of segments of different ages do.
    """
    places = lists.numbers - first
    keys = np.repeat(np.array(owners, dtype=np.intp), lists.counts) * len(standing) + places
    keys = np.sort(keys[standing[places]], kind="stable")
    owner, place = np.divmod(keys, len(standing))
    counts = np.bincount(owner, minlength=0)
    left = np.flatnonzero(counts)
    return Lists(place + first, counts[left]), left
