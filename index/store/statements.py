"""The table of passages: statements as they were parsed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, ClassVar

from corpus.errors import ShuttenError
from corpus.records import Statement
from index.names import Names
from index.store.encoder_inputs import card_input, passage_input
from index.store.originals import Original, Originals
from index.store.passage_columns import parsed_statement, to_columns
from index.store.values import StatementKey

# As `to_columns` gives them.
_COLUMNS = 'id, kind, marker, section, number, parent, lead_in, start, "end", sentences'
_PASSAGES = f"SELECT {_COLUMNS} FROM passages WHERE statement = ? ORDER BY row"


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
        return parsed_statement(original, passages, self.inconsistency)

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
            f"INSERT INTO passages(statement, {_COLUMNS}, wording)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (row, *to_columns(passage), passage_input(statement, passage).key)
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

    def wordings(self, statement: str) -> list[bytes]:
        """See `Store.wordings`."""
        query = "SELECT wording FROM passages WHERE statement = ? ORDER BY row"
        return self._column(query, self.statement_row(statement))

    def names(self, only: Collection[str] | None = None) -> dict[str, Names]:
        """See `Store.names`."""
        query = "SELECT id, names FROM statements"
        if only is None:
            rows = self._rows(f"{query} ORDER BY id")
        else:
            rows = [row for name in only for row in self._rows(f"{query} WHERE id = ?", name)]
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
