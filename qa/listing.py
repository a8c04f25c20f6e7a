"""Rows of lists of statements, for readers and programs."""

from __future__ import annotations

from typing import Any

from corpus.formats.encodings import display_name, is_guessed
from corpus.records import Source, Statement


def statement_row(statement: Statement) -> dict[str, Any]:
    """Return the JSON object of a statement in a list of statements.

    `shutten index list --json`, `GET /statements` and the MCP tools give it.
    """
    source, provenance = statement.source, statement.provenance
    return {
        "id": statement.id,
        "title": provenance.title,
        "title_en": provenance.title_en,
        "date": provenance.date,
        "language": provenance.language,
        "status": provenance.status,
        "parties": list(provenance.parties),
        "number": provenance.number,
        "kind": provenance.kind,
        "passages": len(statement.passages),
        "sha256": source.sha256,
        "encoding": source.encoding,
        "encoding_guessed": is_guessed(source.data, source.encoding),
    }


def encoding_note(source: Source) -> str:
    """Return a note on the encoding of a file if it was guessed; otherwise an empty text."""
    if not is_guessed(source.data, source.encoding):
        return ""
    return f"read as {display_name(source.encoding)} (guessed)"
