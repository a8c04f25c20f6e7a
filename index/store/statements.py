"""The table of passages: statements as they were parsed."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from corpus.errors import ShuttenError
from corpus.records import Passage, Source, Span, Statement, passage_id
from index.names import Names
from index.store.encoder_inputs import card_input, passage_input
from index.store.originals import Original, Originals
from index.store.values import StatementKey

_PASSAGES = (
    'SELECT id, kind, marker, section, number, parent, lead_in, start, "end", sentences'
    " FROM passages WHERE statement = ? ORDER BY row"
)

_PAIR = struct.Struct("<II")  # the start and the end of a sentence, in code points of the passage


class Statements(Originals):
    """The table `passages`: what parsing found in each statement.

    Only databases of this version are opened.
    """

    any_version: ClassVar[bool] = False

    def inconsistency(self, problem: str) -> ShuttenError:
        """Return the error for derived data that do not fit together. A rebuild helps."""
        return ShuttenError(f"{self.path}: {problem}; run `shutten index rebuild`")

    def is_empty(self) -> bool:
        """Return whether there is nothing to search."""
        return self._row("SELECT 1 FROM passages LIMIT 1") is None

    def statement(self, statement: str) -> Statement:
        """Return a statement as it was parsed when it was added.

        Raises:
            DamagedError: Its bytes are not those that were added.
            ShuttenError: There is no statement with this id, or its passages are damaged.
        """
        passages = self._rows(_PASSAGES, self.statement_row(statement))
        return self._parsed(self.original(statement), passages)

    def statements(self, rows: Iterable[int]) -> Iterator[tuple[int, Statement]]:
        """Yield some statements with their rows, as they were parsed when they were added.

        Raises:
            DamagedError: The bytes of one are not those that were added.
            ShuttenError: The passages of one are damaged.
        """
        for row in rows:
            yield row, self._parsed(self.original_at(row), self._rows(_PASSAGES, row))

    def _parsed(self, original: Original, passages: Sequence[Sequence[Any]]) -> Statement:
        self.require_intact(original)
        part = "encoding"
        try:
            source = original.source()
            part = "provenance"
            provenance = original.parse_provenance()
            part = "list of passages"
            parsed = tuple(_passage(source, *row) for row in passages)
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            problem = f"the {part} of {original.id!r} is damaged ({error})"
            raise self.inconsistency(problem) from error
        return Statement(source, provenance, parsed)

    def statement_row(self, statement: str) -> int | None:
        """Return the row of a statement, or None if there is no statement with this id."""
        row = self._row("SELECT row FROM statements WHERE id = ?", statement)
        return int(row[0]) if row else None

    def statement_rows(self) -> dict[int, str]:
        """Return the ids of all statements by their rows, sorted by id."""
        return {
            row: name or ""
            for row, name in self._rows("SELECT row, id FROM statements ORDER BY id")
        }

    def statement_keys(self) -> list[StatementKey]:
        """Return the keys of all statements, sorted by id."""
        query = "SELECT row, id, encoding, sha256, provenance FROM statements ORDER BY id"
        return [StatementKey(*row) for row in self._rows(query)]

    def passage_count(self, statement: str) -> int:
        """See `Store.passage_count`."""
        return len(self.passage_rows(self.statement_row(statement) or 0))

    def passage_rows(self, statement: int) -> list[int]:
        """Return the rows of the passages of a statement, in reading order."""
        return self._column("SELECT row FROM passages WHERE statement = ? ORDER BY row", statement)

    def put_statement(self, statement: Statement, origin: str, file: bytes | None = None) -> int:
        """Store a statement, in the place of the one with the same id if there is one.

        Args:
            statement: The statement.
            origin: The path that it is added from.
            file: The document that its text was read from, if it is kept.

        Returns:
            The row of the statement.
        """
        self.remove_statement(statement.id)
        self.put_original(Original.of(statement, origin), file)
        row = self.statement_row(statement.id) or 0
        self._connection.execute(
            "UPDATE statements SET card = ?, names = ? WHERE row = ?",
            (card_input(statement).key, Names.of(statement).to_json(), row),
        )
        self._connection.executemany(
            'INSERT INTO passages(statement, id, kind, start, "end", marker, section, number,'
            " parent, lead_in, sentences, wording) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(row, passage.id, passage.kind, passage.span.start, passage.span.end),
                    *(passage.marker, passage.section, json.dumps(passage.number), passage.parent),
                    *(passage.lead_in, _packed(passage), passage_input(statement, passage).key),
                )
                for passage in statement.passages
            ],
        )
        return row

    def remove_statement(self, statement: str) -> bool:
        """Remove a statement and return whether it existed."""
        row = self.statement_row(statement)
        self._connection.execute("DELETE FROM passages WHERE statement = ?", (row,))
        self._connection.execute("DELETE FROM documents WHERE statement = ?", (row,))
        self._connection.execute("DELETE FROM statements WHERE row = ?", (row,))
        return row is not None

    def wording_row(self, key: bytes) -> int | None:
        """Return the row of a passage that has these words and this context, or None."""
        row = self._row("SELECT row FROM passages WHERE wording = ? LIMIT 1", key)
        return int(row[0]) if row else None

    def wordings(self, statement: int) -> list[bytes]:
        """Return the keys of the passages of a statement with their contexts, in reading order."""
        query = "SELECT wording FROM passages WHERE statement = ? ORDER BY row"
        return self._column(query, statement)

    def names(self) -> dict[str, Names]:
        """Return the names in each statement, by its id.

        Raises:
            ShuttenError: Those of a statement are damaged.
        """
        rows = self._rows("SELECT id, names FROM statements ORDER BY id")
        return {statement or "": self._names(statement, stored) for statement, stored in rows}

    def names_of(self, statement: str) -> Names:
        """Return the names in one statement; see `names`."""
        row = self._row("SELECT names FROM statements WHERE id = ?", statement)
        return self._names(statement, row[0] if row else None)

    def _names(self, statement: str | None, stored: object) -> Names:
        try:
            return Names.from_json(str(stored))
        except ValueError as error:
            raise self.inconsistency(f"the names of {statement!r} are damaged") from error

    def card_key(self, statement: str) -> bytes | None:
        """Return the key of the card of a statement, or None if there is no such statement."""
        row = self._row("SELECT card FROM statements WHERE id = ?", statement)
        return row[0] if row else None


def _packed(passage: Passage) -> bytes:
    """Return the sentences of a passage as they are stored."""
    start = passage.span.start
    return b"".join(_PAIR.pack(span.start - start, span.end - start) for span in passage.sentences)


def _passage(
    source: Source,
    name: str,
    kind: Any,
    marker: str,
    section: int,
    number: str,
    parent: str | None,
    lead_in: str | None,
    start: int,
    end: int,
    sentences: bytes,
) -> Passage:
    """Return a passage of a text.

    Raises:
        ValueError: Its span does not fit the text that was read.
    """
    span = Span(start, end)
    if not name.startswith(passage_id(span.of(source.text))):
        raise ValueError(f"{start}:{end} are other words than those that were encoded")
    within = tuple(Span(start + first, start + last) for first, last in _unpacked(sentences))
    if not within or not all(map(span.holds, within)):
        raise ValueError(f"passage {name} does not hold its sentences")
    return Passage(name, kind, span, within, marker, section, _number(number), parent, lead_in)


def _unpacked(sentences: bytes) -> list[tuple[int, int]]:
    """Return what `_packed` stored. For so few numbers numpy would take three times as long."""
    bounds = _PAIR.iter_unpack(sentences) if len(sentences) % _PAIR.size == 0 else ()
    return [(first, last) for first, last in bounds]


@lru_cache(maxsize=1 << 10)
def _number(stored: str) -> tuple[int, ...]:
    return tuple(json.loads(stored))
