"""Statistics of an evaluation: intervals, paired tests, AUC, calibration. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

_RESAMPLES = 2000


def interval(values: Sequence[float]) -> dict[str, float]:
    """Mean and 95% percentile-bootstrap interval over questions (2,000 resamples, seed 0)."""
    data = np.asarray(values, float)
    if not len(data):
        return {"mean": 0.0, "low": 0.0, "high": 1.0}
    draws = np.random.default_rng(0).integers(len(data), size=(_RESAMPLES, len(data)))
    low, high = np.percentile(data[draws].mean(axis=1), [2.5, 97.5])
    return {"mean": float(data.mean()), "low": float(low), "high": float(high)}


def paired_p(gains: Sequence[int], families: Sequence[str]) -> float:
    """Two-sided p of a paired test in which all questions of a family change sides together.

    Without families it is the exact McNemar test. The distribution of the sum under random
    signs is built up exactly, one family after another.

    Args:
        gains: 1 where only the first system is right, -1 where only the other is, else 0.
        families: The family of each question.
    """
    sums: dict[str, int] = {}
    for gain, family in zip(gains, families, strict=True):
        sums[family] = sums.get(family, 0) + gain
    chances = {0: 1.0}
    for change in sums.values():
        spread: dict[int, float] = {}
        for total, chance in chances.items():
            for moved in (total + change, total - change):
                spread[moved] = spread.get(moved, 0.0) + chance / 2
        chances = spread
    extreme = abs(sum(gains))
    return min(1.0, sum(chance for total, chance in chances.items() if abs(total) >= extreme))


def holm(tests: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Tests with `p_holm`, which holds for all of them together (Holm 1979)."""
    adjusted, least = {}, 0.0
    for rank, place in enumerate(sorted(range(len(tests)), key=lambda one: tests[one]["p"])):
        least = max(least, min(1.0, tests[place]["p"] * (len(tests) - rank)))
        adjusted[place] = least
    return [{**test, "p_holm": adjusted[place]} for place, test in enumerate(tests)]


def auc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Chance that a positive scores above a negative, ties counting half (Mann-Whitney U)."""
    if not len(positives) or not len(negatives):
        return None
    from scipy.stats import mannwhitneyu

    statistic = mannwhitneyu(positives, negatives).statistic
    return float(statistic / (len(positives) * len(negatives)))


def calibration_error(chances: Sequence[float], right: Sequence[bool]) -> float | None:
    """Expected calibration error over ten equal bins (Guo et al. 2017).

    The two classes weigh the same, as they do in the fit, whatever their share of the set.
    """
    if len(set(right)) < 2:
        return None
    return sum(
        weight * abs(chance - share) for chance, share, weight in reliability(chances, right)
    )


def reliability(
    chances: Sequence[float], right: Sequence[bool]
) -> list[tuple[float, float, float]]:
    """Mean confidence, share of right ones and weight of each bin that is not empty."""
    sure, truth = np.asarray(chances, float), np.asarray(right, bool)
    weights = np.where(truth, 0.5 / max(1, truth.sum()), 0.5 / max(1, (~truth).sum()))
    bins = np.minimum((sure * 10).astype(int), 9)
    return [
        (
            float(np.average(sure[bins == one], weights=weights[bins == one])),
            float(np.average(truth[bins == one], weights=weights[bins == one])),
            float(weights[bins == one].sum()),
        )
        for one in np.unique(bins).tolist()
    ]
