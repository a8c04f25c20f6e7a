"""Statements as they were parsed: their passages, sentences and words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import ClassVar

from corpus.errors import ShuttenError
from corpus.records import Passage, Source, Span, Statement
from index.lexical import bm25
from index.store import schema
from index.store.originals import Original, Originals
from index.store.wordings import context_before, wording_key


class Statements(Originals):
    """A data folder of this version, and the tables that hold what its statements consist of."""

    any_version: ClassVar[bool] = False

    def unsound(self, what: str) -> ShuttenError:
        """The error that something made from the originals is not as it was made."""
        return ShuttenError(f"{self.path}: {what}; run `shutten index rebuild`")

    def statement(self, statement: str) -> Statement:
        """A statement as it was parsed when it was added.

        Raises:
            DamagedError: Its bytes are not those that were added.
            ShuttenError: There is none of that id, or what was recorded of it cannot be read.
        """
        original = self.intact(statement)
        part = "encoding"
        try:
            source = original.source()
            part = "provenance"
            facts = original.facts()
            part = "list of passages"
            passages = tuple(self._passages(source))
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise self.unsound(f"the {part} of {statement!r} is damaged ({error})") from error
        return Statement(source, facts, passages)

    def put_statement(self, statement: Statement, origin: str) -> None:
        """Add a statement, or put it in the place of the one with its id."""
        self.remove_statement(statement.id)
        self.keep(Original.of(statement, origin))
        for passage in statement.passages:
            self._put_passage(statement, passage)

    def remove_statement(self, statement: str) -> bool:
        """Remove a statement; its embeddings stay until `drop_unused_embeddings`."""
        passages = self._rows("SELECT row FROM passages WHERE statement = ?", statement)
        for passage in passages:
            sentences = self._rows("SELECT row FROM sentences WHERE passage = ?", passage)
            bm25.remove(self._connection, schema.WORDS["sentences"], sentences)
        bm25.remove(self._connection, schema.WORDS["passages"], passages)
        self._connection.execute(
            "DELETE FROM sentences WHERE passage IN (SELECT row FROM passages WHERE statement = ?)",
            (statement,),
        )
        self._connection.execute("DELETE FROM passages WHERE statement = ?", (statement,))
        cursor = self._connection.execute("DELETE FROM statements WHERE id = ?", (statement,))
        return cursor.rowcount > 0

    def _put_passage(self, statement: Statement, passage: Passage) -> None:
        source = statement.source
        before = context_before(statement, passage)
        wording = passage.span.of(source.text)
        number = json.dumps(passage.number)
        cursor = self._connection.execute(
            'INSERT INTO passages(statement, id, kind, start, "end", marker, section, number,'
            " parent, lead_in, embedding, introduced)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(source.id, passage.id, passage.kind, passage.span.start, passage.span.end),
                *(passage.marker, passage.section, number, passage.parent, passage.lead_in),
                *(wording_key(wording), wording_key(wording, before)),
            ),
        )
        row = int(cursor.lastrowid or 0)
        bm25.add(self._connection, schema.WORDS["passages"], [(row, wording)])
        for sentence in passage.sentences:
            wording = sentence.of(source.text)
            cursor = self._connection.execute(
                'INSERT INTO sentences(passage, start, "end", embedding) VALUES (?, ?, ?, ?)',
                (row, sentence.start, sentence.end, wording_key(wording)),
            )
            words = [(int(cursor.lastrowid or 0), wording)]
            bm25.add(self._connection, schema.WORDS["sentences"], words)

    def _passages(self, source: Source) -> Iterator[Passage]:
        """The passages of a text.

        Raises:
            ValueError: A span is not that of the words it was recorded for.
        """
        sentences: dict[int, list[Span]] = {}
        for passage, *place in self._all(
            'SELECT s.passage, s.start, s."end", s.embedding FROM sentences s JOIN passages p'
            " ON p.row = s.passage WHERE p.statement = ? ORDER BY s.row",
            source.id,
        ):
            sentences.setdefault(passage, []).append(_span(source.text, *place))
        for row, id_, kind, marker, section, number, parent, lead_in, *place in self._all(
            'SELECT row, id, kind, marker, section, number, parent, lead_in, start, "end",'
            " embedding FROM passages WHERE statement = ? ORDER BY row",
            source.id,
        ):
            span, within = _span(source.text, *place), tuple(sentences.get(row, ()))
            if not within or not all(map(span.holds, within)):
                raise ValueError(f"passage {id_} does not hold its sentences")
            numbers = tuple(json.loads(number))
            yield Passage(id_, kind, span, within, marker, section, numbers, parent, lead_in)

    def is_empty(self) -> bool:
        """Whether there is nothing to search."""
        return self._one("SELECT 1 FROM passages LIMIT 1") is None


def _span(text: str, start: int, end: int, key: str) -> Span:
    """A stored span of a text, which gives the words that were embedded."""
    span = Span(start, end)
    if wording_key(span.of(text)) != key:
        raise ValueError(f"{start}:{end} are other words than those that were embedded")
    return span
