"""A statement as JSON, in which one process gives it to another."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import Any, get_args

from corpus.documents import Document, Format
from corpus.records import LIST_FACTS, Passage, PassageKind, Provenance, Source, Span, Statement


def statement_to_json(statement: Statement) -> dict[str, Any]:
    """Return a statement as JSON, with its bytes and all that was found in it."""
    source = statement.source
    return {
        "id": source.id,
        "data": base64.b64encode(source.data).decode(),
        "encoding": source.encoding,
        "document": _document_to_json(source.document) if source.document else None,
        "provenance": asdict(statement.provenance),
        "passages": [_passage_to_json(passage) for passage in statement.passages],
    }


def statement_from_json(row: Any) -> Statement:
    """Return the statement that `statement_to_json` wrote.

    Raises:
        ValueError: It is no statement, for example because a hostile file took the process over.
    """
    try:
        document = row["document"]
        source = Source(
            str(row["id"]),
            base64.b64decode(row["data"], validate=True),
            str(row["encoding"]),
            _document_from_json(document) if document else None,
        )
        if source.document:
            _ = source.document.details  # raises an error if they are damaged
        facts = dict(row["provenance"])
        facts |= {name: tuple(facts[name]) for name in LIST_FACTS}
        passages = tuple(_passage_from_json(source.text, *each) for each in row["passages"])
        return Statement(source, Provenance(**facts), passages)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise ValueError(f"no statement ({error})") from error


def _document_to_json(document: Document) -> list[str]:
    packed = base64.b64encode(document.packed).decode()
    return [document.format, document.sha256, document.reader, packed]


def _document_from_json(row: list[str]) -> Document:
    format_, sha256, reader, packed = row
    if format_ not in get_args(Format):
        raise ValueError("no format of a document")
    return Document(format_, sha256, reader, base64.b64decode(packed, validate=True))  # type: ignore[arg-type]


def _passage_to_json(passage: Passage) -> list[Any]:
    return [
        passage.id,
        passage.kind,
        [passage.span.start, passage.span.end],
        [[sentence.start, sentence.end] for sentence in passage.sentences],
        passage.marker,
        passage.section,
        passage.number,
        passage.parent,
        passage.lead_in,
    ]


def _passage_from_json(
    text: str,
    name: str,
    kind: PassageKind,
    span: list[int],
    sentences: list[list[int]],
    marker: str,
    section: int,
    number: list[int],
    parent: str | None,
    lead_in: str | None,
) -> Passage:
    passage = Passage(
        name,
        kind,
        Span(*span),
        tuple(Span(*sentence) for sentence in sentences),
        marker,
        section,
        tuple(number),
        parent,
        lead_in,
    )
    holds_sentences = all(map(passage.span.holds, passage.sentences))
    if kind not in get_args(PassageKind) or not (passage.sentences and holds_sentences):
        raise ValueError("no passage")
    if passage.span.end > len(text):
        raise ValueError("a passage beyond the text")
    return passage
