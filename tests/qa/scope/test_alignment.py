"""Sentences of two languages are matched in the order of both texts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.models.encoder import Floats
from qa.scope.alignment import Match, aligned

LIKE, UNLIKE = 0.8, 0.4


def likeness(rows: int, columns: int, *like: tuple[int, int]) -> Floats:
    """Return a matrix in which some pairs of sentences are alike."""
    matrix = np.full((rows, columns), UNLIKE, np.float32)
    for pair in like:
        matrix[pair] = LIKE
    return matrix


def pairs(matches: list[Match]) -> list[tuple[list[int], list[int]]]:
    return [(list(match.first), list(match.second)) for match in matches]


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        (likeness(3, 3, (0, 0), (1, 1), (2, 2)), [([0], [0]), ([1], [1]), ([2], [2])]),
        (likeness(2, 3, (0, 0), (0, 1), (1, 2)), [([0], [0, 1]), ([1], [2])]),
        (likeness(3, 2, (0, 0), (1, 0), (2, 1)), [([0, 1], [0]), ([2], [1])]),
        # A sentence that the other text lacks has no counterpart.
        (likeness(3, 2, (0, 0), (2, 1)), [([0], [0]), ([2], [1])]),
        (likeness(2, 4, (0, 1), (1, 3)), [([0], [1]), ([1], [3])]),
        # The order of both texts is kept, so only one of two crossing pairs is.
        (likeness(2, 2, (0, 1), (1, 0)), [([0, 1], [0, 1])]),
        (np.zeros((0, 3), np.float32), []),
        (np.zeros((2, 0), np.float32), []),
    ],
    ids=[
        "one each",
        "one of two",
        "two of one",
        "left out",
        "added",
        "crossing",
        "none",
        "nothing",
    ],
)
def test_sentences_are_matched(matrix: Floats, expected: list[tuple[list[int], list[int]]]) -> None:
    assert pairs(aligned(matrix)) == expected


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_matches_keep_the_order_and_share_no_sentence(rows: int, columns: int, seed: int) -> None:
    matrix = np.random.default_rng(seed).uniform(0, 1, (rows, columns)).astype(np.float32)
    matches = aligned(matrix)
    first = [number for match in matches for number in match.first]
    second = [number for match in matches for number in match.second]
    assert first == sorted(set(first))
    assert second == sorted(set(second))
    assert all(len(match.first) and len(match.second) for match in matches)
    assert set(first) <= set(range(rows))
    assert set(second) <= set(range(columns))
