"""From an encoded question and the derived arrays to ranked sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from corpus.records import Passage, Span, Statement
from index.late_interaction.maxsim import Indices
from index.models.encoder import Floats
from index.search.candidates import Candidates, Met, Snapshot, choose, meet
from index.search.query import Match, Query
from index.search.scoring import add_history, add_words, blend
from index.store.search_arrays import Derived, Units

System = Literal["full", "dense", "lexical", "hybrid"]
SYSTEMS: tuple[System, ...] = ("full", "dense", "lexical", "hybrid")


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence and how well it answers; higher is better, the scale is that of a cosine.

    Attributes:
        statement: What the sentence is in.
        passage: Where in it.
        span: The sentence, in code points of the statement's text.
        score: What the ranking goes by.
        meaning: The calibrated late-interaction part of the score.
        words: Proportional BM25, 0..1.
        answering: How well the tokens are met that tell whether it answers, not calibrated.
        match: How it meets each token of the question.
        reading: Log-odds that it answers, says the reader, within the bounds of
            `index.search.reranker`; the lower one where it was not read, 0 where nothing can read.
    """

    statement: Statement
    passage: Passage
    span: Span
    score: float
    meaning: float
    words: float
    answering: float
    match: Match
    reading: float = 0.0


@dataclass(frozen=True, slots=True)
class Ranking:
    """All candidate sentences, best first.

    Attributes:
        hits: The sentences.
        passages: (statement id, passage id, score), best first; what passage-level measures read.
        weights: f32 (question tokens,), how much each counts, summing to 1.
        asked: How much the question sounds like one that is answered; see `Importance`.
        gist: See `Query`.
        total: How many passages were there to be looked at.
        leaning: 0..1, how much the earlier questions counted.
        searched: The question as it was understood, with what it left to earlier ones.
    """

    hits: tuple[Hit, ...]
    passages: tuple[tuple[str, str, float], ...]
    weights: Floats
    asked: float
    gist: Floats
    total: int
    leaning: float
    searched: str = ""


@dataclass(frozen=True, slots=True)
class Clues:
    """What a ranking knows of whether a question stands alone.

    Attributes:
        tokens: How many the question has.
        words: Proportional BM25 of the passage that shares most words with the question.
        alone: Score of the best sentence for the question alone.
        gist: See `Query`.
    """

    tokens: int
    words: float
    alone: float
    gist: Floats


Lean = Callable[[Clues], float]


def always(clues: Clues) -> float:
    """The question leans on the earlier ones, whatever it is."""
    del clues
    return 1.0


def clues(query: Query, ranking: Ranking) -> Clues:
    """What is known of a question that was ranked alone."""
    words = float(query.passage_words.max())
    return Clues(len(query.tokens), words, ranking.hits[0].score, query.gist)


def rank(
    snapshot: Snapshot,
    query: Query,
    system: System = "full",
    history: Query | None = None,
    leaning: float = 1.0,
) -> Ranking:
    """Rank the sentences of the candidate passages.

    Args:
        snapshot: What there is to rank.
        query: The question.
        system: `full`, or a baseline to compare with.
        history: The earlier questions it leans on (`full` only).
        leaning: 0..1, how likely it does.
    """
    arrays = snapshot.derived
    chosen = choose(snapshot, [query, history] if history else [query])
    met = meet(snapshot, query, chosen)
    if system == "full":
        scored = _score(arrays, query, met)
        if history:
            scored = _lean_on(snapshot, history, scored, leaning, chosen)
    else:
        scored = _score_baseline(system, arrays, query, met)
    return Ranking(
        tuple(_hits(snapshot, query, met, scored)),
        tuple(_passages(snapshot, chosen, scored)),
        query.importance.finding,
        scored.asked,
        query.gist,
        len(arrays.passages.rows),
        scored.leaning,
    )


@dataclass(frozen=True, slots=True)
class _Scored:
    """What the candidates score.

    Attributes:
        sentences: f32 (sentences,), what the ranking goes by.
        meaning: f32 (sentences,), see `Hit`.
        answering: f32 (sentences,), see `Hit`.
        passages: f32 (passages,), what passages are ranked by.
        asked: See `Ranking`.
        leaning: See `Ranking`.
    """

    sentences: Floats
    meaning: Floats
    answering: Floats
    passages: Floats
    asked: float
    leaning: float = 0.0


def _score(arrays: Derived, query: Query, met: Met) -> _Scored:
    """Meaning and words, for the question alone."""
    chosen = met.chosen
    meaning = met.meaning(query, arrays)
    passage_words = query.passage_words[chosen.passages][chosen.back]
    words = blend(query.sentence_words[chosen.sentences], passage_words, met.weights)
    scores = add_words(meaning, words, met.weights)
    passages = np.maximum.reduceat(scores, chosen.first)
    return _Scored(scores, meaning, met.answering(query), passages, query.importance.asked)


def _lean_on(
    snapshot: Snapshot, history: Query, scored: _Scored, leaning: float, chosen: Candidates
) -> _Scored:
    """Let the earlier questions choose the passage, as far as the question leans on them."""
    met, weights = meet(snapshot, history, chosen), snapshot.weights
    before = met.passage_meaning(history, snapshot.derived)
    before = add_words(before, history.passage_words[chosen.passages], weights)
    scores = add_history(scored.sentences, before[chosen.back], leaning, weights)
    whole = met.passages @ history.importance.answering
    return replace(
        scored,
        sentences=scores,
        answering=add_history(scored.answering, whole[chosen.back], leaning, weights),
        passages=np.maximum.reduceat(scores, chosen.first),
        asked=float(add_history(scored.asked, history.importance.asked, leaning, weights)),
        leaning=leaning,
    )


def _score_baseline(system: System, arrays: Derived, query: Query, met: Met) -> _Scored:
    chosen = met.chosen
    words = query.sentence_words[chosen.sentences]
    scores = _baseline(system, arrays.sentences, query, chosen.sentences, words)
    words = query.passage_words[chosen.passages]
    passages = _baseline(system, arrays.passages, query, chosen.passages, words)
    return _Scored(scores, scores, met.answering(query), passages, query.importance.asked)


def _hits(snapshot: Snapshot, query: Query, met: Met, scored: _Scored) -> Iterator[Hit]:
    """The candidate sentences, best first."""
    for i in np.argsort(-scored.sentences, kind="stable"):
        sentence = int(met.chosen.sentences[i])
        statement, passage = snapshot.passages[snapshot.passage_of[sentence]]
        yield Hit(
            statement,
            passage,
            snapshot.sentences[sentence],
            score=float(scored.sentences[i]),
            meaning=float(scored.meaning[i]),
            words=float(query.sentence_words[sentence]),
            answering=float(scored.answering[i]),
            match=Match(query, snapshot.derived, sentence, met.sentences[i]),
        )


def _passages(
    snapshot: Snapshot, chosen: Candidates, scored: _Scored
) -> Iterator[tuple[str, str, float]]:
    """The candidate passages, best first."""
    for i in np.argsort(-scored.passages, kind="stable"):
        statement, passage = snapshot.passages[chosen.passages[i]]
        yield statement.id, passage.id, float(scored.passages[i])


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
