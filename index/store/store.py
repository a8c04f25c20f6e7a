"""A data folder as a whole, and its rows in the order in which search counts them."""

from __future__ import annotations

from dataclasses import dataclass

from index.store.embeddings import Embeddings
from index.store.schema import UnitTable


@dataclass(frozen=True, slots=True)
class SentencePlace:
    """The place of a sentence in its passage.

    Attributes:
        row: The row of the sentence.
        start: The first code point, counted from the start of the passage.
        end: One past the last code point.
        passage_key: The key of the embedding of the passage, which was read with its context.
        tokens: The first token of that embedding that belongs to the sentence, and one past the
            last. None where the tokens are not stored yet.
    """

    row: int
    start: int
    end: int
    passage_key: str
    tokens: tuple[int, int] | None


class Store(Embeddings):
    """A data folder: all tables of its database.

    The methods of this class itself return the rows of passages and sentences as search needs them.
    A unit is one passage or one sentence. All lists are in the order of the rows.
    """

    def unit_rows(self, table: UnitTable) -> list[int]:
        """Return the rows of all units of a table."""
        return self._column(f"SELECT row FROM {table} ORDER BY row")

    def unit_keys(self, table: UnitTable) -> list[str]:
        """Return the keys of all units of a table, each read alone."""
        return self._column(f"SELECT embedding FROM {table} ORDER BY row")

    def all_context_keys(self) -> list[str]:
        """Return the keys of all passages, each read with its context."""
        return self._column("SELECT introduced FROM passages ORDER BY row")

    def card_keys(self) -> dict[str, str]:
        """Return the keys of the cards by the ids of the statements."""
        return dict(self._rows("SELECT statement, embedding FROM cards ORDER BY statement"))

    def context_keys(self, statement: str) -> list[str]:
        """Return the keys of the passages of a statement, each read with its context."""
        query = "SELECT introduced FROM passages WHERE statement = ? ORDER BY row"
        return self._column(query, statement)

    def unit_spans(self, table: UnitTable) -> list[tuple[int, str, int, int]]:
        """Return (row, statement id, start, end) of all units of a table."""
        join = "p.row = u.row" if table == "passages" else "p.row = u.passage"
        return self._rows(
            f'SELECT u.row, p.statement, u.start, u."end" FROM {table} u'
            f" JOIN passages p ON {join} ORDER BY u.row"
        )

    def passage_ids(self) -> dict[int, tuple[str, str]]:
        """Return (statement id, passage id) by the row of the passage."""
        rows = self._rows("SELECT row, statement, id FROM passages")
        return {row: (statement, passage) for row, statement, passage in rows}

    def passage_starts(self) -> list[int]:
        """Return the first code point of each passage."""
        return self._column("SELECT start FROM passages ORDER BY row")

    def sentence_spans(self) -> list[tuple[int, int, int]]:
        """Return (row of the passage, start, end) of all sentences."""
        return self._rows('SELECT passage, start, "end" FROM sentences ORDER BY row')

    def sentence_places(self, *, without_tokens: bool = False) -> list[SentencePlace]:
        """Return the places of all sentences in their passages.

        Args:
            without_tokens: Whether only the sentences are returned whose tokens are not stored yet.
        """
        rows = self._rows(
            'SELECT s.row, s.start - p.start, s."end" - p.start, p.introduced, s.first_token,'
            " s.last_token FROM sentences s JOIN passages p ON p.row = s.passage"
            f"{' WHERE s.first_token IS NULL' if without_tokens else ''} ORDER BY s.row"
        )
        return [
            SentencePlace(row, start, end, key, None if None in (first, last) else (first, last))
            for row, start, end, key, first, last in rows
        ]

    def put_sentence_tokens(
        self, sentence: int, tokens: tuple[int, int], background: float
    ) -> None:
        """Store which tokens of its passage belong to a sentence.

        Args:
            sentence: The row of the sentence.
            tokens: See `SentencePlace.tokens`.
            background: The mean MaxSim of these tokens over the background questions.
        """
        self._connection.execute(
            "UPDATE sentences SET first_token = ?, last_token = ?, background = ? WHERE row = ?",
            (*tokens, background, sentence),
        )

    def sentence_tokens(self) -> list[tuple[int, int, int, float]]:
        """Return (row of the passage, first token, one past the last, background) of all sentences.

        The last three are None where they are not stored yet. See `put_sentence_tokens`.
        """
        return self._rows(
            "SELECT passage, first_token, last_token, background FROM sentences ORDER BY row"
        )
