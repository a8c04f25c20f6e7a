"""Whether to answer at all: what the token matrix says of "this is spoken of here"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.ranking import Hit, Ranking

FEATURES = ("score", "margin", "met", "worst", "anywhere", "answering", "asked")
_TELLING = 3  # the weightiest third of a question's tokens must be met


def features(ranking: Ranking, hits: Sequence[Hit] | None = None) -> dict[str, float]:
    """What the confidence is made from; all but the last on the scale of a cosine.

    `score` of the best sentence; its `margin` over the fourth; how well it meets the question's
    tokens, weighted (`met`), and the `worst` met of those that count most; how well they are met
    `anywhere`; how well those that tell whether it answers (`answering`). `asked` looks at the
    question alone: joint statements name places more often than prices.

    Args:
        ranking: A ranking with at least one hit.
        hits: Only these of its hits, best first; all of them when omitted.
    """
    chosen = ranking.hits if hits is None else hits
    best, weights = chosen[0], ranking.weights
    if not len(weights):
        return dict.fromkeys(FEATURES, 0.0)
    telling = np.argsort(-weights)[: max(2, len(weights) // _TELLING)]
    anywhere = np.max([hit.met for hit in chosen], axis=0)
    return {
        "score": best.score,
        "margin": best.score - chosen[min(3, len(chosen) - 1)].score,
        "met": float(best.met @ weights),
        "worst": float(best.met[telling].min()),
        "anywhere": float(anywhere @ weights),
        "answering": best.answering,
        "asked": ranking.asked,
    }
