"""Vectors in one byte a number: near to the exact ones, whatever their dimension."""

from __future__ import annotations

import numpy as np
import pytest

from index.models.encoder import unit_rows
from index.store.vectors.rounding import restored, rounded


@pytest.mark.parametrize("dimension", [1, 4, 64, 256, 384, 1024])
def test_rounded_vectors_give_nearly_the_exact_cosines(dimension: int) -> None:
    exact = unit_rows(np.random.default_rng(0).normal(size=(200, dimension)))
    levels = rounded(exact)
    assert levels.dtype == np.int8
    vectors = restored(levels)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=0.01)
    assert np.abs(vectors @ vectors.T - exact @ exact.T).max() < 0.02


def test_a_value_that_is_too_large_is_cut_off() -> None:
    vector = np.zeros((1, 1024), np.float32)
    vector[0, 5] = -1
    assert rounded(vector)[0, 5] == -127
