"""The tables of the database that is the truth."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from index.lexical import bm25

# Raise it when a table changes, or what is kept of the same statement: its words, its passages.
SCHEMA_VERSION = 4
OLDER = ("1", "2", "3")  # their statements are stored alike, and can be read anew

_TABLES = """
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE statements (
    id TEXT PRIMARY KEY,
    data BLOB NOT NULL,           -- the file, byte for byte
    encoding TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    origin TEXT NOT NULL,         -- the path it was added from
    provenance TEXT NOT NULL      -- JSON
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY,
    statement TEXT NOT NULL REFERENCES statements(id),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    marker TEXT NOT NULL,
    section INTEGER NOT NULL,
    number TEXT NOT NULL,         -- JSON
    parent TEXT,
    lead_in TEXT,
    embedding TEXT NOT NULL,      -- sha256 of the wording
    introduced TEXT NOT NULL,     -- the same, read after the bullet it hangs from
    UNIQUE (statement, id)
);
CREATE TABLE sentences (
    row INTEGER PRIMARY KEY,
    passage INTEGER NOT NULL REFERENCES passages(row),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    embedding TEXT NOT NULL,
    first_token INTEGER,          -- its tokens within those of its passage
    last_token INTEGER,
    background REAL               -- mean MaxSim of these over the background questions
);
CREATE INDEX sentences_of_passage ON sentences(passage);
CREATE TABLE background (         -- one row: the tokens of the background questions
    centre BLOB NOT NULL,         -- f32 (dimension,), their mean
    languages BLOB NOT NULL,      -- f32 (n, dimension), directions in which languages differ
    tokens BLOB NOT NULL,         -- f16 (n, dimension), centred
    weights BLOB NOT NULL         -- f32 (n,), how much each counts
);
CREATE TABLE embeddings (
    wording TEXT PRIMARY KEY,     -- sha256, see `wording_key`
    vector BLOB NOT NULL,         -- f32 (dimension,)
    tokens BLOB NOT NULL,         -- f16 (n, dimension), centred
    spans BLOB NOT NULL,          -- i32 (n, 2), code points of the wording
    background REAL NOT NULL      -- mean MaxSim over the background questions
) WITHOUT ROWID;
"""

WORDS = {"passages": "passage_words", "sentences": "sentence_words"}


def create(connection: sqlite3.Connection) -> None:
    """Create every table, in the caller's transaction."""
    for statement in _TABLES.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    for table in WORDS.values():
        bm25.create(connection, table)
    connection.execute("INSERT INTO meta VALUES ('schema', ?)", (str(SCHEMA_VERSION),))


def columns(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """(table, column) of all that a database has."""
    query = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
    return set(connection.execute(query))


def missing(present: set[tuple[str, str]]) -> list[str]:
    """The columns that a database should have and has not."""
    with closing(sqlite3.connect(":memory:")) as connection:
        create(connection)
        return [f"{table}.{column}" for table, column in sorted(columns(connection) - present)]
