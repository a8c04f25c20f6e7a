"""The table `statements`: statements as they were added. All else in a data folder is derived."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from itertools import chain
from typing import Any, ClassVar

from corpus.arguments import unknown
from corpus.documents import Document
from corpus.errors import ShuttenError
from corpus.records import LIST_FACTS, Provenance, Source, Statement
from index.store.database import Database
from index.store.values import ChangedMeanwhileError

_TEXTS = "SELECT CAST(data AS BLOB), id, encoding, s.sha256, origin, provenance"
_SELECT = f"{_TEXTS} FROM statements s"
_WITH_DOCUMENTS = (
    f"{_TEXTS}, format, d.sha256, reader, CAST(details AS BLOB)"
    " FROM statements s LEFT JOIN documents d ON d.statement = s.row"
)
_PROVENANCE_KEYS = {field.name for field in fields(Provenance)}


class DamagedError(ShuttenError):
    """The bytes of a statement are damaged. Only adding the file again helps."""


@dataclass(frozen=True, slots=True)
class Original:
    """A row of the table `statements`.

    Attributes:
        id: The id of the statement.
        data: The bytes of the file.
        encoding: The encoding of its text, as Python names it.
        sha256: The checksum of the file when it was added, in hexadecimal digits.
        origin: The path that it was added from.
        provenance: The provenance as a JSON object.
        document: The file that the text was read from; None if the text itself is the file.
    """

    id: str
    data: bytes
    encoding: str
    sha256: str
    origin: str
    provenance: str
    document: Document | None = None

    @classmethod
    def of(cls, statement: Statement, origin: str) -> Original:
        """Return the row of a statement that is added from the path `origin`."""
        source = statement.source
        provenance = json.dumps(asdict(statement.provenance), ensure_ascii=False)
        texts = (source.encoding, source.sha256, origin, provenance)
        return cls(source.id, source.data, *texts, source.document)

    @property
    def intact(self) -> bool:
        """Whether the bytes are those that were added."""
        return hashlib.sha256(self.data).hexdigest() == self.sha256

    def source(self) -> Source:
        """Return the bytes with their text.

        Raises:
            ValueError: The bytes are not in the recorded encoding, or the map to the document is
                damaged.
            LookupError: There is no such encoding.
        """
        source = Source(self.id, self.data, self.encoding, self.document)
        _ = source.text  # decodes the bytes, which may raise
        if self.document:
            self.document.check()
        return source

    def parse_provenance(self) -> Provenance:
        """Parse the recorded provenance.

        Raises:
            ValueError: It is damaged.
        """
        return provenance_of(self.provenance)


def provenance_of(stored: str) -> Provenance:
    """Parse a provenance that was recorded as a JSON object.

    Raises:
        ValueError: It is damaged.
    """
    try:
        facts: Any = json.loads(stored.encode())
    except RecursionError as error:
        raise ValueError("no provenance") from error
    if not isinstance(facts, dict) or not facts.keys() <= _PROVENANCE_KEYS:
        raise ValueError("no provenance")
    lists = {name: facts.pop(name, []) for name in LIST_FACTS}
    origins = facts.pop("origins", {})
    if not isinstance(origins, dict) or not all(map(_is_list, lists.values())):
        raise ValueError("facts of another kind")
    texts = (*facts.values(), *origins.values(), *chain(*lists.values()))
    if not all(isinstance(value, str) for value in texts):
        raise ValueError("facts that are no text")
    facts |= {name: tuple(values) for name, values in lists.items()}
    return Provenance(**facts, origins=origins)


def damage(place: object, original: Original, problem: str) -> DamagedError:
    """Return the error for a statement whose text cannot be used any more.

    Args:
        place: What messages call the store.
        original: The statement.
        problem: What is wrong with its text.
    """
    return DamagedError(
        f"{place}: the text of {original.id!r} {problem}; add the file again: "
        f"`shutten index add --id {original.id} {original.origin or 'FILE'}`"
    )


def require_intact(place: object, original: Original) -> None:
    """Raise an error where the bytes changed, because quotes from them would be wrong.

    Raises:
        DamagedError: The bytes are not those that were added.
    """
    if not original.intact:
        raise damage(place, original, "is not the one that was added (its sha256 differs)")


def require_intact_file(place: object, statement: str, file: bytes, sha256: str) -> None:
    """Raise an error where the kept document of a statement is not the one that was added.

    Raises:
        ShuttenError: Its checksum differs.
    """
    if hashlib.sha256(file).hexdigest() != sha256:
        raise ShuttenError(
            f"{place}: the kept original of {statement!r} is damaged (its sha256 differs); "
            "add the file again"
        )


def _is_list(value: object) -> bool:
    return isinstance(value, list)


class Originals(Database):
    """The table `statements`: statements as they were added.

    This class alone can open databases of older versions, because their table is the same.
    """

    any_version: ClassVar[bool] = True

    def statement_ids(self) -> list[str]:
        """Return the ids of all statements, sorted."""
        return [name or "" for name in self._column("SELECT id FROM statements ORDER BY id")]

    def origins(self) -> dict[str, str]:
        """Return the paths that the statements were added from, by their ids."""
        return {
            name or "": origin for name, origin in self._rows("SELECT id, origin FROM statements")
        }

    def document_of_origin(self, origin: str) -> tuple[str, str, str, bool] | None:
        """Return what is stored of the document that was added from a path.

        Returns:
            The id of the statement, the checksum of the file, the name of the reader, and whether
            the file is kept; None if no document was added from there.
        """
        query = (
            "SELECT id, d.sha256, reader, file IS NOT NULL FROM documents d"
            " JOIN statements s ON d.statement = s.row WHERE origin = ?"
        )
        row = self._row(query, origin)
        return (row[0] or "", row[1], row[2], bool(row[3])) if row else None

    def has_statements(self) -> bool:
        """Return whether there is any statement."""
        return self._row("SELECT 1 FROM statements LIMIT 1") is not None

    def has(self, statement: str) -> bool:
        """Return whether there is a statement with this id."""
        return self._row("SELECT 1 FROM statements WHERE id = ?", statement) is not None

    def has_bytes(self, statement: str, sha256: str) -> bool:
        """Return whether there is a statement with this id and checksum."""
        query = "SELECT 1 FROM statements WHERE id = ? AND sha256 = ?"
        return self._row(query, statement, sha256) is not None

    def original(self, statement: str) -> Original:
        """Return a statement as it was added.

        Raises:
            ShuttenError: There is no statement with this id.
        """
        row = self._row(f"{self._select} WHERE id = ?", statement)
        if row is None:
            raise unknown("statement", statement, self.statement_ids())
        return _original(*row)

    def original_at(self, row: int) -> Original:
        """Return the statement at a row of the table as it was added.

        Raises:
            ChangedMeanwhileError: There is none.
        """
        found = self._row(f"{self._select} WHERE row = ?", row)
        if found is None:
            raise ChangedMeanwhileError(f"{self.path}: a statement was removed; ask again")
        return _original(*found)

    def originals(self) -> list[Original]:
        """Return all statements as they were added, sorted by id."""
        return [_original(*row) for row in self._rows(f"{self._select} ORDER BY id")]

    @property
    def _select(self) -> str:
        """The query for statements. Databases of older versions have no documents."""
        older = self.any_version and not self._has_tables("documents")
        return _SELECT if older else _WITH_DOCUMENTS

    def require_intact(self, original: Original) -> None:
        """Raise an error where the bytes changed, because quotes from them would be wrong.

        Raises:
            DamagedError: The bytes are not those that were added.
        """
        require_intact(self.path, original)

    def damage(self, original: Original, problem: str) -> DamagedError:
        """Return the error for a statement whose text cannot be used any more."""
        return damage(self.path, original, problem)

    def damaged_ids(self) -> list[str]:
        """Return the ids of the statements whose bytes are not those that were added."""
        return [original.id for original in self.originals() if not original.intact]

    def id_of_sha256(self, sha256: str) -> str:
        """Return the id of the first statement with this checksum, or an empty text."""
        row = self._row("SELECT id FROM statements WHERE sha256 = ? ORDER BY id", sha256)
        return str(row[0]) if row else ""

    def document_file(self, statement: str) -> bytes | None:
        """Return the file that the text of a statement was read from; None if it is not kept.

        Raises:
            ShuttenError: The file is not the one that was added, because it is damaged.
        """
        if self.any_version and not self._has_tables("documents"):
            return None
        query = (
            "SELECT CAST(file AS BLOB), d.sha256 FROM documents d"
            " JOIN statements s ON d.statement = s.row WHERE id = ? AND file IS NOT NULL"
        )
        row = self._row(query, statement)
        if row is None:
            return None
        file, sha256 = row
        require_intact_file(self.path, statement, file, sha256)
        return bytes(file)

    def has_document_file(self, statement: str) -> bool:
        """Return whether the file that the text of a statement was read from is kept."""
        query = (
            "SELECT 1 FROM documents d JOIN statements s ON d.statement = s.row"
            " WHERE id = ? AND file IS NOT NULL"
        )
        return self._row(query, statement) is not None

    def set_origin(self, statement: str, origin: str) -> None:
        """Change the path that a statement was added from, in the transaction of the caller."""
        query = "UPDATE statements SET origin = ? WHERE id = ?"
        self._connection.execute(query, (origin, statement))

    def put_original(self, original: Original, file: bytes | None = None) -> None:
        """Store a statement exactly as it is, including characters that are damaged.

        Args:
            original: The statement.
            file: The document that its text was read from, if it is kept.
        """
        texts = (
            *(original.id, original.encoding, original.sha256, original.origin),
            original.provenance,
        )
        self._connection.execute(
            "INSERT INTO statements(data, id, encoding, sha256, origin, provenance)"
            f" VALUES (?{', CAST(? AS TEXT)' * len(texts)})",
            (original.data, *(text.encode("utf-8", "surrogateescape") for text in texts)),
        )
        if document := original.document:
            self._connection.execute(
                "INSERT INTO documents(statement, format, sha256, reader, details, file)"
                " VALUES (last_insert_rowid(), ?, ?, ?, ?, ?)",
                (document.format, document.sha256, document.reader, document.packed, file),
            )


def _original(data: bytes, name: str | None, *others: Any) -> Original:
    encoding, sha256, origin, provenance = map(str, others[:4])
    document = Document(*others[4:]) if others[4:] and others[4] is not None else None
    return Original(name or "", data, encoding, sha256, origin, provenance, document)
