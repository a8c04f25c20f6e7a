"""What a data folder holds: statements, passages, sentences, words and embeddings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from corpus.errors import ShuttenError
from corpus.records import Passage, Source, Span, Statement
from index import lexical, schema
from index.background import BackgroundTokens
from index.connecting import readable_errors
from index.embedding import Embedding
from index.lexical import Contents
from index.originals import Original, Originals
from index.wordings import introduction, wording_key


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


class Store(Originals):
    """Reads and writes the tables of a data folder; see `Database` for who may do so when."""

    any_version: ClassVar[bool] = False

    def unsound(self, what: str) -> ShuttenError:
        """The error that something made from the originals is not as it was made."""
        return ShuttenError(f"{self.path}: {what}; run `shutten index rebuild`")

    # -- statements ---------------------------------------------------------------------------

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
            lexical.remove(self._connection, schema.WORDS["sentences"], sentences)
        lexical.remove(self._connection, schema.WORDS["passages"], passages)
        self._connection.execute(
            "DELETE FROM sentences WHERE passage IN (SELECT row FROM passages WHERE statement = ?)",
            (statement,),
        )
        self._connection.execute("DELETE FROM passages WHERE statement = ?", (statement,))
        cursor = self._connection.execute("DELETE FROM statements WHERE id = ?", (statement,))
        return cursor.rowcount > 0

    def _put_passage(self, statement: Statement, passage: Passage) -> None:
        source = statement.source
        before = introduction(statement, passage)
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
        lexical.add(self._connection, schema.WORDS["passages"], [(row, wording)])
        for sentence in passage.sentences:
            wording = sentence.of(source.text)
            cursor = self._connection.execute(
                'INSERT INTO sentences(passage, start, "end", embedding) VALUES (?, ?, ?, ?)',
                (row, sentence.start, sentence.end, wording_key(wording)),
            )
            words = [(int(cursor.lastrowid or 0), wording)]
            lexical.add(self._connection, schema.WORDS["sentences"], words)

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
        self._connection.execute("INSERT INTO background VALUES (?, ?, ?, ?)", read.stored())

    def background(self) -> BackgroundTokens:
        """What `put_background` kept.

        Raises:
            ShuttenError: It is missing or damaged.
        """
        rows = self._all("SELECT centre, languages, tokens, weights FROM background")
        try:
            (row,) = rows
            return BackgroundTokens.of(*row)
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
        """Row of `passages` or `sentences` -> proportional BM25; see `index.lexical.search`."""
        return lexical.search(self._connection, schema.WORDS[table], question, count)

    def words(self, table: str) -> Contents:
        """All that is stored of the words of `passages` or `sentences`."""
        with readable_errors(self.path):
            return lexical.contents(self._connection, schema.WORDS[table])


def _span(text: str, start: int, end: int, key: str) -> Span:
    """A stored span of a text, which gives the words that were embedded."""
    span = Span(start, end)
    if wording_key(span.of(text)) != key:
        raise ValueError(f"{start}:{end} are other words than those that were embedded")
    return span
