"""A question as the ranking uses it, and how one sentence matches it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corpus.records import Span, merge_spans
from index.late_interaction.centring import informativeness
from index.late_interaction.maxsim import best_rows
from index.lexical.bm25 import WordMatches
from index.models.encoder import Encoded, Floats, QueryWeights, unit_rows
from index.store.search_arrays import SearchArrays

_HIGHLIGHTED = 0.5  # the least cosine at which a match is highlighted


@dataclass(frozen=True, slots=True)
class Query:
    """An encoded question, and the words that it shares with the index.

    Attributes:
        vector: f32 (dimension,), the vector of the whole question.
        tokens: f32 (n, dimension), centred token vectors.
        query_weights: How much each token counts.
        words: How well the words of the question match each passage and each sentence.
        pooled: f32 (hidden,), see `mean_state`. It is empty where the model was not trained,
            because what was fitted to pooled vectors holds for the bundled model only.
    """

    vector: Floats
    tokens: Floats
    query_weights: QueryWeights
    words: WordMatches
    pooled: Floats

    @classmethod
    def of(
        cls,
        encoded: Encoded,
        tokens: Floats,
        background: Floats,
        words: WordMatches,
    ) -> Query:
        """Make a query and weigh its tokens.

        The weights come from the model. Where the model has none, a token counts more the farther
        it is from the tokens of the background questions.
        """
        weights, vector = encoded.query_weights, mean_state(encoded)
        if weights is None:
            vector = np.zeros(0, np.float32)
            share = informativeness(tokens, background)
            share = share / max(1e-12, float(share.sum()))
            weights = QueryWeights(share, share, 0.0)
        return cls(encoded.vector, tokens, weights, words, vector)


def mean_state(encoded: Encoded) -> Floats:
    """Return the mean of the token vectors of a question before projection, of length 1."""
    return unit_rows(encoded.states.sum(axis=0))


def remark_vector(encoded: Encoded) -> Floats:
    """Return the vector and the mean state of a remark, f32 (dimension + hidden,).

    It is empty where the model was not trained, as `Query.pooled` is.
    """
    if encoded.query_weights is None:
        return np.zeros(0, np.float32)
    return np.concatenate([encoded.vector, mean_state(encoded)])


@dataclass(frozen=True, slots=True)
class Match:
    """A question and one sentence that it was compared with.

    Attributes:
        query: The question.
        arrays: The arrays that hold the tokens of the sentence.
        sentence: The row of the sentence.
        passage_start: The first code point of its passage.
        similarities: f32 (question tokens,), the best cosine of each token in the sentence.
    """

    query: Query
    arrays: SearchArrays
    sentence: int
    passage_start: int
    similarities: Floats

    def marks(self) -> tuple[Span, ...]:
        """Return the stretches of the sentence that match the question best, in reading order.

        Only tokens of the question that count more than the average are looked at.
        """
        heavy = self.query.query_weights.retrieval * len(self.similarities) >= 1
        tokens = np.flatnonzero(heavy & (self.similarities >= _HIGHLIGHTED))
        if not len(tokens):
            return ()
        best, units = self.similarities[tokens], self.arrays.sentences.tokens
        rows = best_rows(self.query.tokens[tokens], units, self.sentence, best)
        spans = self.arrays.spans.of(rows) + self.passage_start
        # A damaged file may hold anything; nothing is marked then.
        return merge_spans(Span(start, end) for start, end in spans.tolist() if start < end)
