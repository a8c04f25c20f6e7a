"""What a data folder holds: statements, passages, sentences, words and embeddings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

import numpy as np

from corpus.errors import ShuttenError
from corpus.records import Passage, Provenance, Source, Span, Statement
from index import lexical, schema
from index.background import BackgroundTokens, Common
from index.database import Database
from index.encoder import Floats, Ints
from index.interaction import Halves

MAX_INTRODUCTION = 600  # code points; the model reads about 500 tokens at once


@dataclass(frozen=True, slots=True)
class Embedding:
    """A wording as search knows it; see the table `embeddings`."""

    vector: Floats
    tokens: Halves
    spans: Ints
    background: float


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """A passage or sentence row and the key of its embedding."""

    row: int
    embedding: str


class DamagedError(ShuttenError):
    """The stored bytes of a statement were changed after it was added."""


def wording_key(wording: str, introduction: str = "") -> str:
    """The key of an embedding: sha256 of the wording, and of what it is read after."""
    text = f"{introduction}\0{wording}" if introduction else wording
    return _sha256(text.encode("utf-8", "surrogatepass"))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def introduction(statement: Statement, passage: Passage) -> str:
    """What a passage is read after, as a search key: its parent bullet, unless that is too long."""
    parent = statement.parent(passage)
    joined = f"{parent.of(statement.source.text)} " if parent else ""
    return joined if len(joined) <= MAX_INTRODUCTION else ""


class Store(Database):
    """Reads and writes the tables of a data folder; see `Database` for who may do so when."""

    # -- statements ---------------------------------------------------------------------------

    def statement_ids(self) -> list[str]:
        """Ids of all statements, in order of their names."""
        return [row[0] for row in self._all("SELECT id FROM statements ORDER BY id")]

    def origin(self, statement: str) -> str | None:
        """The path a statement was added from."""
        row = self._one("SELECT origin FROM statements WHERE id = ?", statement)
        return str(row[0]) if row else None

    def is_intact(self, statement: str) -> bool:
        """Whether the stored bytes of a statement are those of the file that was added."""
        row = self._one("SELECT data, sha256 FROM statements WHERE id = ?", statement)
        return row is not None and _sha256(row[0]) == row[1]

    def recorded_sha256(self, statement: str) -> str | None:
        """The checksum that was taken when a statement was added."""
        row = self._one("SELECT sha256 FROM statements WHERE id = ?", statement)
        return str(row[0]) if row else None

    def statement(self, statement: str) -> Statement:
        """A statement as it was parsed when it was added.

        Raises:
            ShuttenError: There is none of that id, or its bytes are not those that were added: a
                quote from them would be a misquote.
        """
        row = self._one(
            "SELECT data, encoding, provenance, sha256, origin FROM statements WHERE id = ?",
            statement,
        )
        if row is None:
            known = ", ".join(self.statement_ids()) or "none"
            raise ShuttenError(f"there is no statement {statement!r}; there are: {known}")
        data, encoding, provenance, recorded, origin = row
        if _sha256(data) != recorded:
            raise DamagedError(
                f"{self.path}: the text of {statement!r} is not the one that was added (its "
                f"sha256 differs); add the file again: `shutten index add --id {statement} "
                f"{origin or 'FILE'}`"
            )
        facts = json.loads(provenance)
        facts["issuers"] = tuple(facts["issuers"])
        passages = tuple(self._passages(statement))
        return Statement(Source(statement, data, encoding), Provenance(**facts), passages)

    def put_statement(self, statement: Statement, origin: str) -> None:
        """Add a statement, or put it in the place of the one with its id."""
        self.remove_statement(statement.id)
        source = statement.source
        facts = json.dumps(asdict(statement.provenance), ensure_ascii=False)
        self._connection.execute(
            "INSERT INTO statements VALUES (?, ?, ?, ?, ?, ?)",
            (source.id, source.data, source.encoding, source.sha256, origin, facts),
        )
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

    def _passages(self, statement: str) -> Iterator[Passage]:
        sentences: dict[int, list[Span]] = {}
        for passage, start, end in self._all(
            'SELECT s.passage, s.start, s."end" FROM sentences s JOIN passages p'
            " ON p.row = s.passage WHERE p.statement = ? ORDER BY s.row",
            statement,
        ):
            sentences.setdefault(passage, []).append(Span(start, end))
        for row, id_, kind, start, end, marker, section, number, parent, lead_in in self._all(
            'SELECT row, id, kind, start, "end", marker, section, number, parent, lead_in'
            " FROM passages WHERE statement = ? ORDER BY row",
            statement,
        ):
            yield Passage(
                *(id_, kind, Span(start, end), tuple(sentences.get(row, ())), marker, section),
                *(tuple(json.loads(number)), parent, lead_in),
            )

    # -- units and embeddings -----------------------------------------------------------------

    def units(self, table: str, column: str = "embedding") -> list[StoredUnit]:
        """Every row of `passages` or `sentences` in order, with an embedding's key."""
        rows = self._all(f"SELECT row, {column} FROM {table} ORDER BY row")
        return [StoredUnit(row, key) for row, key in rows]

    def places(self) -> list[tuple[int, int, int]]:
        """(passage row, start, end) of every sentence, in the order of `units`."""
        return self._all('SELECT passage, start, "end" FROM sentences ORDER BY row')

    def unplaced(self) -> list[tuple[int, int, int, str]]:
        """Sentences not yet placed: row, start and end within the passage, its introduced key."""
        return self._all(
            'SELECT s.row, s.start - p.start, s."end" - p.start, p.introduced FROM sentences s'
            " JOIN passages p ON p.row = s.passage WHERE s.first_token IS NULL ORDER BY s.row"
        )

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
            "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?, ?, ?)",
            (
                *(key, embedding.vector.tobytes(), embedding.tokens.tobytes()),
                *(embedding.spans.tobytes(), embedding.background),
            ),
        )

    def embeddings(self, keys: Iterable[str]) -> Iterator[Embedding]:
        """The embeddings of `keys`, in their order."""
        for key in keys:
            row = self._one(
                "SELECT vector, tokens, spans, background FROM embeddings WHERE wording = ?", key
            )
            if row is None:
                raise ShuttenError(
                    f"{self.path}: an embedding is missing; run `shutten index rebuild`"
                )
            width = len(row[0]) // 4
            if not width or len(row[0]) % 4 or len(row[1]) * 4 != len(row[2]) * width:
                raise ShuttenError(
                    f"{self.path}: an embedding is damaged; run `shutten index rebuild`"
                )
            vector = np.frombuffer(row[0], np.float32)
            tokens = np.frombuffer(row[1], np.float16).reshape(-1, len(vector))
            spans = np.frombuffer(row[2], np.int32).reshape(-1, 2)
            yield Embedding(vector, tokens, spans, row[3])

    def put_background(self, read: BackgroundTokens) -> None:
        """Keep the background questions as the model read them."""
        self._connection.execute("DELETE FROM background")
        common, tokens = read.common, read.tokens.astype(np.float16)
        parts = (common.centre, common.languages, tokens, read.weights)
        values = [part.tobytes() for part in parts]
        self._connection.execute("INSERT INTO background VALUES (?, ?, ?, ?)", values)

    def background(self) -> BackgroundTokens:
        """What `put_background` kept."""
        row = self._one("SELECT centre, languages, tokens, weights FROM background")
        if row is None:
            raise ShuttenError(f"{self.path}: it is incomplete; run `shutten index rebuild`")
        centre = np.frombuffer(row[0], np.float32)
        languages = np.frombuffer(row[1], np.float32).reshape(-1, len(centre))
        tokens = np.frombuffer(row[2], np.float16).reshape(-1, len(centre)).astype(np.float32)
        weights = np.frombuffer(row[3], np.float32)
        return BackgroundTokens(tokens, weights, Common(centre, languages))

    def drop_unused_embeddings(self) -> None:
        """Forget embeddings of wordings that no statement holds any more."""
        self._connection.execute(
            "DELETE FROM embeddings WHERE wording NOT IN (SELECT embedding FROM passages)"
            " AND wording NOT IN (SELECT introduced FROM passages)"
            " AND wording NOT IN (SELECT embedding FROM sentences)"
        )

    def clear_embeddings(self) -> None:
        """Forget all embeddings."""
        self._connection.execute("DELETE FROM embeddings")

    def lexical(self, table: str, question: str, count: int) -> dict[int, float]:
        """Row of `passages` or `sentences` -> proportional BM25; see `index.lexical.search`."""
        return lexical.search(self._connection, schema.WORDS[table], question, count)

    def word_rows(self, words: str) -> list[int]:
        """The rows of a word table, ascending."""
        return self._rows(f"SELECT rowid FROM {words} ORDER BY rowid")
