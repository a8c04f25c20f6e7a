"""How many of the best sentences to quote: as many as are likely to answer, no more."""

from __future__ import annotations

import math
from collections.abc import Sequence

from index.search.ranking import Hit, Ranking
from qa.confidence.calibration import Calibration, along

MAX_QUOTES = 12
# Below this chance a sentence is not quoted: at 0.05 a question with one answer gets three
# quotes on average, one that asks for a list gets six.
_LEAST = 0.05


def features(hits: Sequence[Hit], several: float) -> list[dict[str, float]]:
    """For each of the first hits, what tells whether it answers too.

    Args:
        hits: Best first.
        several: How much the question sounds as if it asked for several things.
    """
    return [
        {
            "gap": hits[0].score - hit.score,
            "score": hit.score,
            "rank": math.log(rank),
            "several": several,
            "several_gap": several * (hits[0].score - hit.score),
        }
        for rank, hit in enumerate(hits[:MAX_QUOTES], 1)
    ]


def how_many(ranking: Ranking, hits: Sequence[Hit], calibration: Calibration) -> int:
    """How many of `hits`, some of the ranking's, to quote; at least one where there are any."""
    rows = features(hits, along(ranking.gist, calibration.several))
    likely = [calibration.quoting(row) >= _LEAST for row in rows]
    return likely.index(False, 1) if False in likely[1:] else len(rows)
