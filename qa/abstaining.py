"""Whether to answer at all: a confidence from a few numbers, and a threshold."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from index.ranking import Ranking


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model of "the statement speaks of this".

    Attributes:
        intercept: Constant term.
        score: Weight of the best sentence's score.
        information: Weight of the mean informativeness of the question's tokens.
        threshold: Confidence from which on a question is answered.
    """

    intercept: float
    score: float
    information: float
    threshold: float


@cache
def shipped() -> Calibration:
    """The figures in `calibration.json`, which `python -m qa.tuning` wrote."""
    table = json.loads(files("qa").joinpath("calibration.json").read_text("utf-8"))
    del table["how"]
    return Calibration(**table)


def features(ranking: Ranking) -> tuple[float, float]:
    """Score of the best sentence, and mean informativeness of the question's tokens."""
    return ranking.hits[0].score, ranking.information


def confidence(ranking: Ranking, calibration: Calibration) -> float:
    """Probability, 0..1, that the best sentences are about what was asked.

    It tells questions on other subjects from the statement's own. It does not tell whether a
    detail that was asked for is given.
    """
    score, information = features(ranking)
    if not math.isfinite(score):
        return 0.0
    logit = (
        calibration.intercept + calibration.score * score + calibration.information * information
    )
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))
