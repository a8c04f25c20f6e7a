"""When the statement that is meant is silent, and which one is the latest that speaks."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.scope.silence import log_odds, probability


@given(st.floats(0.002, 0.998))
def test_a_probability_comes_back_from_its_log_odds(chance: float) -> None:
    assert probability(log_odds(chance)) == pytest.approx(chance)


@pytest.mark.parametrize("certain", [0.0, 1.0])
def test_certainty_has_finite_log_odds(certain: float) -> None:
    assert math.isfinite(log_odds(certain))
    assert (log_odds(certain) > 0) == bool(certain)
