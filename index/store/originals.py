"""Statements as they were added. Everything else in a data folder is made from them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from corpus.errors import ShuttenError
from corpus.records import Provenance, Source, Statement
from index.store.database import Database

_SELECT = "SELECT CAST(data AS BLOB), id, encoding, sha256, origin, provenance FROM statements"
_FACTS = {field.name for field in fields(Provenance)}


class DamagedError(ShuttenError):
    """The text of a statement is not to be had any more; only adding the file again helps."""


@dataclass(frozen=True, slots=True)
class Original:
    """A row of the table `statements`.

    Attributes:
        id: The name of the statement.
        data: The file, byte for byte.
        encoding: How its text is read.
        sha256: The checksum that was taken when it was added.
        origin: The path it was added from.
        provenance: JSON.
    """

    id: str
    data: bytes
    encoding: str
    sha256: str
    origin: str
    provenance: str

    @classmethod
    def of(cls, statement: Statement, origin: str) -> Original:
        """What is kept of a statement."""
        source = statement.source
        facts = json.dumps(asdict(statement.provenance), ensure_ascii=False)
        return cls(source.id, source.data, source.encoding, source.sha256, origin, facts)

    @property
    def intact(self) -> bool:
        """Whether the bytes are those of the file that was added."""
        return hashlib.sha256(self.data).hexdigest() == self.sha256

    def source(self) -> Source:
        """The bytes with their text.

        Raises:
            ValueError: They are not in the encoding that was recorded.
            LookupError: There is no such encoding.
        """
        source = Source(self.id, self.data, self.encoding)
        _ = source.text  # decoded once
        return source

    def facts(self) -> Provenance:
        """The provenance.

        Raises:
            ValueError: What was recorded is no provenance.
        """
        try:
            table: Any = json.loads(self.provenance.encode())
        except RecursionError as error:
            raise ValueError("no provenance") from error
        if not isinstance(table, dict) or not table.keys() <= _FACTS:
            raise ValueError("no provenance")
        issuers = table.pop("issuers", [])
        if not isinstance(issuers, list):
            raise ValueError("no list of issuers")
        if not all(isinstance(value, str) for value in (*table.values(), *issuers)):
            raise ValueError("facts that are no text")
        return Provenance(**table, issuers=tuple(issuers))


class Originals(Database):
    """A data folder of this version or an older one, of which only the originals are read."""

    any_version: ClassVar[bool] = True

    def statement_ids(self) -> list[str]:
        """Ids of all statements, in order of their names."""
        return [row[0] or "" for row in self._all("SELECT id FROM statements ORDER BY id")]

    def has(self, statement: str) -> bool:
        """Whether there is a statement of that id."""
        return self._one("SELECT 1 FROM statements WHERE id = ?", statement) is not None

    def original(self, statement: str) -> Original:
        """A statement as it was added.

        Raises:
            ShuttenError: There is none of that id.
        """
        found = self._one(f"{_SELECT} WHERE id = ?", statement)
        if found is None:
            known = ", ".join(self.statement_ids()) or "none"
            raise ShuttenError(f"there is no statement {statement!r}; there are: {known}")
        return _original(*found)

    def originals(self) -> list[Original]:
        """All of them, in order of their names."""
        return [_original(*row) for row in self._all(f"{_SELECT} ORDER BY id")]

    def intact(self, statement: str) -> Original:
        """A statement whose bytes are those that were added.

        Raises:
            DamagedError: They are not.
            ShuttenError: There is none of that id.
        """
        return self.whole(self.original(statement))

    def whole(self, original: Original) -> Original:
        """The original, if its bytes are those that were added: else a quote is a misquote.

        Raises:
            DamagedError: They are not.
        """
        if not original.intact:
            raise self.damage(original, "is not the one that was added (its sha256 differs)")
        return original

    def damage(self, original: Original, what: str) -> DamagedError:
        """The error that the text of an original is not to be had any more."""
        return DamagedError(
            f"{self.path}: the text of {original.id!r} {what}; add the file again: "
            f"`shutten index add --id {original.id} {original.origin or 'FILE'}`"
        )

    def damaged(self) -> list[str]:
        """Ids of the statements whose bytes are not those that were added."""
        return [one.id for one in self.originals() if not one.intact]

    def with_sha256(self, sha256: str) -> str:
        """The id of the first statement of that checksum; empty where there is none."""
        row = self._one("SELECT id FROM statements WHERE sha256 = ? ORDER BY id", sha256)
        return str(row[0]) if row else ""

    def keep(self, original: Original) -> None:
        """Store an original, as it is."""
        texts = original.id, original.encoding, original.sha256, original.origin
        self._connection.execute(
            "INSERT INTO statements(data, id, encoding, sha256, origin, provenance)"
            f" VALUES (?{', CAST(? AS TEXT)' * 5})",
            (original.data, *map(_bytes, (*texts, original.provenance))),
        )


def _original(data: bytes, name: str | None, *texts: object) -> Original:
    encoding, sha256, origin, provenance = map(str, texts)
    return Original(name or "", data, encoding, sha256, origin, provenance)


def _bytes(text: str) -> bytes:
    """A text as it lies in the database, with what is no character there as it was."""
    return text.encode("utf-8", "surrogateescape")
