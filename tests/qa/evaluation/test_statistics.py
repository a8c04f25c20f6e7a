from __future__ import annotations

import pytest

from qa.evaluation.statistics import (
    Interval,
    ReliabilityBin,
    auc,
    calibration_error,
    holm,
    interval,
    paired_p,
    reliability,
)


@pytest.mark.parametrize(
    ("positives", "negatives", "expected"),
    [([2, 3], [0, 1], 1.0), ([0, 1], [2, 3], 0.0), ([1, 1], [1], 0.5), ([1, 3], [2], 0.5)],
)
def test_auc(positives: list[float], negatives: list[float], expected: float) -> None:
    assert auc(positives, negatives) == expected


def test_auc_of_one_class_is_unknown() -> None:
    assert auc([1.0], []) is None
    assert auc([], [1.0]) is None


@pytest.mark.parametrize(
    ("gains", "families", "p"),
    [
        ([], [], 1.0),
        ([0, 0], ["a", "b"], 1.0),
        ([1, 1, 1, 1, 1], list("abcde"), 2 / 32),  # McNemar with five to none
        ([1, 1, -1], list("abc"), 1.0),
        ([1, 1, 1, 1, 1], list("aaaab"), 1.0 / 2),  # two families: two of four sign patterns
        ([1] * 8, ["a"] * 8, 1.0),  # one family proves nothing
    ],
)
def test_families_change_sides_together(gains: list[int], families: list[str], p: float) -> None:
    assert paired_p(gains, families) == pytest.approx(p)


@pytest.mark.parametrize(
    ("p_values", "corrected"),
    [([], []), ([0.04, 0.01, 0.03], [0.06, 0.03, 0.06]), ([0.6, 0.7], [1.0, 1.0])],
)
def test_holm_keeps_the_order_and_never_lowers(
    p_values: list[float], corrected: list[float]
) -> None:
    assert list(holm(p_values)) == pytest.approx(corrected)


def test_the_interval_holds_the_mean_and_narrows() -> None:
    few, many = interval([0, 1] * 5), interval([0, 1] * 500)
    assert few.low < few.mean == 0.5 < few.high
    assert many.high - many.low < few.high - few.low


def test_the_interval_without_values_is_the_full_range() -> None:
    assert interval([]) == Interval(0.0, 0.0, 1.0)


def test_a_calibrated_confidence_has_no_error() -> None:
    assert calibration_error([0.0, 1.0], [False, True]) == 0
    assert calibration_error([1.0, 0.0], [False, True]) == 1
    assert calibration_error([0.5], [True]) is None


def test_both_classes_have_the_same_weight_in_reliability() -> None:
    assert reliability([0.1, 0.1, 0.1, 1.0], [False, False, True, True]) == [
        ReliabilityBin(pytest.approx(0.1), pytest.approx(1 / 3), 0.75),
        ReliabilityBin(1.0, 1.0, 0.25),
    ]
