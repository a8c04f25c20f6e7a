"""Ranges of numbers that are joined."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.ranges import joined_ranges


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9)), max_size=20))
def test_ranges_are_joined_in_order(ranges: list[tuple[int, int]]) -> None:
    begins = np.array([begin for begin, _ in ranges], np.int64)
    counts = np.array([count for _, count in ranges], np.int64)
    numbers, owners = joined_ranges(begins, begins + counts)
    expected = [
        (number, place)
        for place, (begin, count) in enumerate(ranges)
        for number in range(begin, begin + count)
    ]
    assert list(zip(numbers.tolist(), owners.tolist(), strict=True)) == expected
    assert numbers.dtype == owners.dtype == np.int64
