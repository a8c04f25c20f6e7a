"""Search over a data folder: encodes a question, looks its words up, ranks, and reads again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

import numpy as np

from corpus.errors import ShuttenError
from corpus.records import Span, Statement
from index.building.adding import refuse_mixing, restore_derived
from index.late_interaction.background import Background, centred
from index.models.encoder import Encoded, Encoder, Floats
from index.search.candidates import CANDIDATES, Snapshot
from index.search.query import Query, sound
from index.search.ranking import Hit, Lean, Ranking, System, always, clues, rank
from index.search.reranker import everything, read_again, standing_alone
from index.search.scoring import WEIGHTS, Weights
from index.store import search_arrays
from index.store.search_arrays import Derived
from index.store.store import Store

_T = TypeVar("_T")
# So many questions' encodings and readings are kept: earlier ones of a conversation are looked at
# again and again, and many readers ask the same.
_REMEMBERED = 256


class Searcher:
    """Ranks the sentences of a data folder. Safe to call from several threads.

    It follows changes other processes make: each question sees the last committed state.
    """

    def __init__(self, store: Store, encoder: Encoder, weights: Weights = WEIGHTS) -> None:
        """Open the index of `store`.

        Args:
            store: The data folder.
            encoder: The model that its index was made with.
            weights: What each part of a score counts.

        Raises:
            ShuttenError: The index was made with another model.
        """
        self._store, self._encoder, self._weights = store, encoder, weights
        self.fingerprint = Background(encoder).fingerprint
        self._lock = threading.Lock()
        self._opened: Snapshot | None = None
        self._encode = lru_cache(_REMEMBERED)(self._read_question)
        # Passages that are read together share a batch, so they are remembered together.
        self._read = lru_cache(_REMEMBERED)(encoder.read)
        refuse_mixing(store, self.fingerprint)

    @property
    def model(self) -> str:
        """Names all that an answer depends on: the vectors, and what reads passages again."""
        return ":".join(filter(None, (self.fingerprint, self._encoder.reader)))

    def search(
        self,
        question: str,
        system: System = "full",
        history: str = "",
        lean: Lean = always,
        wanted: Callable[[Hit], bool] = everything,
    ) -> Ranking:
        """Rank the sentences for a question; see `Ranking`.

        Args:
            question: What to look for.
            system: `full`, or a baseline; a baseline reads history and question as one text.
            history: Earlier questions that this one may lean on.
            lean: Says how likely it does (`full` only).
            wanted: Says which sentences are worth reading again (`full` only); all are ranked.

        Raises:
            ShuttenError: There is no statement in the index.
        """
        if history and system != "full":
            question, history = standing_alone(history, question), ""
        asked = self._encode(question)
        snapshot, (query,) = self._look_up([asked])
        ranking = rank(snapshot, query, system)
        if history and (leaning := lean(clues(query, ranking))):
            snapshot, (query, before) = self._look_up([asked, self._encode(history)])
            ranking = rank(snapshot, query, system, before, leaning)
        searched = standing_alone(history if ranking.leaning else "", question)
        ranking = replace(ranking, searched=searched)
        if system != "full":
            return ranking
        return read_again(ranking, self._read, self._weights, wanted)

    def encoded(self, question: str) -> Encoded:
        """What the model says of a question."""
        return self._encode(question)[1]

    def sound(self, remark: str) -> Floats:
        """What a remark sounds like, whatever is indexed; see `index.search.query.sound`.

        Raises:
            ShuttenError: There is no statement in the index.
        """
        with self._lock:
            return self._now(lambda now: sound(self.encoded(remark), now.common))

    def statement(self, name: str) -> Statement:
        """A statement as it is searched.

        Raises:
            ShuttenError: There is none of that id.
        """
        with self._lock:
            found = self._now(lambda now: now.statements.get(name))
        return found or self._store.statement(name)

    def _now(self, use: Callable[[Snapshot], _T]) -> _T:
        """Use the committed snapshot, and what else is read of the same generation.

        One thread at a time, so that lost files are made again once.
        """
        for _ in range(4):
            with self._store.reading():
                generation = self._store.meta("generation") or ""
                if not self._store.statement_ids():
                    raise ShuttenError(
                        f"{self._store.home}: no statement is indexed; "
                        "add one with `shutten index add PATH`"
                    )
                try:
                    snapshot = self._load(generation)
                except FileNotFoundError:
                    pass  # deleted, or superseded this moment
                else:
                    return use(snapshot)
            if (self._store.meta("generation") or "") == generation:
                restore_derived(self._store)
        raise ShuttenError(f"{self._store.home}: the index keeps changing; try again in a moment")

    def _load(self, generation: str) -> Snapshot:
        if self._opened is None or self._opened.derived.generation != generation:
            refuse_mixing(self._store, self.fingerprint)
            self._opened = load_snapshot(self._store, generation, self._weights)
        return self._opened

    def _read_question(self, text: str) -> tuple[str, Encoded]:
        (encoded,) = self._encoder.encode([text], "query")
        return text, encoded

    def _look_up(self, texts: list[tuple[str, Encoded]]) -> tuple[Snapshot, list[Query]]:
        with self._lock:
            return self._now(lambda now: (now, [self._query(now, *text) for text in texts]))

    def _query(self, snapshot: Snapshot, text: str, encoded: Encoded) -> Query:
        tokens = centred(encoded.tokens, snapshot.common)
        words = [self._words(table, text, snapshot) for table in ("passages", "sentences")]
        return Query.of(encoded, tokens, snapshot.background, *words)

    def _words(self, table: str, text: str, snapshot: Snapshot) -> Floats:
        """Proportional BM25 of every row of a table, f32 (rows,); 0 where no word is shared."""
        rows = np.array(getattr(snapshot.derived, table).rows)
        values = np.zeros(len(rows), np.float32)
        scores = self._store.lexical(table, text, 10 * CANDIDATES)
        found = np.array(list(scores), np.int64)
        if not np.isin(found, rows).all():
            raise self._store.unsound(f"there are words of {table} that are not there")
        values[np.searchsorted(rows, found)] = list(scores.values())
        return values


def load_snapshot(store: Store, generation: str, weights: Weights = WEIGHTS) -> Snapshot:
    """Everything ranking needs of one generation, within the caller's read transaction.

    Raises:
        FileNotFoundError: The files of that generation are gone.
        ShuttenError: What the database holds does not fit together.
    """
    statements = {name: store.statement(name) for name in store.statement_ids()}
    try:
        return _snapshot(store, statements, search_arrays.load(store, generation), weights)
    except (ValueError, LookupError, TypeError) as error:
        raise store.unsound(f"its tables do not fit together ({error})") from error


def _snapshot(
    store: Store, statements: Mapping[str, Statement], arrays: Derived, weights: Weights
) -> Snapshot:
    parsed = {(one.id, p.id): (one, p) for one in statements.values() for p in one.passages}
    ids, places = store.passage_ids(), store.places()
    passage_of = np.searchsorted(arrays.passages.rows, [row for row, _, _ in places])
    if (np.diff(passage_of) < 0).any():
        raise ValueError("sentences are not in the order of their passages")
    background = store.background()
    return Snapshot(
        arrays,
        statements,
        [parsed[ids[row]] for row in arrays.passages.rows],
        [Span(start, end) for _, start, end in places],
        passage_of,
        np.searchsorted(passage_of, np.arange(len(arrays.passages.rows) + 1)),
        background.common,
        background.tokens,
        weights,
    )
