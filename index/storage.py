"""The data folder: one SQLite database that is the truth, and a lock for whoever writes."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from corpus.errors import ShuttenError
from corpus.records import Passage, Provenance, Source, Span, Statement
from index import lexical, schema
from index.encoder import Floats, Ints
from index.interaction import Halves

LOCK_SECONDS = 600.0


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


def wording_key(wording: str) -> str:
    """The key of an embedding: sha256 of the wording alone."""
    return hashlib.sha256(wording.encode("utf-8", "surrogatepass")).hexdigest()


def data_home(home: Path | None = None) -> Path:
    """The data folder: the one given, else `SHUTTEN_HOME`, else the user's data directory."""
    if home is not None:
        if not str(home).strip():
            raise ShuttenError("--home is empty; give a folder")
        return home
    if given := os.environ.get("SHUTTEN_HOME"):
        return Path(given)
    import platformdirs

    return Path(platformdirs.user_data_dir("shutten", appauthor=False))


class Store:
    """Reads and writes the database. One instance a thread; processes may share the folder.

    Readers see the last committed state, whatever a writer does meanwhile (WAL). A writer that
    is killed leaves the state before it.
    """

    def __init__(self, home: Path) -> None:
        """Open the data folder, creating it when it is not there.

        Raises:
            ShuttenError: The folder cannot be written, the disk is full, the database is
                damaged, or it comes from a newer version.
        """
        self.home = home
        self.path = home / "shutten.db"
        with readable_errors(self.path):
            home.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                self.path, isolation_level=None, timeout=30, check_same_thread=False
            )
            self._prepare()

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        if not self._has_schema():
            with self.writing():
                if not self._has_schema():  # another process may have been first
                    schema.create(self._connection)
        version = self.meta("schema") or ""
        if version == str(schema.SCHEMA_VERSION):
            return
        if version.isdecimal() and int(version) > schema.SCHEMA_VERSION:
            raise ShuttenError(
                f"{self.path}: made by a newer Shutten (data version {version}, this one reads "
                f"{schema.SCHEMA_VERSION}); upgrade Shutten or choose another --home"
            )
        raise ShuttenError(
            f"{self.path}: not made by this Shutten (data version {version or 'unknown'}); "
            "move it away and add the statements again, or choose another --home"
        )

    def _has_schema(self) -> bool:
        found = self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'")
        return found.fetchone() is not None

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    @contextmanager
    def writing(self, wait: float = LOCK_SECONDS) -> Iterator[None]:
        """Hold the folder's lock and one transaction; all of it is kept, or nothing.

        Args:
            wait: Seconds to wait for another writer.

        Raises:
            ShuttenError: Another process is still writing after `wait` seconds.
        """
        lock = FileLock(self.home / "write.lock")
        with readable_errors(self.path):
            try:
                lock.acquire(timeout=wait)
            except Timeout:
                raise ShuttenError(
                    f"{self.home}: another process has been writing for over {wait:.0f} s; "
                    "try again when it is done"
                ) from None
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield
                except BaseException:
                    if self._connection.in_transaction:  # a full disk rolls back by itself
                        self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            finally:
                lock.release()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See one committed state throughout, whatever other processes commit meanwhile."""
        with readable_errors(self.path):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("COMMIT")

    # -- settings -----------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """A stored setting, or None."""
        row = self._one("SELECT value FROM meta WHERE key = ?", key)
        return str(row[0]) if row else None

    def set_meta(self, key: str, value: str) -> None:
        """Store a setting."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # -- statements ---------------------------------------------------------------------------

    def statement_ids(self) -> list[str]:
        """Ids of all statements, in order of their names."""
        return [row[0] for row in self._all("SELECT id FROM statements ORDER BY id")]

    def origin(self, statement: str) -> str | None:
        """The path a statement was added from."""
        row = self._one("SELECT origin FROM statements WHERE id = ?", statement)
        return str(row[0]) if row else None

    def recorded_sha256(self, statement: str) -> str | None:
        """The checksum that was taken when a statement was added."""
        row = self._one("SELECT sha256 FROM statements WHERE id = ?", statement)
        return str(row[0]) if row else None

    def statement(self, statement: str) -> Statement:
        """A statement as it was parsed when it was added.

        Raises:
            ShuttenError: There is none of that id.
        """
        row = self._one("SELECT data, encoding, provenance FROM statements WHERE id = ?", statement)
        if row is None:
            known = ", ".join(self.statement_ids()) or "none"
            raise ShuttenError(f"no statement {statement!r} in {self.home}; there are: {known}")
        data, encoding, provenance = row
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
            self._put_passage(source, passage)

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

    def _put_passage(self, source: Source, passage: Passage) -> None:
        wording = passage.span.of(source.text)
        number = json.dumps(passage.number)
        cursor = self._connection.execute(
            'INSERT INTO passages(statement, id, kind, start, "end", marker, section, number,'
            " parent, lead_in, embedding) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(source.id, passage.id, passage.kind, passage.span.start, passage.span.end),
                *(passage.marker, passage.section, number, passage.parent, passage.lead_in),
                wording_key(wording),
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

    def units(self, table: str) -> list[StoredUnit]:
        """Every row of `passages` or `sentences` in order, with its embedding's key."""
        rows = self._all(f"SELECT row, embedding FROM {table} ORDER BY row")
        return [StoredUnit(row, key) for row, key in rows]

    def places(self) -> list[tuple[str, int, int, int]]:
        """(statement, passage row, start, end) of every sentence, in the order of `units`."""
        return self._all(
            'SELECT p.statement, p.row, s.start, s."end" FROM sentences s'
            " JOIN passages p ON p.row = s.passage ORDER BY s.row"
        )

    def unplaced(self) -> list[tuple[int, int, int, str]]:
        """Sentences not yet placed: row, start and end within the passage, passage embedding."""
        return self._all(
            'SELECT s.row, s.start - p.start, s."end" - p.start, p.embedding FROM sentences s'
            " JOIN passages p ON p.row = s.passage WHERE s.first_token IS NULL ORDER BY s.row"
        )

    def place(self, sentence: int, first: int, last: int, background: float) -> None:
        """Say which of its passage's tokens are a sentence's, and what they score for anything."""
        self._connection.execute(
            "UPDATE sentences SET first_token = ?, last_token = ?, context_background = ?"
            " WHERE row = ?",
            (first, last, background, sentence),
        )

    def contexts(self) -> list[tuple[int, int, int, float]]:
        """(passage row, first token, last token, background) of every sentence, in order."""
        return self._all(
            "SELECT passage, first_token, last_token, context_background FROM sentences"
            " ORDER BY row"
        )

    def passage_ids(self) -> dict[int, tuple[str, str]]:
        """Passage row -> (statement, passage id)."""
        rows = self._all("SELECT row, statement, id FROM passages")
        return {row: (statement, passage) for row, statement, passage in rows}

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
            if not row[0] or len(row[0]) % 4 or len(row[1]) % (len(row[0]) // 2):
                raise ShuttenError(
                    f"{self.path}: an embedding is damaged; run `shutten index rebuild`"
                )
            vector = np.frombuffer(row[0], np.float32)
            tokens = np.frombuffer(row[1], np.float16).reshape(-1, len(vector))
            spans = np.frombuffer(row[2], np.int32).reshape(-1, 2)
            yield Embedding(vector, tokens, spans, row[3])

    def put_background(self, centre: Floats, tokens: Halves) -> None:
        """Keep the background questions: their centre and centred token vectors."""
        self._connection.execute("DELETE FROM background")
        values = (centre.tobytes(), tokens.tobytes())
        self._connection.execute("INSERT INTO background VALUES (?, ?)", values)

    def background(self) -> tuple[Floats, Halves]:
        """What `put_background` kept: f32 (dimension,) and f16 (n, dimension)."""
        row = self._one("SELECT centre, tokens FROM background")
        if row is None:
            raise ShuttenError(f"{self.path}: it is incomplete; run `shutten index rebuild`")
        centre = np.frombuffer(row[0], np.float32)
        return centre, np.frombuffer(row[1], np.float16).reshape(-1, len(centre))

    def drop_unused_embeddings(self) -> None:
        """Forget embeddings of wordings that no statement holds any more."""
        self._connection.execute(
            "DELETE FROM embeddings WHERE wording NOT IN (SELECT embedding FROM passages)"
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

    def integrity(self) -> str:
        """SQLite's own verdict on the file: `ok`, or what is wrong."""
        row = self._one("PRAGMA integrity_check")
        return str(row[0]) if row else "no answer"

    def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        with closing(self._connection.execute(query, values)) as cursor:
            row: tuple[Any, ...] | None = cursor.fetchone()
            return row

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values).fetchall()

    def _rows(self, query: str, *values: object) -> list[int]:
        return [row[0] for row in self._all(query, *values)]


@contextmanager
def readable_errors(path: Path) -> Iterator[None]:
    """Turn what the disk and SQLite may say into one line that names the place."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        message = str(error)
        if "full" in message:
            advice = "the disk is full; free some space and run it again, nothing was changed"
        elif "readonly" in message or "unable to open" in message:
            advice = "it cannot be written; check its permissions or choose another --home"
        elif "locked" in message:
            advice = "another process is busy with it; try again"
        elif "malformed" in message or "not a database" in message:
            advice = "the file is damaged; move it away and add the statements again"
        elif "disk I/O" in message:
            advice = "the disk is full or failing; free some space, nothing was changed"
        else:
            advice = "it is no data of this Shutten; choose another --home"
        raise ShuttenError(f"{path}: {advice} ({message})") from error
    except UnicodeEncodeError as error:
        raise ShuttenError(f"{path}: a name has broken characters; choose another") from error
    except OSError as error:
        if isinstance(error, FileExistsError):
            raise ShuttenError(f"{error.filename}: is a file; --home must be a folder") from error
        raise ShuttenError(
            f"{error.filename or path}: {error.strerror or error}; check free space and "
            "permissions, or choose another --home; nothing was changed"
        ) from error
