"""From an encoded question and the derived arrays to ranked sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from corpus.records import Span
from index.background import Common, informativeness
from index.derived import Derived, Units, View
from index.encoder import Floats, unit_rows
from index.fusion import add_history, add_words, blend, calibrate
from index.interaction import Indices, max_sim_tokens

System = Literal["full", "dense", "lexical", "hybrid"]
SYSTEMS: tuple[System, ...] = ("full", "dense", "lexical", "hybrid")
# The vectors and the words each propose this many passages; only those are read token by token.
CANDIDATES = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence and how well it answers; higher is better, the scale is that of a cosine.

    Attributes:
        statement: Id of the statement.
        passage: Id of the passage the sentence is in.
        span: The sentence, in code points of the statement's text.
        score: What the ranking goes by.
        meaning: The calibrated late-interaction part of the score.
        words: Proportional BM25, 0..1.
        met: f32 (question tokens,), how well each token of the question is met in context.
    """

    statement: str
    passage: str
    span: Span
    score: float
    meaning: float
    words: float
    met: Floats


@dataclass(frozen=True, slots=True)
class Ranking:
    """All candidate sentences, best first.

    Attributes:
        hits: The sentences.
        passages: (statement, passage id, score), best first; what passage-level measures read.
        weights: f32 (question tokens,), how much each tells, summing to 1.
        information: How much they tell on average; see `informativeness`.
        gist: f32 (dimension,), the mean of the question's centred tokens, of length 1.
        total: How many passages were there to be looked at.
        leaning: 0..1, how much the earlier questions counted.
    """

    hits: tuple[Hit, ...]
    passages: tuple[tuple[str, str, float], ...]
    weights: Floats
    information: float
    gist: Floats
    total: int
    leaning: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Derived arrays, and the places their rows stand for.

    Attributes:
        derived: One generation of arrays.
        places: (statement, passage row, start, end) of every sentence.
        passage_ids: Passage row -> (statement, passage id).
        passage_of: i64 (sentences,), the index of each sentence's passage.
        first_sentence: i64 (passages + 1,), the index of each passage's first sentence.
        common: Taken off the question's tokens.
        background: f32 (n, dimension), tokens of the background questions.
    """

    derived: Derived
    places: Sequence[tuple[str, int, int, int]]
    passage_ids: Mapping[int, tuple[str, str]]
    passage_of: Indices
    first_sentence: Indices
    common: Common
    background: Floats


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the ranking sees it.

    Attributes:
        vector: f32 (dimension,), of the whole question.
        tokens: f32 (n, dimension), centred.
        weights: f32 (n,), how much each token tells, summing to 1.
        information: Mean of the weights before they were scaled.
        passage_words: f32 (passages,), proportional BM25.
        sentence_words: f32 (sentences,), the same.
    """

    vector: Floats
    tokens: Floats
    weights: Floats
    information: float
    passage_words: Floats
    sentence_words: Floats

    @classmethod
    def of(
        cls,
        vector: Floats,
        tokens: Floats,
        background: Floats,
        passage_words: Floats,
        sentence_words: Floats,
    ) -> Query:
        """Weigh the tokens against those of the background questions."""
        telling = informativeness(tokens, background)
        share = telling / telling.sum() if len(telling) else telling
        mean = float(telling.mean()) if len(telling) else 0.0
        return cls(vector, tokens, share, mean, passage_words, sentence_words)


@dataclass(frozen=True, slots=True)
class Clues:
    """What a ranking knows of whether a question stands alone.

    Attributes:
        tokens: How many the question has.
        words: Proportional BM25 of the passage that shares most words with the question.
        alone: Score of the best sentence for the question alone.
        before: Score of the best passage for the earlier questions.
    """

    tokens: int
    words: float
    alone: float
    before: float


Lean = Callable[[Clues], float]


def always(clues: Clues) -> float:
    """The question leans on the earlier ones, whatever it is."""
    del clues
    return 1.0


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The candidates: passages, their sentences, and how the two belong together."""

    passages: Indices
    sentences: Indices
    back: Indices  # sentence -> place of its passage in `passages`
    first: Indices  # place of each passage's first sentence in `sentences`


def rank(
    snapshot: Snapshot,
    query: Query,
    system: System = "full",
    history: Query | None = None,
    lean: Lean = always,
) -> Ranking:
    """Rank the sentences of the candidate passages.

    Args:
        snapshot: What there is to rank.
        query: The question.
        system: `full`, or a baseline to compare with.
        history: The earlier questions it may lean on (`full` only).
        lean: Says how likely it does.
    """
    leaning = 0.0
    arrays = snapshot.derived
    chosen = _choose(snapshot, [query, history] if history else [query])
    met = max_sim_tokens(query.tokens, arrays.context.tokens, chosen.sentences)
    words = query.sentence_words[chosen.sentences]
    if system == "full":
        meaning = _meaning(arrays, query, chosen, met)
        passage_words = query.passage_words[chosen.passages][chosen.back]
        scores = add_words(meaning, blend(words, passage_words))
        if history:
            before = _passage_scores(arrays, history, chosen)
            clues = Clues(
                len(query.tokens),
                float(query.passage_words.max()),
                float(scores.max()),
                float(before.max()),
            )
            leaning = lean(clues)
            scores = add_history(scores, before[chosen.back], leaning)
        by_passage = np.maximum.reduceat(scores, chosen.first)
    else:
        meaning = scores = _baseline(system, arrays.sentences, query, chosen.sentences, words)
        passage_words = query.passage_words[chosen.passages]
        by_passage = _baseline(system, arrays.passages, query, chosen.passages, passage_words)
    hits = tuple(
        _hit(snapshot, int(chosen.sentences[i]), scores[i], meaning[i], words[i], met[i])
        for i in np.argsort(-scores, kind="stable")
    )
    passages = tuple(
        (*snapshot.passage_ids[arrays.passages.rows[chosen.passages[i]]], float(by_passage[i]))
        for i in np.argsort(-by_passage, kind="stable")
    )
    total = len(arrays.passages.rows)
    gist = unit_rows(query.tokens.sum(axis=0))
    return Ranking(hits, passages, query.weights, query.information, gist, total, leaning)


def _choose(snapshot: Snapshot, queries: Sequence[Query]) -> _Chosen:
    """Passages worth reading token by token: near by vector, or sharing words."""
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
    return _Chosen(passages, sentences, back, np.flatnonzero(np.diff(back, prepend=-1)))


def _meaning(arrays: Derived, query: Query, chosen: _Chosen, met: Floats) -> Floats:
    """Four views of each sentence, calibrated; `met` is how it meets the question in context."""
    alone = _calibrated(arrays.sentences.view, query, chosen.sentences)
    introduced = _calibrated(arrays.introduced, query, chosen.sentences)
    context = calibrate(met @ query.weights, arrays.context.background[chosen.sentences])
    whole = np.maximum.reduceat(met, chosen.first, axis=0) @ query.weights
    whole = calibrate(whole, arrays.passages.view.background[chosen.passages])
    return blend(alone, introduced, context, whole[chosen.back])


def _passage_scores(arrays: Derived, query: Query, chosen: _Chosen) -> Floats:
    """How well each chosen passage as a whole answers."""
    whole = _calibrated(arrays.passages.view, query, chosen.passages)
    return add_words(whole, query.passage_words[chosen.passages])


def _calibrated(view: View, query: Query, chosen: Indices) -> Floats:
    met = max_sim_tokens(query.tokens, view.tokens, chosen)
    return calibrate(met @ query.weights, view.background[chosen])


def _baseline(system: System, units: Units, query: Query, chosen: Indices, words: Floats) -> Floats:
    """What is commonly done, to compare with: vectors, words, or both scaled to 0..1 and added."""
    if system == "lexical":
        return words
    rows, cosines = units.vectors.nearest(query.vector, len(units.rows))
    by_row = np.empty(len(units.rows), np.float32)
    by_row[rows] = cosines
    dense = by_row[chosen]
    return dense if system == "dense" else _unit_range(dense) + _unit_range(words)


def _unit_range(values: Floats) -> Floats:
    low, high = values.min(), values.max()
    return np.asarray((values - low) / (high - low or 1), np.float32)


def _hit(
    snapshot: Snapshot, sentence: int, score: float, meaning: float, words: float, met: Floats
) -> Hit:
    statement, passage_row, start, end = snapshot.places[sentence]
    passage = snapshot.passage_ids[passage_row][1]
    return Hit(
        statement, passage, Span(start, end), float(score), float(meaning), float(words), met
    )
