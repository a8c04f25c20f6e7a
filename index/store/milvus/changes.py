"""Changes that are stored together: they are collected, and written when all are known."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from corpus.records import Passage, Statement
from index.late_interaction.background import BackgroundTokens
from index.lexical.postings import Postings
from index.names import Names
from index.store.encoder_inputs import card_input, passage_input
from index.store.milvus.catalogue import DocumentFacts, Record
from index.store.milvus.client import Row
from index.store.milvus.packing import Shape, chunks, pack_passage, to_text
from index.store.milvus.passages import key_of, long_kind
from index.store.milvus.schema import (
    LONGEST_ID,
    MOST_BYTES,
    MOST_PARTIES,
    NO_VECTOR,
    setting_key,
)
from index.store.milvus.words import NO_TERM, sparse_vector
from index.store.originals import Original
from index.store.passage_columns import to_columns
from index.store.values import NewStatement
from index.store.vectors.rounding import Rounded


@dataclass(slots=True)
class Changes:
    """What one block of `writing` changes.

    Attributes:
        new: Statements to store.
        removed: The ids of statements to remove.
        settings: Settings to store.
        origins: New paths of statements, by their ids.
        background: The background questions, if they are stored anew.
    """

    new: list[NewStatement] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    background: BackgroundTokens | None = None


@dataclass(frozen=True, slots=True)
class StatementRows:
    """The rows of one statement, for each collection.

    Attributes:
        row: Its number, which no other statement ever has.
        id: Its id.
        origin: The path that it is added from.
        passages: Rows for the collection of passages.
        vectors: Rows for the collection of vectors.
        rows: Rows for the collection of all else.
    """

    row: int
    id: str
    origin: str
    passages: list[Row]
    vectors: list[Row]
    rows: list[Row]

    @classmethod
    def of(cls, new: NewStatement, mean: float | None) -> StatementRows:
        """Make the rows of a statement that is to be stored.

        Args:
            new: The statement.
            mean: How many search terms a passage of the library has, on average; None where the
                server has no sparse vectors.
        """
        row = new_number()
        statement = new.statement
        facts = _facts(row, statement)
        passages: list[Row] = []
        vectors: list[Row] = []
        rows: list[Row] = []
        parts = zip(statement.passages, new.passages, new.terms, strict=True)
        for number, (passage, encoding, terms) in enumerate(parts):
            data = pack_passage(encoding, terms)
            text = to_text(data)
            if len(text) > MOST_BYTES:
                text = ""
                rows += blob_rows(long_kind(number), row, data)
            passages.append(
                {
                    **facts,
                    "key": key_of(row, number),
                    "wording": passage_input(statement, passage).key.hex(),
                    **_words(terms, mean),
                    "data": text,
                }
            )
            vectors += _vectors(facts, key_of(row, number), encoding.vectors)
        rows += _text_rows(row, new)
        return cls(row, statement.id, new.origin, passages, vectors, rows)


def new_number() -> int:
    """Return a number for a statement: later ones are higher, and no two are the same."""
    return time.time_ns() // 1000 << 10 | secrets.randbelow(1 << 10)


def other_row(key: str, kind: str, statement: int, number: int, data: str) -> Row:
    """Return a row of the collection that is not searched by vectors."""
    vector = [0.0] * NO_VECTOR
    return {
        "key": key,
        "kind": kind,
        "statement": statement,
        "number": number,
        "data": data,
        "vector": vector,
    }


def blob_rows(kind: str, statement: int, data: bytes) -> list[Row]:
    """Return the rows that hold some bytes of a statement."""
    return [
        other_row(f"{statement}.{kind}.{number}", kind, statement, number, text)
        for number, text in enumerate(chunks(data))
    ]


def statement_row(name: str, row: int, origin: str) -> Row:
    """Return the row by which a statement is there.

    Args:
        name: Its id.
        row: Its number.
        origin: The path that it was added from.
    """
    return other_row(_statement_key(name), "statement", row, 0, json.dumps(origin))


def removed_row(name: str) -> Row:
    """Return the row that takes the place of that of a statement, which is there no more."""
    return other_row(_statement_key(name), "removed", 0, 0, "")


def _statement_key(name: str) -> str:
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"statement.{digest}"


def setting_row(name: str, value: str) -> Row:
    """Return the row of a setting."""
    return other_row(setting_key(name), "meta", 0, 0, value)


def pending_row(row: int) -> Row:
    """Return the row that says that the rows of a statement may belong to nothing."""
    return other_row(f"pending.{row}", "pending", row, int(time.time()), "")


def _facts(row: int, statement: Statement) -> dict[str, Any]:
    provenance = statement.provenance
    name = statement.id.encode("utf-8", "replace")[:LONGEST_ID].decode("utf-8", "ignore")
    return {
        "statement": row,
        "id": name,
        "date": provenance.date,
        "language": provenance.language,
        "parties": list(provenance.parties[:MOST_PARTIES]),
    }


def _words(terms: Sequence[Sequence[str]], mean: float | None) -> Row:
    """Return the field for the words of a passage, or the one that stands in its place."""
    whole = [term for sentence in terms for term in sentence]
    if mean is None:
        return {"vector": [0.0] * NO_VECTOR}
    if not whole:
        return {"words": NO_TERM}
    return {"words": sparse_vector(Postings.of([whole]), len(whole), mean)}


def _vectors(facts: Row, key: str, vectors: Rounded) -> Iterator[Row]:
    for number, vector in enumerate(vectors.astype(np.float32).tolist()):
        yield {**facts, "key": f"{key}.{number}", "vector": vector}


def _text_rows(row: int, new: NewStatement) -> list[Row]:
    """Return the rows of the record, the text, the passages and the document of a statement."""
    statement, original = new.statement, Original.of(new.statement, new.origin)
    document = original.document
    record = Record(
        *(original.id, original.encoding, original.sha256, original.provenance),
        Names.of(statement).to_json(),
        card_input(statement).key.hex(),
        DocumentFacts(document.format, document.sha256, document.reader, new.file is not None)
        if document
        else None,
    )
    columns = json.dumps(list(map(_columns, statement.passages)))
    blobs = {
        "record": record.pack(Shape.of(new)),
        "text": original.data,
        "passages": columns.encode("ascii"),
    }
    if document:
        blobs["details"] = document.packed
        if new.file is not None:
            blobs["file"] = new.file
    return [each for kind, data in blobs.items() for each in blob_rows(kind, row, data)]


def _columns(passage: Passage) -> list[Any]:
    *columns, sentences = to_columns(passage)
    return [*columns, sentences.hex()]
