"""The statements of one committed state, which are read when they are needed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from corpus.errors import ShuttenError
from corpus.records import Provenance, Statement
from index.store.base import Store
from index.store.originals import provenance_of
from index.store.values import ChangedMeanwhileError, StatementKey

_KEPT = 2_000  # statements that stay in memory: some 20 KB each


class StatementSummary(NamedTuple):
    """What a list says of a statement. Its text need not be read for that.

    Attributes:
        id: Its id.
        provenance: Its facts.
        sha256: The checksum of its bytes.
        passages: How many passages it has.
    """

    id: str
    provenance: Provenance
    sha256: str
    passages: int


class StoredStatements(Mapping[str, Statement]):
    """All statements of a state, by their ids. Several threads may use it.

    Those that were used last stay in memory. A later state takes them over.

    Args:
        store: Where they are.
        keys: Their keys, sorted by id.
        before: Those of an earlier state.

    Attributes:
        ids: Their ids, sorted.
        rows: Their rows in the store, in the same order.
        places: The place of each in that order, by its id.
        facts: The provenance of each, by its id. All of them are in memory.

    Raises:
        ShuttenError: The provenance of one is damaged.
    """

    def __init__(
        self, store: Store, keys: Sequence[StatementKey], before: StoredStatements | None = None
    ) -> None:
        self._store, self._keys = store, {key.id: key for key in keys}
        self._kept: _Kept = before._kept if before else _Kept(_KEPT)
        self.ids = tuple(self._keys)
        self.rows = [key.row for key in keys]
        self.places = {name: place for place, name in enumerate(self.ids)}
        self.facts: Mapping[str, Provenance] = _facts(store, keys, before)

    def __getitem__(self, name: str) -> Statement:
        return self.read([name])[0]

    def __contains__(self, name: object) -> bool:
        return name in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def unchanged(self, before: StoredStatements) -> list[str]:
        """Return the ids of the statements that are the same as in an earlier state."""
        return [name for name, key in self._keys.items() if before._keys.get(name) == key]

    def summaries(self, passages: Iterable[int]) -> dict[str, StatementSummary]:
        """Return the summary of each statement by its id.

        Args:
            passages: How many passages each has, in the order of `ids`.
        """
        keys = zip(self._keys.values(), passages, strict=True)
        return {
            key.id: StatementSummary(key.id, self.facts[key.id], key.sha256, count)
            for key, count in keys
        }

    def inconsistency(self, name: str) -> ShuttenError:
        """Return the error for a statement that has other passages than the index."""
        return self._store.inconsistency(f"{name!r} has other passages than the index")

    def read(self, names: Iterable[str]) -> list[Statement]:
        """Return some statements, and read in one step those that are not in memory.

        Raises:
            ChangedMeanwhileError: One is gone.
            KeyError: There is none with such an id.
            ShuttenError: One is damaged.
        """
        keys = [self._keys[name] for name in names]
        kept = {key: self._kept.get(key) for key in keys}
        found = {key: statement for key, statement in kept.items() if statement}
        missing = {key.row: key for key in kept if key not in found}
        for row, statement in self._store.statements(missing) if missing else ():
            key = missing[row]
            if (statement.id, statement.source.sha256) != (key.id, key.sha256):
                raise ChangedMeanwhileError(f"{self._store.name}: {key.id!r} changed; ask again")
            self._kept.put(key, statement)
            found[key] = statement
        return [found[key] for key in keys]


def _facts(
    store: Store, keys: Sequence[StatementKey], before: StoredStatements | None
) -> dict[str, Provenance]:
    known = {key: before.facts[name] for name, key in before._keys.items()} if before else {}
    facts: dict[str, Provenance] = {}
    for key in keys:
        try:
            facts[key.id] = known.get(key) or provenance_of(key.provenance)
        except ValueError as error:
            raise store.inconsistency(f"the provenance of {key.id!r} is damaged") from error
    return facts


class _Kept:
    """The statements that were used last."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._statements: OrderedDict[StatementKey, Statement] = OrderedDict()

    def get(self, key: StatementKey) -> Statement | None:
        with self._lock:
            if key in self._statements:
                self._statements.move_to_end(key)
            return self._statements.get(key)

    def put(self, key: StatementKey, statement: Statement) -> None:
        with self._lock:
            self._statements[key] = statement
            while len(self._statements) > self._most:
                self._statements.popitem(last=False)
