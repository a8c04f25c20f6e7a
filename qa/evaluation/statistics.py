"""Statistics of an evaluation: intervals, paired tests, AUC and calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_RESAMPLES = 2000
_BINS = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and its 95% interval.

    Attributes:
        mean: The mean.
        low: The lower end.
        high: The upper end.
    """

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Questions whose confidence is in one bin. Both classes have the same total weight.

    Attributes:
        confidence: The weighted mean of the confidence, 0..1.
        share: The weighted share of right ones, 0..1.
        weight: The share of the whole weight that is in the bin, 0..1.
    """

    confidence: float
    share: float
    weight: float


def interval(values: Sequence[float]) -> Interval:
    """Return the mean and its percentile-bootstrap interval (2,000 resamples, seed 0).

    Args:
        values: One value per question, each 0..1. Without values the interval is 0..1.
    """
    data = np.asarray(values, float)
    if not len(data):
        return Interval(0.0, 0.0, 1.0)
    draws = np.random.default_rng(0).integers(len(data), size=(_RESAMPLES, len(data)))
    low, high = np.percentile(data[draws].mean(axis=1), [2.5, 97.5])
    return Interval(float(data.mean()), float(low), float(high))


def paired_p(gains: Sequence[int], families: Sequence[str]) -> float:
    """Return the two-sided p-value of a paired sign test, exactly.

    The questions of a family are translations of each other, so their gains get one random sign
    together. If every question is a family of its own, this is the exact McNemar test. The
    distribution of the sum under random signs is computed one family after another.

    Args:
        gains: For each question 1 if only the first system is right, -1 if only the other system
            is right, else 0.
        families: The family of each question.
    """
    family_gains: dict[str, int] = {}
    for gain, family in zip(gains, families, strict=True):
        family_gains[family] = family_gains.get(family, 0) + gain
    probabilities = {0: 1.0}
    for family_gain in family_gains.values():
        extended: dict[int, float] = {}
        for total, probability in probabilities.items():
            for new_total in (total + family_gain, total - family_gain):
                extended[new_total] = extended.get(new_total, 0.0) + probability / 2
        probabilities = extended
    observed = abs(sum(gains))
    return min(1.0, sum(p for total, p in probabilities.items() if abs(total) >= observed))


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return the p-values in the same order, corrected for several tests (Holm 1979)."""
    corrected, least = [0.0] * len(p_values), 0.0
    ascending = sorted(range(len(p_values)), key=lambda place: p_values[place])
    for rank, place in enumerate(ascending):
        least = max(least, min(1.0, p_values[place] * (len(p_values) - rank)))
        corrected[place] = least
    return tuple(corrected)


def auc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Return the probability that a positive has a higher score than a negative.

    It is computed from the Mann-Whitney U statistic. Ties count half.

    Returns:
        The AUC, 0..1, or None if one of the classes is empty.
    """
    if not len(positives) or not len(negatives):
        return None
    from scipy.stats import mannwhitneyu

    statistic = mannwhitneyu(positives, negatives).statistic
    return float(statistic / (len(positives) * len(negatives)))


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float | None:
    """Return the expected calibration error over ten equal bins (Guo et al. 2017).

    Both classes have the same total weight, as in the fit of the confidence.

    Args:
        confidences: Confidence of each question, 0..1.
        right: The class of each question.

    Returns:
        The error, 0..1, or None if one of the classes is empty.
    """
    if len(set(right)) < 2:
        return None
    bins = reliability(confidences, right)
    return sum(bin_.weight * abs(bin_.confidence - bin_.share) for bin_ in bins)


def reliability(confidences: Sequence[float], right: Sequence[bool]) -> list[ReliabilityBin]:
    """Return the bins of the confidence that are not empty, in ascending order.

    Args:
        confidences: Confidence of each question, 0..1.
        right: The class of each question.
    """
    values, truth = np.asarray(confidences, float), np.asarray(right, bool)
    weights = np.where(truth, 0.5 / max(1, truth.sum()), 0.5 / max(1, (~truth).sum()))
    bin_numbers = np.minimum((values * _BINS).astype(int), _BINS - 1)
    bins = []
    for number in np.unique(bin_numbers):
        inside = bin_numbers == number
        bins.append(
            ReliabilityBin(
                float(np.average(values[inside], weights=weights[inside])),
                float(np.average(truth[inside], weights=weights[inside])),
                float(weights[inside].sum()),
            )
        )
    return bins
