"""The few numbers that were fitted, and where they lie: `calibration.json`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from corpus.tables import read_table
from index.models.encoder import Floats
from qa.answers.answer import Level


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model: a probability from named features.

    Attributes:
        intercept: Constant term.
        weights: Weight of each feature.
    """

    intercept: float
    weights: Mapping[str, float]

    def __call__(self, features: Mapping[str, float]) -> float:
        """Probability, 0..1; 0 where a feature is not finite.

        Raises:
            KeyError: A feature is missing.
        """
        logit = self.intercept + sum(
            weight * features[name] for name, weight in self.weights.items()
        )
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit)))) if math.isfinite(logit) else 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """What `python -m training.calibration` fits.

    Attributes:
        confidence: That the question is answered.
        first: That the best sentence is the right one.
        high: Chance of that from which on it is called high.
        fair: Chance of that from which on it is called fair.
        threshold: Confidence from which on a question is answered.
        leaning: That a question leans on the ones before it.
        leaning_from: Chance of that from which on it is taken to do so.
        subject: That a question is about what the statement is about, answered or not.
        off_subject: Chance of that below which a question is said to be about other things.
        quoting: That a sentence answers, beside the best one.
        several: How much each dimension of a question's gist says that it asks for several things.
        follow_up: The same of that it leans on an earlier one.
        how: What was measured on statements left out of the fit, such as `high_right`: the share of
            answers called high whose first quote was the right one.
    """

    confidence: Logistic
    first: Logistic
    high: float
    fair: float
    threshold: float
    leaning: Logistic
    leaning_from: float
    subject: Logistic
    off_subject: float
    quoting: Logistic
    several: tuple[float, ...]
    follow_up: tuple[float, ...]
    how: Mapping[str, Any]

    def level(self, chance: float) -> Level:
        """In words, the chance that the first quote is the right one."""
        return "high" if chance >= self.high else "fair" if chance >= self.fair else "low"


@cache
def shipped() -> Calibration:
    """The figures in `calibration.json`."""
    table = read_table(__package__, "calibration.json")
    return Calibration(
        confidence=Logistic(**table["confidence"]),
        first=Logistic(**table["first"]),
        high=table["high"],
        fair=table["fair"],
        threshold=table["threshold"],
        leaning=Logistic(**table["leaning"]),
        leaning_from=table["leaning_from"],
        subject=Logistic(**table["subject"]),
        off_subject=table["off_subject"],
        quoting=Logistic(**table["quoting"]),
        several=tuple(table["several"]),
        follow_up=tuple(table["follow_up"]),
        how=table["how"],
    )


def high_right() -> float | None:
    """How often the first quote of an answer called high was right, 0..1; None if not measured."""
    share = shipped().how.get("high_right")
    return None if share is None else float(share)


def along(gist: Floats, direction: Sequence[float]) -> float:
    """How far a question's gist goes in a fitted direction; 0 when that is another model's."""
    return float(gist @ direction) if len(gist) == len(direction) else 0.0
