"""Ranked sentences: their scores as arrays, and each of them as a value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import overload

import numpy as np
import numpy.typing as npt

from index.models.encoder import Floats
from index.ranges import Indices
from index.search.query import Match, Query
from index.search.scoring import Doubles
from index.search.snapshot import Location, SentenceKey, Snapshot

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
        return self.snapshot.total

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
            match=Match(
                self.query,
                self.snapshot.arrays,
                row,
                location.passage.span.start,
                scores.similarities[place],
            ),
            reranker=float(scores.reranker[place]),
        )

    def passages(self) -> list[tuple[str, str, float]]:
        """Return (statement id, passage id, score of its best sentence), best first."""
        places = ((self.snapshot.passage(row), score) for row, score in self.best_passages())
        return [(statement.id, passage.id, score) for (statement, passage), score in places]

    def best_passages(self) -> Iterator[tuple[int, float]]:
        """Yield the row of each passage and the score of its best sentence, best first."""
        seen: set[int] = set()
        rows = self.snapshot.passage_of[self.scores.rows].tolist()
        for row, score in zip(rows, self.scores.score.tolist(), strict=True):
            if row not in seen:
                seen.add(row)
                yield row, score

    def only(self, eligible: Eligible) -> Ranking:
        """Keep the sentences that may be quoted."""
        locations = map(self.snapshot.location, self.scores.rows.tolist())
        return self._kept(np.fromiter(map(eligible, locations), bool, len(self.scores)))

    def without(self, excluded: Set[SentenceKey]) -> Ranking:
        """Leave sentences out. Only their statements are read."""
        if not excluded:
            return self
        snapshot = self.snapshot
        rows = snapshot.sentences_of({statement for statement, _ in excluded})
        out = [row for row in rows.tolist() if snapshot.location(row).sentence_key in excluded]
        return self._kept(~np.isin(self.scores.rows, out))

    def _kept(self, mask: npt.NDArray[np.bool_]) -> Ranking:
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
            self._ranking.snapshot.fetch(self._ranking.scores.rows[place])
            return [self._ranking.hit(number) for number in range(len(self))[place]]
        return self._ranking.hit(range(len(self))[place])

    def __iter__(self) -> Iterator[Hit]:
        return map(self._ranking.hit, range(len(self)))
