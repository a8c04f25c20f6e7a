"""What is searched: passages and sentences as units, their embeddings and their words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.late_interaction.background import BackgroundTokens
from index.lexical import bm25
from index.lexical.bm25 import Contents
from index.store import schema
from index.store.embeddings import Embedding
from index.store.sqlite_errors import readable_errors
from index.store.statements import Statements


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """A passage or sentence row and the key of its embedding."""

    row: int
    embedding: str


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a sentence stands in its passage.

    Attributes:
        row: Of the sentence.
        start: In code points of the passage.
        end: One past its last one.
        introduced: The key of the passage's embedding, read after what introduces it.
        tokens: The first of that embedding's tokens that is the sentence's, and one past the last;
            None where they are not known yet.
    """

    row: int
    start: int
    end: int
    introduced: str
    tokens: tuple[int, int] | None


class Store(Statements):
    """Reads and writes the tables of a data folder; see `Database` for who may do so when."""

    # -- units and embeddings -----------------------------------------------------------------

    def introduced(self, statement: str) -> list[str]:
        """Keys of the passages of a statement, each read after what introduces it."""
        query = "SELECT introduced FROM passages WHERE statement = ? ORDER BY row"
        return [row[0] for row in self._all(query, statement)]

    def units(self, table: str, column: str = "embedding") -> list[StoredUnit]:
        """Every row of `passages` or `sentences` in order, with an embedding's key."""
        rows = self._all(f"SELECT row, {column} FROM {table} ORDER BY row")
        return [StoredUnit(row, key) for row, key in rows]

    def spans(self, table: str) -> list[tuple[int, str, int, int]]:
        """(row, statement, start, end) of every row of `passages` or `sentences`, in order."""
        owner = "p.row = u.row" if table == "passages" else "p.row = u.passage"
        return self._all(
            f'SELECT u.row, p.statement, u.start, u."end" FROM {table} u'
            f" JOIN passages p ON {owner} ORDER BY u.row"
        )

    def places(self) -> list[tuple[int, int, int]]:
        """(passage row, start, end) of every sentence, in the order of `units`."""
        return self._all('SELECT passage, start, "end" FROM sentences ORDER BY row')

    def placings(self, *, missing: bool = False) -> list[Placing]:
        """Where each sentence stands in its passage, or only those whose tokens are not known."""
        rows = self._all(
            'SELECT s.row, s.start - p.start, s."end" - p.start, p.introduced, s.first_token,'
            " s.last_token FROM sentences s JOIN passages p ON p.row = s.passage"
            f"{' WHERE s.first_token IS NULL' if missing else ''} ORDER BY s.row"
        )
        return [
            Placing(row, start, end, key, None if None in (first, last) else (first, last))
            for row, start, end, key, first, last in rows
        ]

    def place(self, sentence: int, first: int, last: int, background: float) -> None:
        """Say which of its passage's tokens are a sentence's, and what they score for anything."""
        self._connection.execute(
            "UPDATE sentences SET first_token = ?, last_token = ?, background = ? WHERE row = ?",
            (first, last, background, sentence),
        )

    def contexts(self) -> list[tuple[int, int, int, float]]:
        """(passage row, first token, last token, background) of every sentence, in order."""
        return self._all(
            "SELECT passage, first_token, last_token, background FROM sentences ORDER BY row"
        )

    def passage_ids(self) -> dict[int, tuple[str, str]]:
        """Passage row -> (statement, passage id)."""
        rows = self._all("SELECT row, statement, id FROM passages")
        return {row: (statement, passage) for row, statement, passage in rows}

    def passage_starts(self) -> list[int]:
        """First code point of every passage, in the order of `units`."""
        return self._rows("SELECT start FROM passages ORDER BY row")

    def embedded(self) -> set[str]:
        """Keys of all embeddings."""
        return {row[0] for row in self._all("SELECT wording FROM embeddings")}

    def put_embedding(self, key: str, embedding: Embedding) -> None:
        """Store an embedding under the key of its wording."""
        self._connection.execute(
            "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?, ?, ?)", (key, *embedding.stored())
        )

    def embeddings(self, keys: Iterable[str]) -> Iterator[Embedding]:
        """The embeddings of `keys`, in their order.

        Raises:
            ShuttenError: One is missing or damaged.
        """
        (dimension,) = self._one("SELECT length(centre) / 4 FROM background") or (0,)
        for key in keys:
            row = self._one(
                "SELECT vector, tokens, spans, background FROM embeddings WHERE wording = ?", key
            )
            if row is None:
                raise self.unsound("an embedding is missing")
            try:
                yield Embedding.of(dimension, *row)
            except (ValueError, TypeError) as error:
                raise self.unsound("an embedding is damaged") from error

    def put_background(self, read: BackgroundTokens) -> None:
        """Keep the background questions as the model read them."""
        self._connection.execute("DELETE FROM background")
        self._connection.execute("INSERT INTO background VALUES (?, ?, ?, ?)", read.to_row())

    def background(self) -> BackgroundTokens:
        """What `put_background` kept.

        Raises:
            ShuttenError: It is missing or damaged.
        """
        rows = self._all("SELECT centre, languages, tokens, weights FROM background")
        try:
            (row,) = rows
            return BackgroundTokens.from_row(*row)
        except (ValueError, TypeError) as error:
            raise self.unsound("the background questions are damaged") from error

    def drop_unused_embeddings(self) -> None:
        """Forget embeddings of wordings that no statement holds any more."""
        self._connection.execute(
            "DELETE FROM embeddings WHERE wording NOT IN (SELECT embedding FROM passages)"
            " AND wording NOT IN (SELECT introduced FROM passages)"
            " AND wording NOT IN (SELECT embedding FROM sentences)"
        )

    # -- words --------------------------------------------------------------------------------

    def lexical(self, table: str, question: str, count: int) -> dict[int, float]:
        """Map rows of `passages` or `sentences` to their BM25 shares; see `bm25.search`."""
        return bm25.search(self._connection, schema.WORDS[table], question, count)

    def words(self, table: str) -> Contents:
        """All that is stored of the words of `passages` or `sentences`."""
        with readable_errors(self.path):
            return bm25.contents(self._connection, schema.WORDS[table])
