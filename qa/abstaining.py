"""Whether to answer at all: what the token matrix says of "this is spoken of here"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.ranking import Hit, Ranking
from qa.calibration import along

FEATURES = ("score", "margin", "met", "worst", "anywhere", "information", "kind")
_TELLING = 3  # the rarest third of a question's tokens must be met


def features(
    ranking: Ranking, kinds: Sequence[float], hits: Sequence[Hit] | None = None
) -> dict[str, float]:
    """What the confidence is made from; all but the last on the scale of a cosine.

    `score` of the best sentence; its `margin` over the fourth; how well it meets the question's
    tokens, weighted (`met`), and the `worst` met of those that tell most; how well they are met
    `anywhere`; and how much they tell (`information`). `kind` looks at the question
    alone: whether joint statements answer such questions. No likeness to a sentence tells that
    the price which was asked for is not in it.

    Args:
        ranking: A ranking with at least one hit.
        kinds: See `Calibration.kinds`; they count nothing where they are another model's.
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
        "information": ranking.information,
        "kind": along(ranking.gist, kinds),
    }
