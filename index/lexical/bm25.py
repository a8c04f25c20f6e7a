"""BM25 in SQLite's FTS5, scaled to 0..1 so that it can be added to other scores.

A word table is an FTS5 table. Its rows have the numbers of the passages or sentences they belong
to, and their search terms as text.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from typing import Any

from index.lexical.terms import search_terms

WordTableContents = list[list[tuple[Any, ...]]]

_K1 = 1.2  # the constant of BM25 in FTS5


def create(connection: sqlite3.Connection, table: str) -> None:
    """Create an empty word table, and the table of its document frequencies."""
    # The texts are search terms already. The tokenizer only separates them at spaces, and must not
    # remove marks.
    tokenizer = "unicode61 remove_diacritics 0 categories ''L* N* M* Co''"
    connection.execute(f"CREATE VIRTUAL TABLE {table} USING fts5(terms, tokenize = '{tokenizer}')")
    connection.execute(f"CREATE VIRTUAL TABLE {table}_df USING fts5vocab({table}, row)")


def add(connection: sqlite3.Connection, table: str, rows: Iterable[tuple[int, str]]) -> None:
    """Add rows, each as (row number, text)."""
    connection.executemany(
        f"INSERT INTO {table}(rowid, terms) VALUES (?, ?)",
        ((row, " ".join(search_terms(text))) for row, text in rows),
    )


def remove(connection: sqlite3.Connection, table: str, rows: Iterable[int]) -> None:
    """Remove rows by number."""
    connection.executemany(f"DELETE FROM {table} WHERE rowid = ?", ((row,) for row in rows))


def contents(connection: sqlite3.Connection, table: str) -> WordTableContents:
    """Return everything that the results of a search in a word table depend on.

    It does not depend on what was added and removed before. The changes must be committed.

    Returns:
        The terms of each row, the length of each row, the total length, and the positions of each
        term.
    """
    connection.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{table}_places"
        f" USING fts5vocab(main, {table}, instance)"
    )
    queries = (
        f"SELECT rowid, terms FROM {table} ORDER BY rowid",
        f"SELECT id, sz FROM {table}_docsize ORDER BY id",
        # The number of rows and their total length. In an empty table it depends on the past.
        f"SELECT block FROM {table}_data WHERE id = 1 AND EXISTS (SELECT 1 FROM {table}_docsize)",
        f"SELECT term, doc, offset FROM temp.{table}_places ORDER BY term, doc, offset",
    )
    return [connection.execute(query).fetchall() for query in queries]


def expected_contents(table: str, rows: Iterable[tuple[int, str]]) -> WordTableContents:
    """Return the contents of a new word table with these rows, each as (row number, text)."""
    with closing(sqlite3.connect(":memory:")) as connection:
        create(connection, table)
        add(connection, table, rows)
        return contents(connection, table)


def search(
    connection: sqlite3.Connection, table: str, question: str, count: int
) -> dict[int, float]:
    """Find the best rows for a question by their words.

    The score of a row is its BM25 as a share of the highest BM25 that is possible for the question:
    the sum of idf * (k1 + 1) over the terms of the question. A term that stands in no row has the
    highest idf. So a question that shares only one common word with a row scores near 0.

    Args:
        connection: The database.
        table: The word table.
        question: The question.
        count: How many rows to return at most.

    Returns:
        The score of each row, 0..1, best first. Rows without a term of the question are left out.
    """
    terms = search_terms(question)
    if not terms:
        return {}
    (total,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    marks = ",".join("?" * len(set(terms)))
    frequencies = dict(
        connection.execute(
            f"SELECT term, doc FROM {table}_df WHERE term IN ({marks})", list(set(terms))
        )
    )
    highest = sum(_idf(frequencies.get(term, 0), total) for term in terms) * (_K1 + 1)
    expression = " OR ".join(f'"{term}"' for term in terms if term in frequencies)
    if not expression:
        return {}
    rows = connection.execute(
        f"SELECT rowid, -bm25({table}) AS score FROM {table} WHERE {table} MATCH ?"
        " ORDER BY score DESC LIMIT ?",
        (expression, count),
    )
    return {row: score / highest for row, score in rows}


def _idf(documents: int, total: int) -> float:
    """Return the idf of Robertson, never below 1e-6, as FTS5 computes it."""
    return max(math.log((total - documents + 0.5) / (documents + 0.5)), 1e-6)
