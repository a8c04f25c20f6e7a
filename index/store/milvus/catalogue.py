"""What a reader has in memory of each statement on a server: its facts, and the shape of its rows.

The texts and what the model made of the passages stay on the server.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any

from corpus.errors import ShuttenError
from index.names import Names
from index.store.milvus.client import Client, quoted
from index.store.milvus.packing import Shape, join_chunks, pack_record, unpack_record
from index.store.milvus.schema import setting_key
from index.store.values import ChangedMeanwhileError, StatementKey

_TRIES = 3
_AT_ONCE = 200  # statements whose records are read in one step


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What is known of the document that a text was read from; see `corpus.documents.Document`.

    Attributes:
        format: Its format.
        sha256: The checksum of its bytes.
        reader: Name and version of the reader.
        kept: Whether the file is kept.
    """

    format: Any
    sha256: str
    reader: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a statement without its text; see `index.store.originals.Original`.

    Attributes:
        id: Its id.
        encoding: The encoding of its text.
        sha256: The checksum of its bytes.
        provenance: Its provenance as a JSON object.
        names: The names in it; see `Names.to_json`.
        card: The key of its card, in hexadecimal digits.
        document: The document that its text was read from.
    """

    id: str
    encoding: str
    sha256: str
    provenance: str
    names: str
    card: str
    document: DocumentFacts | None = None

    def pack(self, shape: Shape) -> bytes:
        """Return its bytes, with the shape of the statement."""
        return pack_record(asdict(self), shape)

    @classmethod
    def unpack(cls, data: bytes) -> tuple[Record, Shape]:
        """Read what `pack` wrote.

        Raises:
            ValueError: The bytes are damaged.
        """
        facts, shape = unpack_record(data)
        try:
            document = facts.pop("document")
            record = cls(**facts, document=DocumentFacts(**document) if document else None)
        except (LookupError, TypeError) as error:
            raise ValueError(f"no record of a statement ({error})") from None
        return record, shape


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement of the catalogue.

    Attributes:
        row: Its number, which no other statement ever has.
        record: Its facts.
        shape: The shape of its rows.
        origin: The path that it was added from.
    """

    row: int
    record: Record
    shape: Shape
    origin: str = ""

    @property
    def key(self) -> StatementKey:
        """See `StatementKey`."""
        record = self.record
        return StatementKey(self.row, record.id, record.encoding, record.sha256, record.provenance)


@dataclass(frozen=True)
class Catalogue:
    """All statements of a library at one moment.

    Attributes:
        generation: The name of the committed state.
        entries: The statements by their ids, which ascend.
    """

    generation: str = ""
    entries: Mapping[str, Entry] = field(default_factory=dict)

    @cached_property
    def by_row(self) -> Mapping[int, Entry]:
        """The statements by their numbers, which ascend: in the order in which they were added."""
        return {entry.row: entry for entry in sorted(self.entries.values(), key=_row)}

    @cached_property
    def names(self) -> Mapping[str, Names]:
        """The names in each statement, by its id.

        Raises:
            ValueError: Those of one are damaged.
        """
        return {name: Names.from_json(entry.record.names) for name, entry in self.entries.items()}


def read(client: Client, collection: str, before: Catalogue) -> Catalogue:
    """Return the catalogue as it is on the server.

    Args:
        client: The server.
        collection: The collection of rows.
        before: An earlier one; its statements are not read again.

    Raises:
        ChangedMeanwhileError: Other processes change it all the time.
        ShuttenError: A statement is damaged, or the server does not answer.
    """
    for _ in range(_TRIES):
        rows = client.get(collection, [setting_key("generation")], ["data"])
        generation = str(rows[0]["data"]) if rows else ""
        if generation == before.generation:
            return before
        there = client.rows(collection, 'kind == "statement"', ["statement", "data"])
        origins = {int(row["statement"]): str(json.loads(row["data"])) for row in there}
        known = {entry.row: entry for entry in before.entries.values()}
        new = read_entries(client, collection, [row for row in origins if row not in known])
        entries = known | {entry.row: entry for entry in new}
        if all(row in entries for row in origins):
            wanted = [replace(entries[row], origin=origin) for row, origin in origins.items()]
            wanted.sort(key=lambda entry: entry.record.id)
            return Catalogue(generation, {entry.record.id: entry for entry in wanted})
    raise ChangedMeanwhileError(f"{client.address}: it keeps changing; try again in a moment")


def read_entries(client: Client, collection: str, rows: Sequence[int]) -> list[Entry]:
    """Read statements by their numbers; those that are gone are left out.

    Raises:
        ShuttenError: A statement is damaged.
    """
    entries: list[Entry] = []
    for first in range(0, len(rows), _AT_ONCE):
        group = rows[first : first + _AT_ONCE]
        for row, data in read_blobs(client, collection, "record", group).items():
            try:
                entries.append(Entry(row, *Record.unpack(data)))
            except ValueError as error:
                raise damaged(client, row, error) from error
    return entries


def read_blobs(
    client: Client, collection: str, kind: str, statements: Iterable[int]
) -> dict[int, bytes]:
    """Return the bytes of one kind; see `read_kinds`."""
    return read_kinds(client, collection, (kind,), statements)[kind]


def read_kinds(
    client: Client, collection: str, kinds: Sequence[str], statements: Iterable[int]
) -> dict[str, dict[int, bytes]]:
    """Return the bytes that belong to some statements, by their kind and their numbers.

    Raises:
        ShuttenError: A part of them is damaged.
    """
    blobs: dict[str, dict[int, bytes]] = {kind: {} for kind in kinds}
    wanted = ", ".join(map(str, statements))
    if not wanted:
        return blobs
    parts: dict[tuple[str, int], list[tuple[int, str]]] = {}
    condition = f"kind in [{', '.join(map(quoted, kinds))}] and statement in [{wanted}]"
    for row in client.rows(collection, condition, ["kind", "statement", "number", "data"]):
        key = row["kind"], row["statement"]
        parts.setdefault(key, []).append((row["number"], row["data"]))
    for (kind, number), chunks in parts.items():
        try:
            blobs[kind][number] = join_chunks(chunks)
        except ValueError as error:
            raise damaged(client, number, error) from error
    return blobs


def damaged(client: Client, row: int, error: Exception) -> ShuttenError:
    """Return the error for a statement that cannot be read."""
    return ShuttenError(
        f"{client.address}: the rows of statement {row} are damaged ({error}); "
        "add its file again, or copy the library anew"
    )


def _row(entry: Entry) -> int:
    return entry.row
