"""From a question to ranked sentences."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from corpus.errors import ShuttenError
from corpus.records import Span
from index import derived
from index.background import Background, informativeness
from index.derived import Derived, Units
from index.encoder import Encoded, Encoder, Floats
from index.fusion import add_words, blend, calibrate
from index.indexing import refuse_mixing, restore_derived
from index.interaction import Indices, max_sim_tokens
from index.storage import Store

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
        met: f32 (question tokens,), how well each token of the question is met.
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
        reach: f32 (question tokens,), the best any candidate does for each token.
        weights: f32 (question tokens,), how much each token tells; see `informativeness`.
        total: How many passages were there to be looked at.
    """

    hits: tuple[Hit, ...]
    passages: tuple[tuple[str, str, float], ...]
    reach: Floats
    weights: Floats
    total: int


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """Derived arrays, and the places their rows stand for."""

    derived: Derived
    places: Sequence[tuple[str, int, int, int]]
    passage_ids: Mapping[int, tuple[str, str]]
    passage_of: Indices  # sentence -> index of its passage
    first_sentence: Indices  # passages + 1
    background: Floats  # token vectors of the background questions


class Searcher:
    """Ranks the sentences of a data folder. Safe to call from several threads.

    It follows changes other processes make: each question sees the last committed state.
    """

    def __init__(self, store: Store, encoder: Encoder) -> None:
        """Open the index of `store`.

        Raises:
            ShuttenError: The index was made with another model.
        """
        self._store, self._encoder = store, encoder
        self._fingerprint = Background(encoder).fingerprint
        self._lock = threading.Lock()
        self._snapshot: _Snapshot | None = None
        refuse_mixing(store, self._fingerprint)

    def search(self, question: str, system: System = "full") -> Ranking:
        """Rank the sentences for a question; see `Ranking`.

        Raises:
            ShuttenError: There is no statement in the index.
        """
        (query,) = self._encoder.encode([question], "query")
        with self._lock:
            self._refresh()
            with self._store.reading():
                snapshot = self._current()
                words = [self._words(table, question, snapshot) for table in _TABLES]
        return _rank(snapshot, query, words[0], words[1], system)

    def _refresh(self) -> None:
        """Load the committed generation, making its files again should they be gone."""
        for _ in range(3):
            with self._store.reading():
                generation = self._store.meta("generation")
                if not generation or not self._store.statement_ids():
                    raise ShuttenError(
                        f"{self._store.home}: no statement is indexed; "
                        "add one with `shutten index add PATH`"
                    )
                if self._snapshot and self._snapshot.derived.generation == generation:
                    return
                refuse_mixing(self._store, self._fingerprint)
                try:
                    self._snapshot = _load(self._store, generation)
                    return
                except FileNotFoundError:
                    pass
            if self._store.meta("generation") == generation:
                restore_derived(self._store)
        raise ShuttenError(f"{self._store.home}: the index keeps changing; try again in a moment")

    def _current(self) -> _Snapshot:
        assert self._snapshot is not None
        return self._snapshot

    def _words(self, table: str, question: str, snapshot: _Snapshot) -> Floats:
        """Proportional BM25 of every row of a table, f32 (rows,); 0 where no word is shared."""
        units = getattr(snapshot.derived, table)
        found = self._store.lexical(table, question, 10 * CANDIDATES)
        values = np.zeros(len(units.rows), np.float32)
        if found:
            rows = np.fromiter(found, np.int64)
            at = np.searchsorted(units.rows, rows)
            known = (at < len(units.rows)) & (np.take(units.rows, at, mode="clip") == rows)
            values[at[known]] = np.fromiter(found.values(), np.float32)[known]
        return values


_TABLES = ("passages", "sentences")


def _load(store: Store, generation: str) -> _Snapshot:
    arrays = derived.load(store, generation)
    places = store.places()
    passage_rows = np.array([row for _, row, _, _ in places])
    passage_of = np.searchsorted(arrays.passages.rows, passage_rows)
    first = np.searchsorted(passage_of, np.arange(len(arrays.passages.rows) + 1))
    background = store.background().astype(np.float32)
    return _Snapshot(arrays, places, store.passage_ids(), passage_of, first, background)


def _rank(
    snapshot: _Snapshot,
    query: Encoded,
    passage_words: Floats,
    sentence_words: Floats,
    system: System,
) -> Ranking:
    arrays = snapshot.derived
    chosen = _candidates(snapshot, query, passage_words)
    sentences = _sentences_of(snapshot, chosen)
    back = np.repeat(np.arange(len(chosen)), np.diff(snapshot.first_sentence)[chosen])
    first = np.flatnonzero(np.diff(back, prepend=-1))  # of each passage, among `sentences`
    met = max_sim_tokens(query.tokens, arrays.sentences.tokens, sentences)
    met_in_context = max_sim_tokens(query.tokens, arrays.context, sentences)
    met_by_passage = np.maximum.reduceat(met_in_context, first, axis=0)
    weights = informativeness(query.tokens, snapshot.background)
    words = sentence_words[sentences]
    if system == "full":
        alone = calibrate(_mean(met, weights), arrays.sentences.background[sentences])
        context = calibrate(_mean(met_in_context, weights), arrays.context_background[sentences])
        whole = calibrate(_mean(met_by_passage, weights), arrays.passages.background[chosen])
        meaning = blend(alone, context, whole[back])
        scores = add_words(meaning, blend(words, passage_words[chosen][back]))
        passage_scores = np.maximum.reduceat(scores, first)
    else:
        meaning = scores = _baseline(system, arrays.sentences, query, sentences, words)
        passage_scores = _baseline(system, arrays.passages, query, chosen, passage_words[chosen])
    order = np.argsort(-scores, kind="stable")
    hits = tuple(
        _hit(snapshot, int(sentences[i]), scores[i], meaning[i], words[i], met[i]) for i in order
    )
    passages = tuple(
        (*snapshot.passage_ids[arrays.passages.rows[chosen[i]]], float(passage_scores[i]))
        for i in np.argsort(-passage_scores, kind="stable")
    )
    reach = np.maximum(met, met_in_context).max(axis=0, initial=0)
    return Ranking(hits, passages, reach, weights, len(arrays.passages.rows))


def _candidates(snapshot: _Snapshot, query: Encoded, words: Floats) -> Indices:
    """Passages worth reading token by token, ascending: near by vector, or sharing words."""
    arrays = snapshot.derived
    near, _ = arrays.passages.vectors.nearest(query.vector, CANDIDATES)
    sentences, _ = arrays.sentences.vectors.nearest(query.vector, CANDIDATES)
    wordy = np.argsort(-words, kind="stable")[:CANDIDATES]
    wordy = wordy[words[wordy] > 0]
    return np.unique(np.concatenate([near, snapshot.passage_of[sentences], wordy]))


def _sentences_of(snapshot: _Snapshot, passages: Indices) -> Indices:
    first = snapshot.first_sentence
    return np.concatenate([np.arange(first[p], first[p + 1]) for p in passages])


def _mean(met: Floats, weights: Floats) -> Floats:
    return met @ (weights / weights.sum()) if len(weights) else np.zeros(len(met), np.float32)


def _baseline(
    system: System, units: Units, query: Encoded, chosen: Indices, words: Floats
) -> Floats:
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
    snapshot: _Snapshot, sentence: int, score: float, meaning: float, words: float, met: Floats
) -> Hit:
    statement, passage_row, start, end = snapshot.places[sentence]
    passage = snapshot.passage_ids[passage_row][1]
    return Hit(
        statement, passage, Span(start, end), float(score), float(meaning), float(words), met
    )
