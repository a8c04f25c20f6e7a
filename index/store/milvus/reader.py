"""Reads the statements of a library on a Milvus server."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

from corpus.arguments import unknown
from corpus.documents import Document
from corpus.errors import ShuttenError
from corpus.records import Statement
from index.names import Names
from index.store.milvus import catalogue as catalogues
from index.store.milvus import schema
from index.store.milvus.address import Address
from index.store.milvus.catalogue import Catalogue, Entry, read_kinds
from index.store.milvus.client import Client
from index.store.milvus.passages import Passages, key_of
from index.store.originals import Original, require_intact, require_intact_file
from index.store.passage_columns import parsed_statement
from index.store.values import ChangedMeanwhileError, StatementKey

_TEXTS_AT_ONCE = 100  # statements whose texts are read in one step
_TEXT = ("text", "details")  # the kinds of rows of which a text is made

_Blobs = Mapping[str, Mapping[int, bytes]]  # bytes by their kind and the number of the statement


class MilvusReader:
    """Reads a library on a Milvus server; see `Store`.

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
    def remedy(self) -> str:
        """See `Store.remedy`."""
        return "copy the library anew with `shutten index copy`, or add its files to a new one"

    @property
    def exists(self) -> bool:
        """Whether the library is on the server."""
        return self._is_there()

    @property
    def name(self) -> str:
        """See `Store.name`."""
        return str(self.address)

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
        if key == "generation":
            return self._catalogue().generation or None
        if not self._is_there():
            return None
        rows = self._client.get(self._names.rows, [schema.setting_key(key)], ["data"])
        return str(rows[0]["data"]) if rows else None

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

    def names(self, only: Collection[str] | None = None) -> Mapping[str, Names]:
        """See `Store.names`."""
        try:
            names = self._catalogue().names
            return names if only is None else {name: names[name] for name in only if name in names}
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
        entry = self._entry(statement)
        return _original(entry, self._blobs(_TEXT, [entry]))

    def statement(self, statement: str) -> Statement:
        """See `Store.statement`."""
        ((_, parsed),) = self.statements([self._entry(statement).row])
        return parsed

    def statements(self, rows: Iterable[int]) -> Iterator[tuple[int, Statement]]:
        """See `Store.statements`."""
        by_row, wanted = self._catalogue().by_row, list(rows)
        for first in range(0, len(wanted), _TEXTS_AT_ONCE):
            rows_of_step = wanted[first : first + _TEXTS_AT_ONCE]
            if not all(row in by_row for row in rows_of_step):
                raise ChangedMeanwhileError(f"{self.name}: a statement was removed; ask again")
            entries = [by_row[row] for row in rows_of_step]
            blobs = self._blobs((*_TEXT, "passages"), entries)
            for entry in entries:
                original = _original(entry, blobs)
                require_intact(self.name, original)
                columns = _columns(blobs["passages"][entry.row], self.inconsistency)
                yield entry.row, parsed_statement(original, columns, self.inconsistency)

    def passage_count(self, statement: str) -> int:
        """See `Store.passage_count`."""
        entry = self._catalogue().entries.get(statement)
        return len(entry.shape.sentences) if entry else 0

    def names_of(self, statement: str) -> Names:
        """See `Store.names_of`."""
        try:
            return Names.from_json(self._entry(statement).record.names)
        except ValueError as error:
            raise self.inconsistency(f"the names of {statement!r} are damaged") from error

    def wordings(self, statement: str) -> list[bytes]:
        """See `Store.wordings`."""
        entry = self._entry(statement)
        keys = [key_of(entry.row, number) for number in range(len(entry.shape.sentences))]
        rows = self._client.get(self._names.passages, keys, ["key", "wording"])
        found = {row["key"]: bytes.fromhex(row["wording"]) for row in rows}
        return [found.get(key, b"") for key in keys]

    def card_key(self, statement: str) -> bytes | None:
        """See `Store.card_key`."""
        entry = self._catalogue().entries.get(statement)
        return bytes.fromhex(entry.record.card) if entry else None

    def damaged_ids(self) -> list[str]:
        """See `Store.damaged_ids`."""
        entries = self._catalogue().entries.values()
        originals = (_original(entry, self._blobs(_TEXT, [entry])) for entry in entries)
        return [original.id for original in originals if not original.intact]

    def inconsistency(self, problem: str) -> ShuttenError:
        """See `Store.inconsistency`."""
        return ShuttenError(f"{self.name}: {problem}; {self.remedy}")

    def _entry(self, statement: str) -> Entry:
        entries = self._catalogue().entries
        if statement not in entries:
            raise unknown("statement", statement, list(entries))
        return entries[statement]

    def _blobs(self, kinds: Sequence[str], entries: Sequence[Entry]) -> _Blobs:
        """Return the bytes of some statements, by their kind and their numbers.

        Raises:
            ChangedMeanwhileError: Those of one are gone.
        """
        blobs = read_kinds(self._client, self._names.rows, kinds, [entry.row for entry in entries])
        for kind, entry in product(kinds, entries):
            needed = kind != "details" or entry.record.document
            if needed and entry.row not in blobs[kind]:
                raise ChangedMeanwhileError(
                    f"{self.name}: the {kind} of {entry.record.id!r} is gone; try again, and if "
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
        file = self._blobs(("file",), [entry])["file"][entry.row]
        if facts := entry.record.document:
            require_intact_file(self.name, statement, file, facts.sha256)
        return file

    def has_document_file(self, statement: str) -> bool:
        """See `Store.has_document_file`."""
        entry = self._catalogue().entries.get(statement)
        return bool(entry and entry.record.document and entry.record.document.kept)


def _original(entry: Entry, blobs: _Blobs) -> Original:
    """Return a statement as it was added."""
    record, document = entry.record, None
    if facts := record.document:
        packed = blobs["details"][entry.row]
        document = Document(facts.format, facts.sha256, facts.reader, packed)
    text, (encoding, sha256) = blobs["text"][entry.row], (record.encoding, record.sha256)
    return Original(record.id, text, encoding, sha256, entry.origin, record.provenance, document)


def _columns(data: bytes, inconsistency: Callable[[str], ShuttenError]) -> list[list[Any]]:
    """Return the passages of a statement as `to_columns` gave them."""
    try:
        rows = json.loads(data)
        return [[*columns, bytes.fromhex(sentences)] for *columns, sentences in rows]
    except (ValueError, TypeError) as error:
        raise inconsistency(f"a list of passages is damaged ({error})") from error
