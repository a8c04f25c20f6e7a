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
# Log-odds are bounded by this. A sentence that was not read gets the lower bound.
BOUND = 6.0
# A sentence is read together with the one before it if its score is behind the best by at most this
# share of what the reranker can add.
_NEAR = 0.5

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
    ranking.snapshot.fetch(ranking.scores.rows[:READ])
    logits = np.full(len(scores), -BOUND)
    # A sentence that cannot become the first, whatever the reranker says, is not read. The surer
    # the first one answers, the seldomer another is read.
    reach = weights.reranker * 2 * BOUND
    most, outputs = min(READ, len(scores)), list[float]()
    for place in range(most):
        if place and scores[place] + reach < scores[:place].max():
            break
        if place == len(outputs):
            # Two are read in the time of one. What was found for the second one is used only if
            # it turns out that it must be read.
            ahead = (
                place + 1 < most and scores[place + 1] + reach * _NEAR >= scores[: place + 1].max()
            )
            texts = tuple(_text(ranking, each) for each in range(place, place + 1 + ahead))
            outputs += read(ranking.searched, texts)
        if not outputs:
            return ranking
        logits[place] = np.clip(outputs[place], -BOUND, BOUND)
        scores[place] = add_reranker(scores[place], logits[place] + BOUND, weights)
    return replace(
        ranking, scores=replace(ranking.scores, score=scores, reranker=logits).best_first()
    )


def _text(ranking: Ranking, place: int) -> str:
    """Return the text of the sentence at a place of a ranking."""
    location = ranking.snapshot.location(int(ranking.scores.rows[place]))
    return location.span.of(location.statement.source.text)
