"""The tables of passages, sentences and their words: statements as they were parsed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import ClassVar

from corpus.errors import ShuttenError
from corpus.records import Passage, Source, Span, Statement
from index.lexical import bm25
from index.lexical.bm25 import WordTableContents
from index.store import schema
from index.store.encoder_inputs import card_input, embedding_key, passage_input
from index.store.originals import Original, Originals
from index.store.schema import UnitTable
from index.store.sqlite_errors import readable_errors


class Statements(Originals):
    """The tables `passages` and `sentences`, and the word tables of both.

    They hold what parsing found in each statement. Only databases of this version are opened.
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
        original = self.original(statement)
        self.require_intact(original)
        part = "encoding"
        try:
            source = original.source()
            part = "provenance"
            provenance = original.parse_provenance()
            part = "list of passages"
            passages = tuple(self._passages(source))
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise self.inconsistency(f"the {part} of {statement!r} is damaged ({error})") from error
        return Statement(source, provenance, passages)

    def put_statement(self, statement: Statement, origin: str) -> None:
        """Store a statement, in the place of the one with the same id if there is one.

        Args:
            statement: The statement.
            origin: The path that it is added from.
        """
        self.remove_statement(statement.id)
        self.put_original(Original.of(statement, origin))
        self._connection.execute(
            "INSERT INTO cards VALUES (?, ?)", (statement.id, card_input(statement).key)
        )
        for passage in statement.passages:
            self._put_passage(statement, passage)

    def remove_statement(self, statement: str) -> bool:
        """Remove a statement and return whether it existed. Its embeddings stay."""
        passages = self._column("SELECT row FROM passages WHERE statement = ?", statement)
        for passage in passages:
            sentences = self._column("SELECT row FROM sentences WHERE passage = ?", passage)
            bm25.remove(self._connection, schema.WORD_TABLES["sentences"], sentences)
        bm25.remove(self._connection, schema.WORD_TABLES["passages"], passages)
        self._connection.execute(
            "DELETE FROM sentences WHERE passage IN (SELECT row FROM passages WHERE statement = ?)",
            (statement,),
        )
        self._connection.execute("DELETE FROM passages WHERE statement = ?", (statement,))
        self._connection.execute("DELETE FROM cards WHERE statement = ?", (statement,))
        cursor = self._connection.execute("DELETE FROM statements WHERE id = ?", (statement,))
        return cursor.rowcount > 0

    def _put_passage(self, statement: Statement, passage: Passage) -> None:
        with_context = passage_input(statement, passage)
        cursor = self._connection.execute(
            'INSERT INTO passages(statement, id, kind, start, "end", marker, section, number,'
            " parent, lead_in, embedding, introduced)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(statement.id, passage.id, passage.kind, passage.span.start, passage.span.end),
                *(passage.marker, passage.section, json.dumps(passage.number), passage.parent),
                *(passage.lead_in, embedding_key(with_context.text), with_context.key),
            ),
        )
        row = int(cursor.lastrowid or 0)
        bm25.add(self._connection, schema.WORD_TABLES["passages"], [(row, with_context.text)])
        for sentence in passage.sentences:
            self._put_sentence(row, sentence, sentence.of(statement.source.text))

    def _put_sentence(self, passage_row: int, sentence: Span, text: str) -> None:
        cursor = self._connection.execute(
            'INSERT INTO sentences(passage, start, "end", embedding) VALUES (?, ?, ?, ?)',
            (passage_row, sentence.start, sentence.end, embedding_key(text)),
        )
        row = int(cursor.lastrowid or 0)
        bm25.add(self._connection, schema.WORD_TABLES["sentences"], [(row, text)])

    def _passages(self, source: Source) -> Iterator[Passage]:
        """Yield the passages of a text.

        Raises:
            ValueError: A span does not fit the text that was embedded.
        """
        sentences: dict[int, list[Span]] = {}
        for passage_row, *stored_span in self._rows(
            'SELECT s.passage, s.start, s."end", s.embedding FROM sentences s JOIN passages p'
            " ON p.row = s.passage WHERE p.statement = ? ORDER BY s.row",
            source.id,
        ):
            sentences.setdefault(passage_row, []).append(_checked_span(source.text, *stored_span))
        for row, id_, kind, marker, section, number, parent, lead_in, *stored_span in self._rows(
            'SELECT row, id, kind, marker, section, number, parent, lead_in, start, "end",'
            " embedding FROM passages WHERE statement = ? ORDER BY row",
            source.id,
        ):
            span, within = _checked_span(source.text, *stored_span), tuple(sentences.get(row, ()))
            if not within or not all(map(span.holds, within)):
                raise ValueError(f"passage {id_} does not hold its sentences")
            numbers = tuple(json.loads(number))
            yield Passage(id_, kind, span, within, marker, section, numbers, parent, lead_in)

    # -- words --------------------------------------------------------------------------------

    def word_scores(self, table: UnitTable, question: str, count: int) -> dict[int, float]:
        """Return the proportional BM25 of rows of `passages` or `sentences`; see `bm25.search`."""
        return bm25.search(self._connection, schema.WORD_TABLES[table], question, count)

    def word_table_contents(self, table: UnitTable) -> WordTableContents:
        """Return all that is stored about the words of `passages` or `sentences`."""
        with readable_errors(self.path):
            return bm25.contents(self._connection, schema.WORD_TABLES[table])


def _checked_span(text: str, start: int, end: int, key: str) -> Span:
    """Return a stored span after comparing its text with the key of its embedding."""
    span = Span(start, end)
    if embedding_key(span.of(text)) != key:
        raise ValueError(f"{start}:{end} are other words than those that were embedded")
    return span
