"""When the statement that is meant is silent, and which one is the latest that speaks."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rankings import ranking
from statements import statement_from

from corpus.facts.mentions import find_mentions
from qa.scope.silence import log_odds, probability, with_countries_named


@given(st.floats(0.002, 0.998))
def test_a_probability_comes_back_from_its_log_odds(chance: float) -> None:
    assert probability(log_odds(chance)) == pytest.approx(chance)


@pytest.mark.parametrize("certain", [0.0, 1.0])
def test_certainty_has_finite_log_odds(certain: float) -> None:
    assert math.isfinite(log_odds(certain))
    assert (log_odds(certain) > 0) == bool(certain)


COUNTRIES = [
    ("What is said about Sudan?", False),
    ("スーダンについては？", False),
    ("What is said about Haiti?", True),
    ("아이티의 치안", True),
    ("What is said about hydrogen?", True),  # no country is asked about
    ("What does the statement of Sudan say?", True),  # Sudan names the statement
]


@pytest.mark.parametrize(("question", "kept"), COUNTRIES)
def test_a_country_that_is_nowhere_named_lowers_the_confidence(question: str, kept: bool) -> None:
    statements = [statement_from("Hydrogen.\n", "a"), statement_from("The Haitian police.\n", "b")]
    whole = [(each, each.passages[0], each.passages[0].span, 0.0) for each in statements]
    snapshot = ranking(*whole).snapshot
    confidence = with_countries_named(0.8, find_mentions(question), snapshot, snapshot.facts)
    assert (confidence == 0.8) == kept
    assert 0 < confidence <= 0.8
