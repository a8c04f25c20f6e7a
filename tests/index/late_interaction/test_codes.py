"""Token vectors in 2 bits: near to the exact ones, and taken from several places like slices."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.late_interaction.codes import CodeParts, TokenCodes
from index.models.encoder import Floats, unit_rows

DIMENSIONS = [4, 8, 96, 192, 384]


def random_vectors(count: int, dimension: int, seed: int = 0) -> Floats:
    return unit_rows(np.random.default_rng(seed).normal(size=(count, dimension)))


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_rounded_vector_is_near_to_the_exact_one(dimension: int) -> None:
    exact = random_vectors(500, dimension)
    codes = TokenCodes.of(exact)
    vectors = codes.vectors()
    assert codes.codes.shape == (500, dimension // 4)
    assert (codes.codes.dtype, codes.scales.dtype) == (np.uint8, np.float16)
    assert np.allclose((vectors * exact).sum(axis=1), 1, atol=1e-3)
    assert (unit_rows(vectors) * exact).sum(axis=1).mean() > 0.92


def test_another_dimension_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple of 4"):
        TokenCodes.of(random_vectors(2, 6))


@settings(deadline=None)
@given(st.sampled_from(DIMENSIONS), st.integers(0, 9), st.integers(0, 5), st.integers(0, 99))
def test_cosines_are_those_of_the_vectors(
    dimension: int, tokens: int, asked: int, seed: int
) -> None:
    codes = TokenCodes.of(random_vectors(tokens, dimension, seed))
    query = random_vectors(asked, dimension, seed + 1)
    cosines = codes.cosines(query)
    assert (cosines.dtype, cosines.shape) == (np.float32, (tokens, asked))
    vectors = codes.vectors()
    half_a_level = np.abs(query).max(axis=1) / (2 * 127)  # of the values of the query
    error = np.abs(cosines - vectors @ query.T)
    assert (error <= half_a_level * np.abs(vectors).sum(axis=1, keepdims=True) + 1e-5).all()


def test_a_rounded_query_changes_a_cosine_little() -> None:
    codes, query = TokenCodes.of(random_vectors(500, 256)), random_vectors(50, 256, 1)
    errors = codes.cosines(query) - codes.vectors() @ query.T
    assert np.abs(errors).max() < 0.003
    assert abs(errors.mean()) < 1e-4


def test_damaged_scales_give_bounded_cosines() -> None:
    codes = TokenCodes.of(random_vectors(3, 8))
    damaged = TokenCodes(codes.codes, np.array([np.nan, np.inf, -1], np.float16))
    cosines = damaged.cosines(random_vectors(2, 8))
    assert np.isfinite(cosines).all()
    assert np.abs(cosines).max() < 3 * 8


@settings(deadline=None)
@given(st.sampled_from([96, 192, 384]), st.integers(0, 99))
def test_rounding_again_changes_nothing(dimension: int, seed: int) -> None:
    codes = TokenCodes.of(random_vectors(9, dimension, seed))
    again = TokenCodes.of(unit_rows(codes.vectors()))
    assert np.array_equal(again.codes, codes.codes)


def test_the_values_lie_in_the_described_places() -> None:
    codes = TokenCodes.of(unit_rows(np.float32([[-9, -1, 1, 9, 1, 1, 1, -1]])))
    # The levels -3, -1, 1 and 3 are the numbers 0 to 3.
    assert codes.codes.tolist() == [[0 | 1 << 2 | 2 << 4 | 3 << 6, 2 | 2 << 2 | 2 << 4 | 1 << 6]]
    length = (2 * 81 + 6) ** 0.5
    assert codes.scales == pytest.approx([length / (2 * 3 * 9 + 6)], rel=1e-3)


@st.composite
def parts_and_ranges(draw: st.DrawFn) -> tuple[list[int], list[tuple[int, int]]]:
    """Draw the lengths of some parts, and ranges that lie within one of them each."""
    lengths = draw(st.lists(st.integers(0, 6), min_size=1, max_size=5).filter(any))
    starts = np.cumsum([0, *lengths]).tolist()
    filled = [number for number, length in enumerate(lengths) if length]
    ranges = []
    for part in draw(st.lists(st.sampled_from(filled), min_size=1, max_size=6)):
        begin = draw(st.integers(0, lengths[part] - 1))
        end = draw(st.integers(begin + 1, lengths[part]))
        ranges.append((starts[part] + begin, starts[part] + end))
    if draw(st.booleans()):  # whole parts, one after another
        ranges = [(starts[part], starts[part + 1]) for part in filled]
    return lengths, ranges


@settings(deadline=None, max_examples=300)
@given(parts_and_ranges())
def test_ranges_of_several_parts_are_taken_like_slices(
    drawn: tuple[list[int], list[tuple[int, int]]],
) -> None:
    lengths, ranges = drawn
    whole = TokenCodes.of(random_vectors(sum(lengths), 8))
    bounds = np.cumsum([0, *lengths]).tolist()
    parts = CodeParts.of(
        *(
            TokenCodes(whole.codes[first:last], whole.scales[first:last])
            for first, last in pairwise(bounds)
        )
    )
    begins, ends = np.array(ranges, np.int64).T
    taken = parts.take(begins, ends)
    rows = np.concatenate([np.arange(begin, end) for begin, end in ranges])
    assert np.array_equal(taken.codes, whole.codes[rows])
    assert np.array_equal(taken.scales, whole.scales[rows])
