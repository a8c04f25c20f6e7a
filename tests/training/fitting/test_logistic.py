"""The logistic models are fitted and measured as their docstrings say."""

from __future__ import annotations

import numpy as np
import pytest

from training.fitting.logistic import (
    Example,
    auc_by_kind,
    cross_validated_chances,
    fit_direction,
    fit_logistic,
    with_features,
)


def example(value: float, kind: str, statement: str) -> Example:
    return Example({"score": value, "noise": value % 0.1}, kind == "answered", kind, statement)


@pytest.fixture
def examples() -> list[Example]:
    draw = np.random.default_rng(0)
    return [
        example(float(value), kind, f"statement {number % 4}")
        for kind, mean in (("answered", 0.8), ("near", 0.6), ("other", 0.2))
        for number, value in enumerate(draw.normal(mean, 0.1, 40))
    ]


def test_a_higher_score_means_a_higher_chance(examples: list[Example]) -> None:
    model = fit_logistic(examples)
    assert list(model.weights) == ["score", "noise"]
    chances = [model({"score": score, "noise": 0.0}) for score in (0.2, 0.6, 0.8)]
    assert chances == sorted(chances)
    assert chances[0] < 0.1 < 0.5 < chances[2]


def test_a_statement_is_measured_without_itself(examples: list[Example]) -> None:
    chances = cross_validated_chances(examples)
    held_out = "statement 1"
    model = fit_logistic([row for row in examples if row.statement != held_out])
    for row, chance in zip(examples, chances, strict=True):
        if row.statement == held_out:
            assert chance == model(row.features)


def test_auc_by_kind(examples: list[Example]) -> None:
    aucs = auc_by_kind(examples, cross_validated_chances(examples), "answered")
    assert aucs.keys() == {"near", "other"}
    assert 0.8 < aucs["near"] < aucs["other"] == 1.0


def test_features_are_chosen_by_name(examples: list[Example]) -> None:
    assert list(with_features(examples[0], ["noise"]).features) == ["noise"]


def test_a_direction_has_no_constant_term() -> None:
    vectors = np.array([[1.0, 0.2], [0.9, -0.2], [-1.0, 0.2], [-0.9, -0.2]])
    direction = fit_direction(vectors, [True, True, False, False])
    assert ((vectors @ direction > 0) == [True, True, False, False]).all()
