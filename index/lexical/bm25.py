"""Word search with BM25 in SQLite's FTS5, scaled to 0..1 so that it can be mixed in proportion."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from typing import Any

from index.lexical.terms import search_terms

Contents = list[list[tuple[Any, ...]]]

_K1 = 1.2  # FTS5's own constant


def create(connection: sqlite3.Connection, table: str) -> None:
    """Create an empty word table; its row ids are the caller's."""
    # Terms are cut already: the tokenizer only has to keep them whole, marks included.
    tokenizer = "unicode61 remove_diacritics 0 categories ''L* N* M* Co''"
    connection.execute(f"CREATE VIRTUAL TABLE {table} USING fts5(terms, tokenize = '{tokenizer}')")
    connection.execute(f"CREATE VIRTUAL TABLE {table}_df USING fts5vocab({table}, row)")


def add(connection: sqlite3.Connection, table: str, rows: Iterable[tuple[int, str]]) -> None:
    """Add (row id, text) pairs."""
    connection.executemany(
        f"INSERT INTO {table}(rowid, terms) VALUES (?, ?)",
        ((row, " ".join(search_terms(text))) for row, text in rows),
    )


def remove(connection: sqlite3.Connection, table: str, rows: Iterable[int]) -> None:
    """Remove rows by id."""
    connection.executemany(f"DELETE FROM {table} WHERE rowid = ?", ((row,) for row in rows))


def contents(connection: sqlite3.Connection, table: str) -> Contents:
    """All that a word table holds: its texts, the lengths that BM25 counts with, where words stand.

    Two tables with the same contents find the same, whatever was added and removed before.
    """
    connection.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{table}_places"
        f" USING fts5vocab(main, {table}, instance)"
    )
    queries = (
        f"SELECT rowid, terms FROM {table} ORDER BY rowid",
        f"SELECT id, sz FROM {table}_docsize ORDER BY id",
        # How many there are, and how long in all; what a table that was emptied says is no matter.
        f"SELECT block FROM {table}_data WHERE id = 1 AND EXISTS (SELECT 1 FROM {table}_docsize)",
        f"SELECT term, doc, offset FROM temp.{table}_places ORDER BY term, doc, offset",
    )
    return [connection.execute(query).fetchall() for query in queries]


def expected(table: str, rows: Iterable[tuple[int, str]]) -> Contents:
    """The contents of a word table with these (row id, text) pairs."""
    with closing(sqlite3.connect(":memory:")) as connection:
        create(connection, table)
        add(connection, table, rows)
        return contents(connection, table)


def search(
    connection: sqlite3.Connection, table: str, question: str, count: int
) -> dict[int, float]:
    """BM25 of the best `count` rows, as a share of the most the question could have scored.

    The most is the sum over its terms of idf * (k1 + 1), a term the table does not know counting
    with the highest idf; so a question that shares one common word scores near 0 however short
    the list of rows is.
    """
    terms = search_terms(question)
    if not terms:
        return {}
    (total,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    marks = ",".join("?" * len(set(terms)))
    known = dict(
        connection.execute(
            f"SELECT term, doc FROM {table}_df WHERE term IN ({marks})", list(set(terms))
        )
    )
    most = sum(_idf(known.get(term, 0), total) for term in terms) * (_K1 + 1)
    expression = " OR ".join(f'"{term}"' for term in terms if term in known)
    if not expression:
        return {}
    rows = connection.execute(
        f"SELECT rowid, -bm25({table}) AS score FROM {table} WHERE {table} MATCH ?"
        " ORDER BY score DESC LIMIT ?",
        (expression, count),
    )
    return {row: score / most for row, score in rows}


def _idf(documents: int, total: int) -> float:
    """As FTS5 computes it: Robertson's idf, never below a trifle."""
    return max(math.log((total - documents + 0.5) / (documents + 0.5)), 1e-6)
