"""Search over a data folder: encodes a question, looks its words up, ranks, and reads again."""

from __future__ import annotations

import threading
from itertools import chain

import numpy as np

from corpus.errors import ShuttenError
from index import derived
from index.background import Background, centred
from index.encoder import Encoded, Encoder, Floats
from index.fusion import WEIGHTS, Weights
from index.indexing import refuse_mixing, restore_derived
from index.ranking import CANDIDATES, Lean, Query, Ranking, Snapshot, System, always, rank
from index.reading import Key, Wording, read_again, standing_alone, wordings
from index.storage import Store


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
        self._snapshot: tuple[str, Snapshot] | None = None
        self._wordings: dict[Key, Wording] = {}
        refuse_mixing(store, self.fingerprint)

    def search(
        self, question: str, system: System = "full", history: str = "", lean: Lean = always
    ) -> Ranking:
        """Rank the sentences for a question; see `Ranking`.

        Args:
            question: What to look for.
            system: `full`, or a baseline; a baseline reads history and question as one text.
            history: Earlier questions that this one may lean on.
            lean: Says how likely it does (`full` only).

        Raises:
            ShuttenError: There is no statement in the index.
        """
        if history and system != "full":
            question, history = f"{history} {question}", ""
        texts = [question, history] if history else [question]
        encoded = list(self._encoder.encode(texts, "query"))
        with self._lock:
            snapshot, queries = self._look_up(texts, encoded)
            texts_read = self._wordings
        ranking = rank(snapshot, queries[0], system, queries[1] if history else None, lean)
        if system != "full":
            return ranking
        asked = standing_alone(history if ranking.leaning else "", question)
        return read_again(ranking, asked, texts_read, self._encoder, self._weights)

    def _look_up(self, texts: list[str], encoded: list[Encoded]) -> tuple[Snapshot, list[Query]]:
        """The committed snapshot and the texts' words in it, both of one generation."""
        for _ in range(4):
            with self._store.reading():
                generation = self._store.meta("generation")
                if not generation or not self._store.statement_ids():
                    raise ShuttenError(
                        f"{self._store.home}: no statement is indexed; "
                        "add one with `shutten index add PATH`"
                    )
                try:
                    snapshot = self._load(generation)
                except FileNotFoundError:
                    pass  # deleted, or superseded this moment
                else:
                    pairs = zip(texts, encoded, strict=True)
                    return snapshot, [self._query(snapshot, *pair) for pair in pairs]
            if self._store.meta("generation") == generation:
                restore_derived(self._store)
        raise ShuttenError(f"{self._store.home}: the index keeps changing; try again in a moment")

    def _load(self, generation: str) -> Snapshot:
        if self._snapshot is None or self._snapshot[0] != generation:
            refuse_mixing(self._store, self.fingerprint)
            self._snapshot = generation, load_snapshot(self._store, generation, self._weights)
            statements = map(self._store.statement, self._store.statement_ids())
            self._wordings = dict(chain.from_iterable(map(wordings, statements)))
        return self._snapshot[1]

    def _query(self, snapshot: Snapshot, text: str, encoded: Encoded) -> Query:
        tokens = centred(encoded.tokens, snapshot.common)
        words = [self._words(table, text, snapshot) for table in ("passages", "sentences")]
        return Query.of(encoded, tokens, snapshot.background, *words)

    def _words(self, table: str, text: str, snapshot: Snapshot) -> Floats:
        """Proportional BM25 of every row of a table, f32 (rows,); 0 where no word is shared."""
        rows = np.array(getattr(snapshot.derived, table).rows)
        values = np.zeros(len(rows), np.float32)
        for row, score in self._store.lexical(table, text, 10 * CANDIDATES).items():
            values[np.searchsorted(rows, row)] = score
        return values


def load_snapshot(store: Store, generation: str, weights: Weights = WEIGHTS) -> Snapshot:
    """Everything ranking needs of one generation, within the caller's read transaction.

    Raises:
        FileNotFoundError: The files of that generation are gone.
    """
    arrays = derived.load(store, generation)
    places = store.places()
    passage_of = np.searchsorted(arrays.passages.rows, [row for _, row, _, _ in places])
    first = np.searchsorted(passage_of, np.arange(len(arrays.passages.rows) + 1))
    background = store.background()
    return Snapshot(
        arrays,
        places,
        store.passage_ids(),
        passage_of,
        first,
        background.common,
        background.tokens,
        weights,
    )
