"""The ranking of a question alone, and with the questions before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from index.models.encoder import Floats
from index.search.candidates import Candidates, TokenSimilarities, propose
from index.search.query import Query
from index.search.ranking import Ranking, SentenceScores
from index.search.scope import Scope
from index.search.scoring import add_history, add_words, blend
from index.search.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class FollowupEvidence:
    """What a ranking tells about whether a question follows up the earlier ones.

    Attributes:
        tokens: The number of tokens of the question.
        words: Proportional BM25 of the passage that shares most words with the question.
        alone: The score of the best sentence for the question alone.
        pooled: See `Query`.
    """

    tokens: int
    words: float
    alone: float
    pooled: Floats


FollowupModel = Callable[[FollowupEvidence], float]


class Draft:
    """The ranking of a question alone, before it is known whether earlier questions count.

    Args:
        snapshot: What is ranked.
        query: The question.
        scope: The statements that are searched; all if omitted.
    """

    def __init__(self, snapshot: Snapshot, query: Query, scope: Scope | None = None) -> None:
        query = scope.without_naming(snapshot, query) if scope else query
        self._snapshot, self._query, self._scope = snapshot, query, scope
        candidates = Candidates.of(snapshot, propose(snapshot, query, scope))
        self._similarities = TokenSimilarities.of(snapshot, query, candidates)
        self._scores = self._with_prior(_alone(self._similarities))

    def _with_prior(self, scores: SentenceScores) -> SentenceScores:
        if self._scope is None:
            return scores
        passages = self._snapshot.passage_of[scores.rows]
        return replace(scores, score=scores.score + self._scope.prior_of(self._snapshot, passages))

    def evidence(self) -> FollowupEvidence:
        """Return what tells whether the question follows up earlier ones."""
        query = self._query
        words, alone = query.words.highest, float(self._scores.score.max())
        return FollowupEvidence(len(query.tokens), words, alone, query.pooled)

    def ranking(self) -> Ranking:
        """Return the ranking for the question alone."""
        prior = self._query.query_weights.prior
        return Ranking(self._snapshot, self._query, self._scores.best_first(), prior)

    def followup_ranking(self, history: Query, weight: float) -> Ranking:
        """Return the ranking for the question after earlier ones.

        The earlier questions choose the passage, the question chooses the sentence in it.

        Args:
            history: The earlier questions, encoded as one text against the same snapshot.
            weight: 0..1, how likely the question follows them up.
        """
        snapshot, query = self._snapshot, self._query
        history = self._scope.without_naming(snapshot, history) if self._scope else history
        similarities = self._similarities.extended(propose(snapshot, history, self._scope))
        scores = self._with_prior(_alone(similarities))
        candidates, weights = similarities.candidates, snapshot.weights
        earlier = TokenSimilarities.of(snapshot, history, candidates)
        passages = add_words(
            earlier.passage_semantic(), history.words.of_passages(candidates.passages), weights
        )
        answerability = earlier.passages @ history.query_weights.answerability
        index = candidates.passage_index
        mixed = add_history(scores.score.astype(np.float32), passages[index], weight, weights)
        scores = replace(
            scores,
            score=mixed.astype(np.float64),
            answerability=add_history(scores.answerability, answerability[index], weight, weights),
        )
        prior, before = query.query_weights.prior, history.query_weights.prior
        mixed_prior = float(add_history(prior, before, weight, weights))
        return Ranking(snapshot, query, scores.best_first(), mixed_prior, weight)


def _alone(similarities: TokenSimilarities) -> SentenceScores:
    """Score the candidates by meaning and words, in the order of the candidates."""
    query, candidates = similarities.query, similarities.candidates
    weights, semantic = similarities.snapshot.weights, similarities.semantic()
    own = query.words.of_sentences(candidates.sentences)
    passage = query.words.of_passages(candidates.passages)[candidates.passage_index]
    score = add_words(semantic, blend(own, passage, weights), weights)
    return SentenceScores(
        candidates.sentences,
        score.astype(np.float64),
        semantic,
        own,
        similarities.answerability(),
        similarities.sentences,
        np.zeros(len(score)),
    )
