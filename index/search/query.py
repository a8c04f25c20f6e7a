"""A question as the ranking sees it, and where it meets a sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corpus.records import Span
from index.late_interaction.background import Common, centred, informativeness
from index.late_interaction.maxsim import matches
from index.models.encoder import Encoded, Floats, Importance, unit_rows
from index.store.search_arrays import Derived

_MARKING = 0.5  # how well a token must be met for its match to be marked


@dataclass(frozen=True, slots=True)
class Query:
    """A question, and the words it shares with what there is.

    Attributes:
        vector: f32 (dimension,), of the whole question.
        tokens: f32 (n, dimension), centred.
        importance: Of each token.
        passage_words: f32 (passages,), proportional BM25.
        sentence_words: f32 (sentences,), the same.
        gist: f32 (dimension,), see `gist`; empty where the model was not trained, since what is
            fitted to it holds for the bundled one only.
    """

    vector: Floats
    tokens: Floats
    importance: Importance
    passage_words: Floats
    sentence_words: Floats
    gist: Floats

    @classmethod
    def of(
        cls,
        encoded: Encoded,
        tokens: Floats,
        background: Floats,
        passage_words: Floats,
        sentence_words: Floats,
    ) -> Query:
        """Weigh the tokens: as the model says, or else against those of background questions."""
        importance, sound = encoded.importance, gist(tokens)
        if importance is None:
            sound = np.zeros(0, np.float32)
            share = informativeness(tokens, background)
            share = share / max(1e-12, float(share.sum()))
            importance = Importance(share, share, 0.0)
        return cls(encoded.vector, tokens, importance, passage_words, sentence_words, sound)


def gist(tokens: Floats) -> Floats:
    """What a question sounds like: the mean of its centred tokens, of length 1."""
    return unit_rows(tokens.sum(axis=0))


def sound(encoded: Encoded, common: Common) -> Floats:
    """All that a remark sounds like: its vector, then its gist, f32 (2 x dimension,).

    Empty where the model was not trained, as with the gist of a `Query`.
    """
    if encoded.importance is None:
        return np.zeros(0, np.float32)
    return np.concatenate([encoded.vector, gist(centred(encoded.tokens, common))])


@dataclass(frozen=True, slots=True)
class Match:
    """A question and one sentence it was compared with.

    Attributes:
        query: The question.
        arrays: What the sentence's tokens are in.
        sentence: Which of them.
        met: f32 (question tokens,), how well each token of the question is met there.
    """

    query: Query
    arrays: Derived
    sentence: int
    met: Floats

    def marks(self) -> tuple[Span, ...]:
        """The words of the sentence that met the question best, in reading order.

        Those that meet a token which counts more than the average, neighbours run together.
        """
        counting = self.query.importance.finding * len(self.met) >= 1
        wanted = np.flatnonzero(counting & (self.met >= _MARKING))
        if not len(wanted):
            return ()
        rows = matches(self.query.tokens[wanted], self.arrays.sentences.tokens, self.sentence)
        marks: list[Span] = []
        for start, end in self.arrays.spans[rows].tolist():
            if marks and start <= marks[-1].end:
                marks[-1] = Span(marks[-1].start, max(end, marks[-1].end))
            else:
                marks.append(Span(start, end))
        return tuple(marks)
