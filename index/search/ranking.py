"""From an encoded question and the search arrays to ranked sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np
import numpy.typing as npt

from index.late_interaction.maxsim import Indices
from index.models.encoder import Floats
from index.search.candidates import Candidates, TokenSimilarities, propose
from index.search.query import Match, Query
from index.search.scoring import Doubles, add_history, add_words, blend
from index.search.snapshot import Location, Snapshot

Eligible = Callable[[Location], bool]


@dataclass(frozen=True, slots=True)
class Hit(Location):
    """A sentence and how well it answers. Scores are on the scale of a cosine, higher is better.

    Attributes:
        score: The score that the ranking goes by.
        semantic: The calibrated late-interaction part of the score.
        words: Proportional BM25, 0..1.
        answerability: How well the sentence matches the tokens that tell whether it answers. It is
            not calibrated.
        match: The similarity of each token of the question.
        reranker: Log-odds that the sentence answers, as the reranker says, within the bounds of
            `index.search.reranker`. The lower bound where it was not read, 0 where the model has no
            reranker.
    """

    score: float
    semantic: float
    words: float
    answerability: float
    match: Match
    reranker: float = 0.0


@dataclass(frozen=True, slots=True)
class SentenceScores:
    """Scores of sentences. Every array has one row per sentence; see `Hit` for what they mean.

    Attributes:
        rows: i64 (sentences,), rows of the snapshot.
        score: f64 (sentences,).
        semantic: f32 (sentences,).
        words: f32 (sentences,).
        answerability: f32 (sentences,).
        similarities: f32 (sentences, question tokens).
        reranker: f64 (sentences,).
    """

    rows: Indices
    score: Doubles
    semantic: Floats
    words: Floats
    answerability: Floats
    similarities: Floats
    reranker: Doubles

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, chosen: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> SentenceScores:
        """Return some of the sentences, by places or by a mask, in that order."""
        arrays = (getattr(self, name)[chosen] for name in self.__dataclass_fields__)
        return SentenceScores(*arrays)

    def best_first(self) -> SentenceScores:
        """Sort by score. Equal scores stay in the order of the texts."""
        return self.take(np.argsort(-self.score, kind="stable"))


@dataclass(frozen=True, slots=True)
class Ranking:
    """The candidate sentences for a question, best first.

    Attributes:
        snapshot: What the rows of `scores` stand for.
        query: The question.
        scores: The sentences, best first.
        question_prior: How much the question alone looks like one that statements answer.
        followup_weight: 0..1, how much the earlier questions counted.
        searched: The question as it was understood: with the earlier questions where they counted.
        complete: Whether all candidates are here. False where some were not eligible.
    """

    snapshot: Snapshot
    query: Query
    scores: SentenceScores
    question_prior: float
    followup_weight: float = 0.0
    searched: str = ""
    complete: bool = True

    @property
    def hits(self) -> Sequence[Hit]:
        """The sentences as values. Each is built when it is asked for."""
        return _Hits(self)

    @property
    def total(self) -> int:
        """The number of passages in the index."""
        return len(self.snapshot.passages)

    def hit(self, place: int) -> Hit:
        """Build the sentence at one place."""
        scores, row = self.scores, int(self.scores.rows[place])
        location = self.snapshot.location(row)
        return Hit(
            location.statement,
            location.passage,
            location.span,
            score=float(scores.score[place]),
            semantic=float(scores.semantic[place]),
            words=float(scores.words[place]),
            answerability=float(scores.answerability[place]),
            match=Match(self.query, self.snapshot.arrays, row, scores.similarities[place]),
            reranker=float(scores.reranker[place]),
        )

    def passages(self) -> list[tuple[str, str, float]]:
        """Return (statement id, passage id, score of its best sentence), best first."""
        best: dict[int, float] = {}
        rows = self.snapshot.passage_of[self.scores.rows].tolist()
        for row, score in zip(rows, self.scores.score.tolist(), strict=True):
            best.setdefault(row, score)
        places = ((self.snapshot.passages[row], score) for row, score in best.items())
        return [(statement.id, passage.id, score) for (statement, passage), score in places]

    def only(self, eligible: Eligible) -> Ranking:
        """Keep the sentences that may be quoted."""
        locations = map(self.snapshot.location, self.scores.rows.tolist())
        mask = np.fromiter(map(eligible, locations), bool, len(self.scores))
        complete = self.complete and bool(mask.all())
        return self if complete else replace(self, scores=self.scores.take(mask), complete=False)


class _Hits(Sequence[Hit]):
    """The hits of a ranking, built one by one: most of them are never looked at."""

    def __init__(self, ranking: Ranking) -> None:
        self._ranking = ranking

    def __len__(self) -> int:
        return len(self._ranking.scores)

    @overload
    def __getitem__(self, place: int) -> Hit: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Hit]: ...

    def __getitem__(self, place: int | slice) -> Hit | Sequence[Hit]:
        if isinstance(place, slice):
            return [self._ranking.hit(number) for number in range(len(self))[place]]
        return self._ranking.hit(range(len(self))[place])

    def __iter__(self) -> Iterator[Hit]:
        return map(self._ranking.hit, range(len(self)))


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
    """

    def __init__(self, snapshot: Snapshot, query: Query) -> None:
        self._snapshot, self._query = snapshot, query
        candidates = Candidates.of(snapshot, propose(snapshot, query))
        self._similarities = TokenSimilarities.of(snapshot, query, candidates)
        self._scores = _alone(snapshot, query, self._similarities)

    def evidence(self) -> FollowupEvidence:
        """Return what tells whether the question follows up earlier ones."""
        query = self._query
        words, alone = float(query.passage_words.max()), float(self._scores.score.max())
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
        similarities = self._similarities.extended(snapshot, query, propose(snapshot, history))
        scores = _alone(snapshot, query, similarities)
        candidates, weights = similarities.candidates, snapshot.weights
        earlier = TokenSimilarities.of(snapshot, history, candidates)
        passages = earlier.passage_semantic(history, snapshot.arrays)
        passages = add_words(passages, history.passage_words[candidates.passages], weights)
        answerability = earlier.passages @ history.query_weights.answerability
        index = candidates.passage_index
        mixed = add_history(_floats(scores.score), passages[index], weight, weights)
        scores = replace(
            scores,
            score=mixed.astype(np.float64),
            answerability=add_history(scores.answerability, answerability[index], weight, weights),
        )
        prior, before = query.query_weights.prior, history.query_weights.prior
        mixed_prior = float(add_history(prior, before, weight, weights))
        return Ranking(snapshot, query, scores.best_first(), mixed_prior, weight)


def _alone(snapshot: Snapshot, query: Query, similarities: TokenSimilarities) -> SentenceScores:
    """Score the candidates by meaning and words, in the order of the candidates."""
    candidates, weights = similarities.candidates, similarities.weights
    semantic = similarities.semantic(query, snapshot.arrays)
    own = query.sentence_words[candidates.sentences]
    passage = query.passage_words[candidates.passages][candidates.passage_index]
    score = add_words(semantic, blend(own, passage, weights), weights)
    return SentenceScores(
        candidates.sentences,
        score.astype(np.float64),
        semantic,
        own,
        similarities.answerability(query),
        similarities.sentences,
        np.zeros(len(score)),
    )


def _floats(values: Doubles) -> Floats:
    return values.astype(np.float32)
