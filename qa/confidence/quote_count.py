"""How many of the best sentences are quoted: as many as are likely to answer."""

from __future__ import annotations

import math

from index.search.ranking import Ranking
from qa.confidence.calibration import Calibration, along

MAX_QUOTES = 12
# A sentence below this chance is not quoted. With 0.05, a question with one answer gets three
# quotes on average, and a question that asks for a list gets six.
_LEAST = 0.05
_LIST = 1.5  # a question asks for a list from this value of `several` on


def quote_features(ranking: Ranking, several: float) -> list[dict[str, float]]:
    """Return, for each of the first sentences, what tells whether it answers too.

    Args:
        ranking: The ranking of the question.
        several: How much the question looks like one that asks for several things.
    """
    scores = ranking.scores.score[:MAX_QUOTES].tolist()
    return [
        {
            "gap": scores[0] - score,
            "score": score,
            "rank": math.log(rank),
            "several": several,
            "several_gap": several * (scores[0] - score),
        }
        for rank, score in enumerate(scores, 1)
    ]


def quote_count(ranking: Ranking, calibration: Calibration) -> int:
    """Return how many of the first sentences to quote; at least one where there are any."""
    several = _several(ranking, calibration)
    likely = [
        calibration.quoting(features) >= _LEAST for features in quote_features(ranking, several)
    ]
    return likely.index(False, 1) if False in likely[1:] else len(likely)


def asks_for_list(ranking: Ranking, calibration: Calibration) -> bool:
    """Return whether a question looks like one that asks for a list."""
    return _several(ranking, calibration) >= _LIST


def _several(ranking: Ranking, calibration: Calibration) -> float:
    return along(ranking.query.pooled, calibration.several_direction)
