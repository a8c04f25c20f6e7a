"""MaxSim gives the same as comparing each query token with each token of a unit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.late_interaction.codes import CodeParts, TokenCodes
from index.late_interaction.maxsim import TokenMatrix, best_rows, max_sim_tokens
from index.models.encoder import Floats, unit_rows

NEARLY = 0.05  # A row counts as a best match up to this much below the best cosine.
lengths_of_units = st.lists(st.integers(0, 5), min_size=1, max_size=8)
# A unit that is too long to be compared in one step, an empty one, and neighbours.
LONG_UNITS = [40_000, 0, 7, 20_000, 3]


def matrix(lengths: list[int]) -> TokenMatrix:
    ends = np.cumsum(lengths, dtype=np.int64)
    rows = np.random.default_rng(0).normal(size=(int(sum(lengths)), 8))
    codes = TokenCodes.of(unit_rows(rows))
    middle = ends[len(ends) // 2]  # The tokens lie in two places.
    parts = [
        TokenCodes(codes.codes[own], codes.scales[own])
        for own in (slice(None, middle), slice(middle, None))
    ]
    return TokenMatrix(CodeParts.of(*parts), ends - np.array(lengths), ends)


def query(tokens: int) -> Floats:
    return unit_rows(np.random.default_rng(1).normal(size=(tokens, 8)))


def cosines(tokens: Floats, units: TokenMatrix, unit: int) -> Floats:
    """All cosines between a query and a unit, f32 (query tokens, tokens of the unit)."""
    found = np.concatenate([part.cosines(tokens) for part in units.rows.parts])
    return found[units.begins[unit] : units.ends[unit]].T


def assert_best_cosines(tokens: Floats, units: TokenMatrix, chosen: list[int]) -> None:
    best = max_sim_tokens(tokens, units, np.array(chosen, np.int64))
    assert best.shape == (len(chosen), len(tokens))
    assert best.dtype == np.float32
    for row, unit in zip(best, chosen, strict=True):
        all_cosines = cosines(tokens, units, unit)
        expected = all_cosines.max(axis=1) if all_cosines.size else np.zeros(len(tokens))
        assert np.allclose(row, expected, atol=1e-5)


@settings(deadline=None)
@given(lengths_of_units, st.integers(0, 4), st.data())
def test_the_best_cosine_of_each_query_token_is_found(
    lengths: list[int], tokens: int, data: st.DataObject
) -> None:
    chosen = data.draw(st.sets(st.integers(0, len(lengths) - 1)))
    assert_best_cosines(query(tokens), matrix(lengths), sorted(chosen))


@pytest.mark.parametrize("tokens", [1, 4, 300])
@pytest.mark.parametrize("chosen", [[0, 1, 2, 3, 4], [0, 3], [1, 2], [4]])
def test_long_units_are_compared_in_several_steps(tokens: int, chosen: list[int]) -> None:
    assert_best_cosines(query(tokens), matrix(LONG_UNITS), chosen)


def assert_best_rows(tokens: Floats, units: TokenMatrix, unit: int) -> None:
    all_cosines = cosines(tokens, units, unit)
    below_best = all_cosines.max(axis=1, keepdims=True) - all_cosines
    found = best_rows(tokens, units, unit, all_cosines.max(axis=1))
    assert (np.diff(found) > 0).all()
    is_found = np.isin(np.arange(units.begins[unit], units.ends[unit]), found)
    assert is_found.sum() == len(found)
    # Rows within a rounding error of the limit may count or not.
    assert is_found[(below_best < NEARLY - 1e-5).any(axis=0)].all()
    assert not is_found[(below_best > NEARLY + 1e-5).all(axis=0)].any()


@settings(deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=4), st.integers(1, 4))
def test_the_rows_that_match_best_or_nearly_so_are_found(lengths: list[int], tokens: int) -> None:
    units = matrix(lengths)
    for unit in range(len(lengths)):
        assert_best_rows(query(tokens), units, unit)


@pytest.mark.parametrize("unit", [0, 2, 3])
def test_the_best_rows_of_a_long_unit_are_found(unit: int) -> None:
    assert_best_rows(query(4), matrix(LONG_UNITS), unit)


@given(lengths_of_units, st.data())
def test_the_mean_of_a_unit_is_the_mean_of_its_tokens(
    lengths: list[int], data: st.DataObject
) -> None:
    units = matrix(lengths)
    chosen = sorted(data.draw(st.sets(st.integers(0, len(lengths) - 1))))
    means = units.means(np.array(chosen, np.int64))
    assert len(means) == len(chosen)
    rows = np.concatenate([part.vectors() for part in units.rows.parts])
    for mean, unit in zip(means, chosen, strict=True):
        own = rows[units.begins[unit] : units.ends[unit]]
        expected = unit_rows(own.sum(axis=0)) if len(own) else np.zeros(mean.shape)
        assert np.allclose(mean, expected, atol=1e-5)
