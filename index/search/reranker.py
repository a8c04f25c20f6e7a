"""Reranking: the best sentences are read again together with the question (a cross-encoder).

The ranking compares a question and a sentence that were encoded apart. A model that reads both at
once tells better whether one answers the other, but it is too slow to read everything (Nogueira &
Cho 2019).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from index.search.ranking import Ranking
from index.search.scoring import add_reranker
from index.search.snapshot import Location

READ = 3  # sentences that are read at most. Reading more did not rank better.
# The first two are always read, at the same time where there are two cores. Without the second, the
# reranker tells less well when to abstain.
_AT_ONCE = 2
# Log-odds are bounded by this. A sentence that was not read gets the lower bound.
BOUND = 6.0

Rerank = Callable[[str, tuple[str, ...]], Sequence[float]]


def any_sentence(location: Location) -> bool:
    """Return True: every sentence may be quoted."""
    del location
    return True


def with_history(earlier: str, question: str) -> str:
    """Put earlier questions before a question."""
    return f"{earlier} {question}" if earlier else question


def rerank(ranking: Ranking, read: Rerank) -> Ranking:
    """Read the best sentences with the question and sort the sentences anew.

    A sentence is read alone. With its passage around it, the reranker told less well whether it
    answers, and took longer.

    Args:
        ranking: The ranking without the reranker.
        read: See `Encoder.rerank`. Where it returns nothing, the ranking stays as it is.
    """
    weights, scores = ranking.snapshot.weights, ranking.scores.score.copy()
    logits = np.full(len(scores), -BOUND)
    # A sentence that cannot become the first, whatever the reranker says, is not read.
    reach = weights.reranker * 2 * BOUND
    for start in range(0, min(READ, len(scores)), _AT_ONCE):
        places = slice(start, min(start + _AT_ONCE, READ))
        if start and scores[start] + reach < scores[:start].max():
            break
        outputs = read(ranking.searched, _texts(ranking, places))
        if not outputs:
            return ranking
        logits[places] = np.clip(outputs, -BOUND, BOUND)
        scores[places] = add_reranker(scores[places], logits[places] + BOUND, weights)
    return replace(
        ranking, scores=replace(ranking.scores, score=scores, reranker=logits).best_first()
    )


def _texts(ranking: Ranking, places: slice) -> tuple[str, ...]:
    """Return the texts of the sentences at some places of a ranking."""
    locations = map(ranking.snapshot.location, ranking.scores.rows[places].tolist())
    return tuple(place.span.of(place.statement.source.text) for place in locations)
