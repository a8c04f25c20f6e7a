"""A store on a Milvus server."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpus.arguments import unknown
from corpus.documents import Document
from corpus.errors import ShuttenError
from corpus.records import Statement
from index.late_interaction.background import BackgroundTokens
from index.names import Names
from index.store.encoder_inputs import card_input, passage_input
from index.store.milvus import catalogue as catalogues
from index.store.milvus import schema
from index.store.milvus.address import Address
from index.store.milvus.arrays import mean_length, search_arrays
from index.store.milvus.catalogue import Catalogue, Entry, read_blobs
from index.store.milvus.changes import (
    Changes,
    StatementRows,
    blob_rows,
    other_row,
    pending_row,
    removed_row,
    setting_row,
    statement_row,
)
from index.store.milvus.client import Client, Row, quoted
from index.store.milvus.packing import to_bytes, unpack_passage
from index.store.milvus.passages import Passages
from index.store.originals import DamagedError, Original
from index.store.passage_columns import parsed_statement
from index.store.search_arrays import SearchArrays
from index.store.values import (
    LOCK_SECONDS,
    ChangedMeanwhileError,
    Encodings,
    NewStatement,
    StatementKey,
)

_ABANDONED = 900  # seconds after which rows that belong to nothing are deleted
_TEXTS_AT_ONCE = 100  # statements whose texts are read in one step
_KEYS_AT_ONCE = 500


class MilvusStore:
    """A library on a Milvus server; see `Store` and `index.store.milvus.schema`.

    Several processes may write at the same time. Where two change the same statement, the later one
    wins.

    Args:
        home: The data folder, for all that is no statement.
        address: The library.

    Raises:
        ShuttenError: The server does not answer, or the library is none that can be read.
    """

    def __init__(self, home: Path, address: Address) -> None:
        self.home, self.address = home, address
        self._client = Client(address)
        self._names = schema.Collections.of(address.collection)
        self._passages = Passages(self._client, self._names)
        self._lock, self._thread = threading.RLock(), threading.local()
        self._known = Catalogue()
        self._exists = schema.exist(self._client, self._names)

    @property
    def name(self) -> str:
        """See `Store.name`."""
        return str(self.address)

    def another(self) -> MilvusStore:
        """See `Store.another`."""
        return MilvusStore(self.home, self.address)

    def close(self) -> None:
        """See `Store.close`."""
        self._client.close()

    # -- transactions -------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See `Store.reading`. The same statements are seen throughout."""
        self._thread.catalogue = self._catalogue()
        try:
            yield
        finally:
            self._thread.catalogue = None

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

    def _catalogue(self) -> Catalogue:
        """Return the statements that there are, those of the surrounding `reading` if any."""
        pinned: Catalogue | None = getattr(self._thread, "catalogue", None)
        if pinned is not None:
            return pinned
        with self._lock:
            if self._is_there():
                self._known = catalogues.read(self._client, self._names.rows, self._known)
            return self._known

    def _is_there(self) -> bool:
        """Return whether there are collections. Another process may have made them meanwhile."""
        self._exists = self._exists or schema.exist(self._client, self._names)
        return self._exists

    # -- settings -----------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """See `Store.meta`."""
        changes: Changes | None = getattr(self._thread, "changes", None)
        if changes and key in changes.settings:
            return changes.settings[key]
        if key == "generation":
            return self._catalogue().generation or None
        if not self._is_there():
            return None
        rows = self._client.get(self._names.rows, [f"meta.{key}"], ["data"])
        return str(rows[0]["data"]) if rows else None

    def set_meta(self, key: str, value: str) -> None:
        """See `Store.set_meta`."""
        self._changes.settings[key] = value

    # -- statements ---------------------------------------------------------------------------

    def has_statements(self) -> bool:
        """See `Store.has_statements`."""
        return bool(self._catalogue().entries)

    def is_empty(self) -> bool:
        """See `Store.is_empty`."""
        return not self.has_statements()

    def statement_ids(self) -> list[str]:
        """See `Store.statement_ids`."""
        return list(self._catalogue().entries)

    def statement_keys(self) -> list[StatementKey]:
        """See `Store.statement_keys`."""
        return [entry.key for entry in self._catalogue().entries.values()]

    def origins(self) -> dict[str, str]:
        """See `Store.origins`."""
        entries = self._catalogue().entries
        return {name: entry.origin for name, entry in entries.items()}

    def names(self) -> Mapping[str, Names]:
        """See `Store.names`."""
        try:
            return self._catalogue().names
        except ValueError as error:
            raise self.inconsistency(f"the names in a statement are damaged ({error})") from error

    def has(self, statement: str) -> bool:
        """See `Store.has`."""
        return statement in self._catalogue().entries

    def has_bytes(self, statement: str, sha256: str) -> bool:
        """See `Store.has_bytes`."""
        entry = self._catalogue().entries.get(statement)
        return entry is not None and entry.record.sha256 == sha256

    def id_of_sha256(self, sha256: str) -> str:
        """See `Store.id_of_sha256`."""
        entries = self._catalogue().entries.items()
        return next((name for name, entry in entries if entry.record.sha256 == sha256), "")

    def original(self, statement: str) -> Original:
        """See `Store.original`."""
        (original,) = self._originals([self._entry(statement)])
        return original

    def statement(self, statement: str) -> Statement:
        """See `Store.statement`."""
        ((_, parsed),) = self.statements([self._entry(statement).row])
        return parsed

    def statements(self, rows: Iterable[int]) -> Iterator[tuple[int, Statement]]:
        """See `Store.statements`."""
        by_row, wanted = self._catalogue().by_row, list(rows)
        for first in range(0, len(wanted), _TEXTS_AT_ONCE):
            entries = [by_row[row] for row in wanted[first : first + _TEXTS_AT_ONCE]]
            passages = self._blobs("passages", entries)
            for entry, original in zip(entries, self._originals(entries), strict=True):
                self.require_intact(original)
                columns = _columns(passages[entry.row], self.inconsistency)
                yield entry.row, parsed_statement(original, columns, self.inconsistency)

    def passage_count(self, statement: str) -> int:
        """See `Store.passage_count`."""
        entry = self._catalogue().entries.get(statement)
        return len(entry.shape.sentences) if entry else 0

    def damaged_ids(self) -> list[str]:
        """See `Store.damaged_ids`."""
        entries = self._catalogue().entries.values()
        return [entry.record.id for entry in entries if not self._originals([entry])[0].intact]

    def require_intact(self, original: Original) -> None:
        """Raise an error where the bytes of a statement are not those that were added."""
        if not original.intact:
            raise DamagedError(
                f"{self.name}: the text of {original.id!r} is not the one that was added (its "
                f"sha256 differs); add the file again: `shutten index add --id {original.id} "
                f"{original.origin or 'FILE'}`"
            )

    def _entry(self, statement: str) -> Entry:
        entries = self._catalogue().entries
        if statement not in entries:
            raise unknown("statement", statement, list(entries))
        return entries[statement]

    def _originals(self, entries: Sequence[Entry]) -> list[Original]:
        texts = self._blobs("text", entries)
        details = self._blobs("details", [entry for entry in entries if entry.record.document])
        originals: list[Original] = []
        for entry in entries:
            record, document = entry.record, None
            if facts := record.document:
                packed = details[entry.row]
                document = Document(facts.format, facts.sha256, facts.reader, packed)
            texts_of_record = (record.encoding, record.sha256, entry.origin, record.provenance)
            original = Original(record.id, texts[entry.row], *texts_of_record, document)
            originals.append(original)
        return originals

    def _blobs(self, kind: str, entries: Sequence[Entry]) -> dict[int, bytes]:
        """Return the bytes of one kind of some statements, by their numbers.

        Raises:
            ChangedMeanwhileError: Those of one are gone.
        """
        wanted = [entry.row for entry in entries]
        blobs = read_blobs(self._client, self._names.rows, kind, wanted)
        if missing := [entry for entry in entries if entry.row not in blobs]:
            raise ChangedMeanwhileError(
                f"{self.name}: the {kind} of {missing[0].record.id!r} is gone; try again, and if "
                "that does not help, run `shutten index check`"
            )
        return blobs

    # -- documents ----------------------------------------------------------------------------

    def document_of_origin(self, origin: str) -> tuple[str, str, str, bool] | None:
        """See `Store.document_of_origin`."""
        for name, entry in self._catalogue().entries.items():
            facts = entry.record.document
            if facts and entry.origin == origin:
                return name, facts.sha256, facts.reader, facts.kept
        return None

    def document_file(self, statement: str) -> bytes | None:
        """See `Store.document_file`."""
        if not self.has_document_file(statement):
            return None
        entry = self._entry(statement)
        file = self._blobs("file", [entry])[entry.row]
        facts = entry.record.document
        if facts is None or hashlib.sha256(file).hexdigest() != facts.sha256:
            raise ShuttenError(
                f"{self.name}: the kept original of {statement!r} is damaged (its sha256 differs); "
                "add the file again"
            )
        return file

    def has_document_file(self, statement: str) -> bool:
        """See `Store.has_document_file`."""
        entry = self._catalogue().entries.get(statement)
        return bool(entry and entry.record.document and entry.record.document.kept)

    # -- changes ------------------------------------------------------------------------------

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
        names, there = self._names, self._catalogue().by_row
        for row in self._client.rows(names.rows, 'kind == "pending"', ["statement", "number"]):
            number = int(row["statement"])
            if time.time() - row["number"] < _ABANDONED:
                continue
            if number not in there:
                for collection in names.all():
                    condition = f"statement == {number}"
                    if collection == names.rows:
                        condition += ' and kind != "pending"'
                    self._client.delete(collection, condition)
            self._client.delete(names.rows, f'key == "pending.{number}"')

    def _commit(self, changes: Changes) -> None:
        """Write all changes, and the rows that make them count at last and together."""
        catalogue = self._catalogue()
        mean = mean_length([entry.shape for entry in catalogue.entries.values()], changes.new)
        ready = [StatementRows.of(new, mean) for new in changes.new]
        if ready:
            dimension = len(ready[0].vectors[0]["vector"])
            schema.create(self._client, self._names, dimension)
        if not self._is_there():
            return
        entries = catalogue.entries
        replaced = [*(each.id for each in ready), *changes.removed]
        gone = [entries[name] for name in replaced if name in entries]
        pending = [each.row for each in ready] + [entry.row for entry in gone]
        self._client.put(self._names.rows, [pending_row(row) for row in pending])
        for each in ready:
            self._client.put(self._names.passages, each.passages, size=10_000)
            self._client.put(self._names.vectors, each.vectors, size=3000)
            self._client.put(self._names.rows, each.rows, size=66_000)
        if changes.background:
            self._put_background(changes.background)
        self._client.put(self._names.rows, self._last_rows(changes, ready, entries))
        if ready:
            numbers = ", ".join(str(each.row) for each in ready)
            condition = f'kind == "pending" and statement in [{numbers}]'
            self._client.delete(self._names.rows, condition)

    def _put_background(self, tokens: BackgroundTokens) -> None:
        data = json.dumps([part.hex() for part in tokens.to_row()])
        self._client.delete(self._names.rows, 'kind == "background"')
        rows = blob_rows("background", 0, data.encode("ascii"))
        self._client.put(self._names.rows, rows, size=66_000)

    def _last_rows(
        self, changes: Changes, ready: Sequence[StatementRows], entries: Mapping[str, Entry]
    ) -> list[Row]:
        """Return the rows that make the changes count."""
        moved = {name: origin for name, origin in changes.origins.items() if name in entries}
        return [
            other_row(schema.VERSION_KEY, "meta", 0, 0, schema.VERSION),
            *(setting_row(name, value) for name, value in changes.settings.items()),
            *(statement_row(name, entries[name].row, origin) for name, origin in moved.items()),
            *(removed_row(name) for name in changes.removed if name in entries),
            *(statement_row(each.id, each.row, each.origin) for each in ready),
        ]

    def inconsistency(self, problem: str) -> ShuttenError:
        """See `Store.inconsistency`."""
        return ShuttenError(
            f"{self.name}: {problem}; copy the library anew, or add the files again"
        )

    def search_arrays(self, generation: str) -> SearchArrays:
        """See `Store.search_arrays`."""
        del generation
        catalogue = self._catalogue()
        dimension = int(self._client.fields(self._names.vectors)["vector"]["params"]["dim"])
        return search_arrays(self._client, self._names, self._passages, catalogue, dimension)


def _columns(data: bytes, inconsistency: Callable[[str], ShuttenError]) -> list[list[Any]]:
    """Return the passages of a statement as `to_columns` gave them."""
    try:
        rows = json.loads(data)
        return [[*columns, bytes.fromhex(sentences)] for *columns, sentences in rows]
    except (ValueError, TypeError) as error:
        raise inconsistency(f"a list of passages is damaged ({error})") from error
