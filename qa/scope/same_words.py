"""Sentences that several statements share, word for word."""

from __future__ import annotations

import numpy as np

from index.lexical.same_words import words_key
from index.search.snapshot import Snapshot


class SameWords:
    """Tells in which statements a sentence stands.

    Args:
        snapshot: The sentences of all statements.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._order = np.argsort(snapshot.arrays.sentence_keys, kind="stable")
        self._sorted = snapshot.arrays.sentence_keys[self._order]

    def others(self, text: str, statement: str) -> tuple[str, ...]:
        """Return the ids of the other statements in which a sentence of one statement stands."""
        key = np.uint64(words_key(text))
        first, last = (int(np.searchsorted(self._sorted, key, side)) for side in ("left", "right"))
        passages = self._snapshot.passage_of[self._order[first:last]]
        names = sorted({self._snapshot.id_of(row) for row in passages.tolist()})
        return tuple(name for name in names if name != statement)
