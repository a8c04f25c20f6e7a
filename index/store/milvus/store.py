"""A store on a Milvus server."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from corpus.errors import ShuttenError
from corpus.records import Statement
from index.late_interaction.background import BackgroundTokens
from index.lexical.terms import sentence_terms
from index.store.encoder_inputs import card_input, passage_input
from index.store.milvus import schema
from index.store.milvus.arrays import mean_length, search_arrays
from index.store.milvus.catalogue import Entry, read_blobs
from index.store.milvus.changes import (
    Changes,
    StatementRows,
    blob_rows,
    pending_row,
    removed_row,
    setting_row,
    statement_row,
)
from index.store.milvus.client import Row, quoted
from index.store.milvus.packing import to_bytes, unpack_passage
from index.store.milvus.reader import MilvusReader
from index.store.search_arrays import SearchArrays
from index.store.values import LOCK_SECONDS, Encodings, NewStatement, new_generation

_ABANDONED = 900  # seconds after which rows that belong to nothing are deleted
_KEYS_AT_ONCE = 500
_PASSAGE, _VECTOR, _PART = 10_000, 3000, 66_000  # bytes of a row, about


class MilvusStore(MilvusReader):
    """A library on a Milvus server; see `Store` and `index.store.milvus.schema`.

    Several processes may write at the same time. Where two change the same statement, the later one
    wins.
    """

    def another(self) -> MilvusStore:
        """See `Store.another`."""
        return MilvusStore(self.home, self.address)

    def meta(self, key: str) -> str | None:
        """See `Store.meta`."""
        changes: Changes | None = getattr(self._thread, "changes", None)
        if changes and key in changes.settings:
            return changes.settings[key]
        return super().meta(key)

    @contextmanager
    def writing(self, wait: float = LOCK_SECONDS) -> Iterator[None]:
        """See `Store.writing`. No lock is needed, since the rows of two writers never meet."""
        del wait
        self._thread.changes = changes = Changes()
        try:
            yield
        finally:
            self._thread.changes = None
        self._commit(changes)

    @property
    def _changes(self) -> Changes:
        changes: Changes | None = getattr(self._thread, "changes", None)
        if changes is None:
            raise RuntimeError("a store is changed within `writing` only")
        return changes

    # -- changes ------------------------------------------------------------------------------

    def set_meta(self, key: str, value: str) -> None:
        """See `Store.set_meta`."""
        self._changes.settings[key] = value

    def known(self, statements: Sequence[Statement]) -> Encodings:
        """See `Store.known`."""
        known, catalogue = Encodings(), self._catalogue()
        if not catalogue.entries:
            return known
        keys: set[bytes] = set()
        for statement in statements:
            keys |= {passage_input(statement, passage).key for passage in statement.passages}
            entry = catalogue.entries.get(statement.id)
            if entry and entry.record.card == card_input(statement).key.hex():
                known.cards[card_input(statement).key] = entry.shape.card
        wanted = sorted(key.hex() for key in keys)
        for first in range(0, len(wanted), _KEYS_AT_ONCE):
            listed = ", ".join(map(quoted, wanted[first : first + _KEYS_AT_ONCE]))
            rows = self._client.rows(
                self._names.passages, f"wording in [{listed}]", ["statement", "wording", "data"]
            )
            for row in rows:
                if row["statement"] in catalogue.by_row and row["data"]:
                    stored = unpack_passage(to_bytes(row["data"]))
                    known.passages[bytes.fromhex(row["wording"])] = stored.encoding
        return known

    def stored(self, statement: str) -> NewStatement:
        """See `Store.stored`."""
        parsed, entry = self.statement(statement), self._entry(statement)
        passages = self._passages.read([(entry.row, n) for n in range(len(parsed.passages))])
        return NewStatement(
            parsed,
            entry.origin,
            self.document_file(statement),
            [passage.encoding for passage in passages],
            [sentence_terms(parsed, passage) for passage in parsed.passages],
            entry.shape.card,
        )

    def put(self, statements: Sequence[NewStatement]) -> None:
        """See `Store.put`."""
        self._changes.new += statements

    def remove_statement(self, statement: str) -> bool:
        """See `Store.remove_statement`."""
        self._changes.removed.append(statement)
        return self.has(statement)

    def set_origin(self, statement: str, origin: str) -> None:
        """See `Store.set_origin`."""
        self._changes.origins[statement] = origin

    def put_background(self, tokens: BackgroundTokens) -> None:
        """See `Store.put_background`."""
        self._changes.background = tokens

    def background(self) -> BackgroundTokens:
        """See `Store.background`."""
        changes: Changes | None = getattr(self._thread, "changes", None)
        if changes and changes.background:
            return BackgroundTokens.from_row(*changes.background.to_row())
        try:
            parts = read_blobs(self._client, self._names.rows, "background", [0])
            return BackgroundTokens.from_row(*map(bytes.fromhex, json.loads(parts[0])))
        except (ValueError, TypeError, LookupError) as error:
            raise self.inconsistency("the background questions are damaged") from error

    def tidy(self, *, more: bool = False) -> None:
        """Delete the rows that belong to nothing, and let the server put the others in order.

        They are those of writers that were stopped, and of statements that were removed. Rows that
        are not old may still be written, or read by a search that began before.
        """
        if more or not self._is_there():
            return
        for collection in self._names.all():
            self._client.flush(collection)
        there = self._catalogue().by_row
        pending = self._client.rows(self._names.rows, 'kind == "pending"', ["statement", "number"])
        for row in [row for row in pending if time.time() - row["number"] >= _ABANDONED]:
            number = int(row["statement"])
            if number not in there:
                condition = f"statement == {number}"
                self._client.delete(self._names.passages, condition)
                self._client.delete(self._names.vectors, condition)
                self._client.delete(self._names.rows, f'{condition} and kind != "pending"')
            self._settle([number])

    def _settle(self, numbers: Sequence[int]) -> None:
        """Note that the rows of some statements are all there, or all gone."""
        listed = ", ".join(map(str, numbers))
        condition = f'kind == "pending" and statement in [{listed}]'
        self._client.delete(self._names.rows, condition)

    def _commit(self, changes: Changes) -> None:
        """Write all changes, and the rows that make them count at last and together."""
        if changes == Changes():
            return
        catalogue = self._catalogue()
        mean = self._mean(changes)
        ready = [StatementRows.of(new, mean) for new in changes.new]
        if ready:
            dimension = len(ready[0].vectors[0]["vector"])
            schema.create(self._client, self._names, dimension, words=mean is not None)
        if not self._is_there():
            raise ShuttenError(f"{self.name}: there is no library yet; add a statement first")
        entries = catalogue.entries
        replaced = [*(each.id for each in ready), *changes.removed]
        gone = [entries[name] for name in replaced if name in entries]
        pending = [each.row for each in ready] + [entry.row for entry in gone]
        self._client.put(self._names.rows, [pending_row(row) for row in pending])
        for each in ready:
            self._client.put(self._names.passages, each.passages, size=_PASSAGE)
            self._client.put(self._names.vectors, each.vectors, size=_VECTOR)
            self._client.put(self._names.rows, each.rows, size=_PART)
        if changes.background:
            self._put_background(changes.background)
        self._client.put(self._names.rows, self._last_rows(changes, ready, entries))
        if ready:
            self._settle([each.row for each in ready])

    def _mean(self, changes: Changes) -> float | None:
        """Return how many search terms a passage has on average, for the new sparse vectors.

        It is None where nothing is added, or where the passages have no sparse vectors.
        """
        if not changes.new or not schema.has_words(self._client, self._names):
            return None
        shapes = [entry.shape for entry in self._catalogue().entries.values()]
        return mean_length(shapes, changes.new)

    def _put_background(self, tokens: BackgroundTokens) -> None:
        data = json.dumps([part.hex() for part in tokens.to_row()])
        self._client.delete(self._names.rows, 'kind == "background"')
        rows = blob_rows("background", 0, data.encode("ascii"))
        self._client.put(self._names.rows, rows, size=_PART)

    def _last_rows(
        self, changes: Changes, ready: Sequence[StatementRows], entries: Mapping[str, Entry]
    ) -> list[Row]:
        """Return the rows that make the changes count."""
        settings = {"generation": new_generation(), **changes.settings}
        moved = {name: origin for name, origin in changes.origins.items() if name in entries}
        return [
            setting_row(schema.VERSION_SETTING, schema.VERSION),
            *(setting_row(name, value) for name, value in settings.items()),
            *(statement_row(name, entries[name].row, origin) for name, origin in moved.items()),
            *(removed_row(name) for name in changes.removed if name in entries),
            *(statement_row(each.id, each.row, each.origin) for each in ready),
        ]

    def drop(self) -> None:
        """Delete the whole library from the server."""
        for collection in self._names.all():
            self._client.drop(collection)
        self._exists = False

    def problems(self) -> Iterator[str]:
        """See `Store.problems`. Rows of statements that are not there count, if they are old."""
        if not self._is_there():
            return
        client, names = self._client, self._names
        shapes = [entry.shape for entry in self._catalogue().by_row.values()]
        waiting = {
            int(row["statement"])
            for row in client.rows(names.rows, 'kind == "pending"', ["statement"])
        }
        waiting -= self._catalogue().by_row.keys()
        listed = f"statement not in [{', '.join(map(str, sorted(waiting)))}]" if waiting else ""
        wanted = {
            names.passages: sum(len(shape.sentences) for shape in shapes),
            names.vectors: sum(int(shape.vectors.sum()) for shape in shapes),
        }
        for collection, count in wanted.items():
            found = client.count(collection, listed)
            if found != count:  # The server may count a row twice; see `Client.rows`.
                condition = listed or "statement > 0"
                found = sum(1 for _ in client.rows(collection, condition, ["statement"]))
            if found != count:
                yield f"{self.name}: {collection} has {found:,} rows instead of {count:,}"

    def search_arrays(self, generation: str, before: SearchArrays | None = None) -> SearchArrays:
        """See `Store.search_arrays`."""
        del generation, before
        catalogue = self._catalogue()
        dimension = int(self._client.fields(self._names.vectors)["vector"]["params"]["dim"])
        return search_arrays(self._client, self._names, self._passages, catalogue, dimension)
