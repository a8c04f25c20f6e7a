"""The tables of the database."""

from __future__ import annotations

import sqlite3
from contextlib import closing

# Raise it when a table changes, or when other words or passages are stored for the same statement.
SCHEMA_VERSION = 9
# Their table `statements` has the same columns, so they can be rebuilt.
OLDER_VERSIONS = ("1", "2", "3", "4", "5", "6", "7", "8")

_TABLES = """
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE statements (
    row INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again; segments name statements by it
    id TEXT NOT NULL UNIQUE,
    data BLOB NOT NULL,           -- the text, byte for byte
    encoding TEXT NOT NULL,
    sha256 TEXT NOT NULL,         -- of the text
    origin TEXT NOT NULL,         -- the path it was added from
    provenance TEXT NOT NULL,     -- JSON
    card BLOB,                    -- key of the card, see `card_text`
    names TEXT                    -- JSON, see `index.names`
);
CREATE TABLE documents (          -- the files that texts were read from, see `Document`
    statement INTEGER PRIMARY KEY REFERENCES statements(row),
    format TEXT NOT NULL,
    sha256 TEXT NOT NULL,         -- of the file
    reader TEXT NOT NULL,
    details BLOB NOT NULL,        -- see `Details.to_bytes`
    file BLOB                     -- the file, byte for byte; NULL if it is not kept
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    statement INTEGER NOT NULL REFERENCES statements(row),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    marker TEXT NOT NULL,
    section INTEGER NOT NULL,
    number TEXT NOT NULL,         -- JSON
    parent TEXT,
    lead_in TEXT,
    sentences BLOB NOT NULL,      -- u32 (n, 2), code points of the passage
    wording BLOB NOT NULL         -- key of the passage with its context, see `EncoderInput`
);
CREATE INDEX passages_of_statement ON passages(statement);
CREATE INDEX passages_by_wording ON passages(wording);
CREATE TABLE segments (           -- the files of the index, see `index.store.segments`
    name TEXT PRIMARY KEY,
    first_row INTEGER NOT NULL,   -- the lowest row of its passages
    passages INTEGER NOT NULL,
    size INTEGER NOT NULL,        -- bytes
    checksum TEXT NOT NULL        -- BLAKE2b of the file, in hexadecimal digits
) WITHOUT ROWID;
CREATE TABLE background (         -- one row, see `BackgroundTokens`
    centre BLOB NOT NULL,         -- f32 (dimension,), the mean token vector
    languages BLOB NOT NULL,      -- f32 (n, dimension), directions in which languages differ
    tokens BLOB NOT NULL,         -- f16 (n, dimension), centred
    weights BLOB NOT NULL         -- f32 (n,), how much each token counts
);
"""


def create_tables(connection: sqlite3.Connection) -> None:
    """Create all tables, in the transaction of the caller."""
    for statement in _TABLES.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('schema', ?)", (str(SCHEMA_VERSION),))


def columns(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Return (table, column) of all columns of a database."""
    query = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
    return set(connection.execute(query))


def missing_columns(present: set[tuple[str, str]]) -> list[str]:
    """Return the columns that a database should have but does not, as `table.column`."""
    with closing(sqlite3.connect(":memory:")) as connection:
        create_tables(connection)
        return [f"{table}.{column}" for table, column in sorted(columns(connection) - present)]
