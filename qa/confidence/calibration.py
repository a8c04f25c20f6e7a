"""The fitted figures of confidence, and the file that holds them: `calibration.json`."""

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
    """A logistic model that turns named features into a probability.

    Attributes:
        intercept: The constant term.
        weights: The weight of each feature.
    """

    intercept: float
    weights: Mapping[str, float]

    def __call__(self, features: Mapping[str, float]) -> float:
        """Return the probability, 0..1. It is 0 where a feature is not finite.

        Raises:
            KeyError: A feature is missing.
        """
        logit = self.intercept + sum(
            weight * features[name] for name, weight in self.weights.items()
        )
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit)))) if math.isfinite(logit) else 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """The figures that `python -m training.calibration` fits.

    Attributes:
        confidence: Model of the chance that a question is answered.
        threshold: The confidence from which on a question is answered.
        first_right: Model of the chance that the best sentence is the right one.
        high: The chance from which on an answer is called high.
        fair: The chance from which on it is called fair.
        followup: Model of the chance that a question follows up the ones before it.
        followup_from: The chance from which on it is treated as a follow-up.
        subject: Model of the chance that a question is about the subject of the statement,
            whether it is answered or not.
        off_subject: The chance below which a question is said to be about other things.
        quoting: Model of the chance that a sentence answers, besides the best one.
        several_direction: f32 weights of the pooled vector of a question; the dot product tells
            whether the question asks for several things.
        followup_direction: The same for whether it follows up an earlier question.
        how: What was measured on statements that were left out of the fit, for example
            `high_right`: the share of answers called high whose first quote was the right one.
    """

    confidence: Logistic
    threshold: float
    first_right: Logistic
    high: float
    fair: float
    followup: Logistic
    followup_from: float
    subject: Logistic
    off_subject: float
    quoting: Logistic
    several_direction: tuple[float, ...]
    followup_direction: tuple[float, ...]
    how: Mapping[str, Any]

    def level(self, chance: float) -> Level:
        """Return the level of a chance that the first quote is the right one."""
        return "high" if chance >= self.high else "fair" if chance >= self.fair else "low"


@cache
def shipped() -> Calibration:
    """Return the figures in `calibration.json`."""
    table = read_table(__package__, "calibration.json")
    models = ("confidence", "first_right", "followup", "subject", "quoting")
    directions = ("several_direction", "followup_direction")
    fitted = {name: Logistic(**table[name]) for name in models}
    fitted_directions = {name: tuple(table[name]) for name in directions}
    return Calibration(**table | fitted | fitted_directions)


def high_right() -> float | None:
    """Return the share of answers called high that were right, 0..1; None if not measured."""
    share = shipped().how.get("high_right")
    return None if share is None else float(share)


def along(pooled: Floats, direction: Sequence[float]) -> float:
    """Return the dot product of a pooled vector and a fitted direction.

    It is 0 where the vector comes from another model than the direction.
    """
    return float(pooled @ direction) if len(pooled) == len(direction) else 0.0
