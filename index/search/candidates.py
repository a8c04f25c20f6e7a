"""The sentences worth comparing with a question token by token, and how they meet its tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.records import Passage, Span, Statement
from index.late_interaction.background import Common
from index.late_interaction.maxsim import Indices, max_sim_tokens
from index.models.encoder import Floats
from index.search.query import Query
from index.search.scoring import WEIGHTS, Weights, blend, calibrate
from index.store.search_arrays import Derived

# The vectors and the words each propose this many passages; only those are read token by token.
CANDIDATES = 100


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Derived arrays, and the places their rows stand for.

    Attributes:
        derived: One generation of arrays.
        statements: All that there are, by id.
        passages: What each passage row stands for.
        sentences: What each sentence row stands for.
        passage_of: i64 (sentences,), the index of each sentence's passage.
        first_sentence: i64 (passages + 1,), the index of each passage's first sentence.
        common: Taken off the question's tokens.
        background: f32 (n, dimension), tokens of the background questions.
        weights: What each part of a score counts.
    """

    derived: Derived
    statements: Mapping[str, Statement]
    passages: Sequence[tuple[Statement, Passage]]
    sentences: Sequence[Span]
    passage_of: Indices
    first_sentence: Indices
    common: Common
    background: Floats
    weights: Weights = WEIGHTS


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages, their sentences, and how the two belong together; all i64.

    Attributes:
        passages: (passages,), their rows.
        sentences: (sentences,), their rows.
        back: (sentences,), the place of each one's passage in `passages`.
        first: (passages,), the place of each one's first sentence in `sentences`.
    """

    passages: Indices
    sentences: Indices
    back: Indices
    first: Indices


def choose(snapshot: Snapshot, queries: Sequence[Query]) -> Candidates:
    """The passages that are near to one of `queries` by vector, or share words with it."""
    arrays = snapshot.derived
    found = []
    for query in queries:
        near, _ = arrays.passages.vectors.nearest(query.vector, CANDIDATES)
        sentences, _ = arrays.sentences.vectors.nearest(query.vector, CANDIDATES)
        wordy = np.argsort(-query.passage_words, kind="stable")[:CANDIDATES]
        found += [near, snapshot.passage_of[sentences], wordy[query.passage_words[wordy] > 0]]
    passages = np.unique(np.concatenate(found))
    begins, ends = snapshot.first_sentence[passages], snapshot.first_sentence[passages + 1]
    sentences = np.concatenate([np.arange(a, b) for a, b in zip(begins, ends, strict=True)])
    back = np.repeat(np.arange(len(passages)), ends - begins)
    return Candidates(passages, sentences, back, np.flatnonzero(np.diff(back, prepend=-1)))


@dataclass(frozen=True, slots=True)
class Met:
    """How each candidate meets each token of a question: the inner maximum of MaxSim.

    Attributes:
        chosen: The candidates.
        sentences: f32 (sentences, question tokens).
        passages: f32 (passages, question tokens), over all of a passage.
        weights: What each part of a score counts.
    """

    chosen: Candidates
    sentences: Floats
    passages: Floats
    weights: Weights

    def meaning(self, query: Query, arrays: Derived) -> Floats:
        """Calibrated score of each sentence, read in its passage."""
        alone = self.sentences @ query.importance.finding
        background = arrays.sentences.background[self.chosen.sentences]
        alone = calibrate(alone, background, self.weights)
        return blend(alone, self.passage_meaning(query, arrays)[self.chosen.back], self.weights)

    def passage_meaning(self, query: Query, arrays: Derived) -> Floats:
        """Calibrated score of each passage as a whole."""
        whole = self.passages @ query.importance.finding
        background = arrays.passages.background[self.chosen.passages]
        return calibrate(whole, background, self.weights)

    def answering(self, query: Query) -> Floats:
        """How well each sentence meets what tells whether it answers."""
        shares = query.importance.answering
        whole = (self.passages @ shares)[self.chosen.back]
        return blend(self.sentences @ shares, whole, self.weights)


def meet(snapshot: Snapshot, query: Query, chosen: Candidates) -> Met:
    """Compare a question with each candidate, token by token."""
    sentences = max_sim_tokens(query.tokens, snapshot.derived.sentences.tokens, chosen.sentences)
    passages = np.maximum.reduceat(sentences, chosen.first, axis=0)
    return Met(chosen, sentences, passages, snapshot.weights)
