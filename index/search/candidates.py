"""Which sentences are compared with a question token by token, and how similar they are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.late_interaction.maxsim import max_sim_tokens
from index.models.encoder import Floats
from index.ranges import Indices, joined_ranges
from index.search.query import Query
from index.search.scope import Scope
from index.search.scoring import blend, calibrate
from index.search.snapshot import Snapshot

# Only some passages are compared token by token, more of them in a larger library. Vectors propose
# five times the square root of the number of all passages, words that root, within the limits that
# follow. `docs/ranking.md` says which share of the best passages is found in this way.
_BY_VECTOR, _BY_WORDS = (5, 100, 700), (1, 100, 500)
_VECTORS_OF_A_PASSAGE = 4  # Most passages have several vectors, so more vectors are looked for.


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages and their sentences. All arrays are i64.

    Attributes:
        passages: (passages,), rows of passages, ascending.
        sentences: (sentences,), rows of all their sentences, ascending.
        passage_index: (sentences,), the place of the passage of each sentence in `passages`.
        first_index: (passages,), the place of the first sentence of each passage in `sentences`.
    """

    passages: Indices
    sentences: Indices
    passage_index: Indices
    first_index: Indices

    @classmethod
    def of(cls, snapshot: Snapshot, passages: Indices) -> Candidates:
        """Take all sentences of some passages, whose rows are ascending."""
        begins, ends = snapshot.first_sentence[passages], snapshot.first_sentence[passages + 1]
        sentences, index = joined_ranges(begins, ends)
        return cls(passages, sentences, index, np.flatnonzero(np.diff(index, prepend=-1)))


def propose(snapshot: Snapshot, query: Query, scope: Scope | None = None) -> Indices:
    """Find the passages that are near to a question by vector or share words with it.

    Args:
        snapshot: The passages.
        query: The question.
        scope: The statements that are searched; all if omitted.

    Returns:
        i64 (passages,), their rows, ascending.
    """
    inside = None if scope is None else scope.mask(snapshot)
    by_words = query.words.best_passages(_count(snapshot, *_BY_WORDS), inside)
    return np.union1d(_near(snapshot, query, inside), by_words)


def _count(snapshot: Snapshot, per_root: float, fewest: int, most: int) -> int:
    """Return how many passages to propose, which grows with the root of the number of all."""
    return min(most, max(fewest, round(per_root * math.sqrt(snapshot.total))))


def _near(snapshot: Snapshot, query: Query, inside: npt.NDArray[np.bool_] | None) -> Indices:
    """Return the passages that have the nearest vectors."""
    arrays = snapshot.arrays
    among = None if inside is None else inside[arrays.vector_passages]
    wanted = _count(snapshot, *_BY_VECTOR)
    rows, _ = arrays.vectors.nearest(query.vector, _VECTORS_OF_A_PASSAGE * wanted, among)
    _, first = np.unique(arrays.vector_passages[rows], return_index=True)
    return arrays.vector_passages[rows[np.sort(first)[:wanted]]]


@dataclass(frozen=True, slots=True)
class TokenSimilarities:
    """The similarity of each candidate to each token of a question: the inner maximum of MaxSim.

    Attributes:
        snapshot: The snapshot of the candidates.
        query: The question.
        candidates: The candidates.
        sentences: f32 (sentences, question tokens), the best cosine within each sentence.
        passages: f32 (passages, question tokens), the best cosine within each passage.
    """

    snapshot: Snapshot
    query: Query
    candidates: Candidates
    sentences: Floats
    passages: Floats

    @classmethod
    def of(cls, snapshot: Snapshot, query: Query, candidates: Candidates) -> TokenSimilarities:
        """Compare a question with each candidate, token by token."""
        tokens = snapshot.arrays.sentences.tokens
        sentences = max_sim_tokens(query.tokens, tokens, candidates.sentences)
        return cls._of(snapshot, query, candidates, sentences)

    @classmethod
    def _of(
        cls, snapshot: Snapshot, query: Query, candidates: Candidates, sentences: Floats
    ) -> TokenSimilarities:
        passages = np.maximum.reduceat(sentences, candidates.first_index, axis=0)
        return cls(snapshot, query, candidates, sentences, passages)

    def extended(self, passages: Indices) -> TokenSimilarities:
        """Add candidates, without comparing those again that are there already.

        Args:
            passages: i64 (passages,), rows to add, ascending.
        """
        both = Candidates.of(self.snapshot, np.union1d(self.candidates.passages, passages))
        compared = np.isin(both.sentences, self.candidates.sentences)
        sentences = np.empty((len(both.sentences), self.sentences.shape[1]), np.float32)
        sentences[compared] = self.sentences
        tokens = self.snapshot.arrays.sentences.tokens
        sentences[~compared] = max_sim_tokens(self.query.tokens, tokens, both.sentences[~compared])
        return self._of(self.snapshot, self.query, both, sentences)

    def semantic(self) -> Floats:
        """Return the calibrated score of each sentence within its passage, f32 (sentences,)."""
        weights = self.snapshot.weights
        scores = self.sentences @ self.query.query_weights.retrieval
        background = self.snapshot.arrays.sentences.background[self.candidates.sentences]
        passages = self.passage_semantic()[self.candidates.passage_index]
        return blend(calibrate(scores, background, weights), passages, weights)

    def passage_semantic(self) -> Floats:
        """Return the calibrated score of each passage, f32 (passages,)."""
        scores = self.passages @ self.query.query_weights.retrieval
        background = self.snapshot.arrays.passages.background[self.candidates.passages]
        return calibrate(scores, background, self.snapshot.weights)

    def answerability(self) -> Floats:
        """Return how well each sentence matches the tokens that tell whether it answers."""
        weights = self.query.query_weights.answerability
        passages = (self.passages @ weights)[self.candidates.passage_index]
        return blend(self.sentences @ weights, passages, self.snapshot.weights)
