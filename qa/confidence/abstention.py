"""Whether to answer at all: what the token matrix says of "this is spoken of here"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.search.ranking import Hit, Ranking
from index.search.reranker import SURE

# What tells whether the statement is about the subject at all, and whether it answers.
SUBJECT = ("score", "half", "anywhere", "words")
ANSWER = ("answering", "asked", "reading", "half")
# What tells whether the best sentence is the right one.
FIRST = (*ANSWER, "words", "lead", "second")
_LOOKED = 8  # of the best sentences, to see what stands next to the best


def features(ranking: Ranking, hits: Sequence[Hit] | None = None) -> dict[str, float]:
    """What silence is told by; most of it on the scale of a cosine.

    `score` of the best sentence; how well the question's tokens are met `anywhere`, weighted, and
    the better `half` of them, as they are: the words of a subject are met where it is spoken of,
    whatever is asked of it; and the share of `words` in common, which holds across languages for
    acronyms; how well the best sentence meets what tells that it answers (`answering`); the best
    log-odds that the reader gives a sentence (`reading`). `asked` looks at the question alone:
    joint statements name places more often than prices. `lead` is how far the best sentence is
    ahead of that of another passage; `second`, the best log-odds of another passage.

    Args:
        ranking: A ranking with at least one hit.
        hits: Only these of its hits, best first; all of them when omitted.
    """
    chosen = ranking.hits if hits is None else hits
    weights = ranking.weights
    if not len(weights):
        return dict.fromkeys((*SUBJECT, *FIRST), 0.0)
    best, near = chosen[0], chosen[:_LOOKED]
    others = [hit for hit in near if hit.passage is not best.passage]
    met = np.max([hit.match.met for hit in chosen], axis=0)
    return {
        "score": best.score,
        "half": float(np.sort(met)[len(met) // 2 :].mean()),
        "anywhere": float(met @ weights),
        "words": max(hit.words for hit in chosen),
        "answering": best.answering,
        "asked": ranking.asked,
        "reading": max(hit.reading for hit in chosen),
        "lead": best.score - others[0].score if others else 0.0,
        "second": max((hit.reading for hit in others), default=-SURE),
    }
