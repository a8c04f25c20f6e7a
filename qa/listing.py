"""Which statements there are, for people and programs."""

from __future__ import annotations

from typing import Any

from corpus.formats.encodings import display_name, is_guessed
from corpus.records import Source, Statement


def listed(statement: Statement) -> dict[str, Any]:
    """A statement as `shutten index list --json`, `GET /statements` and agents are told of it."""
    source, facts = statement.source, statement.provenance
    return {
        "id": statement.id,
        "title": facts.title,
        "title_en": facts.title_en,
        "date": facts.date,
        "language": facts.language,
        "status": facts.status,
        "passages": len(statement.passages),
        "sha256": source.sha256,
        "encoding": source.encoding,
        "encoding_guessed": is_guessed(source.data, source.encoding),
    }


def guessed_encoding(source: Source) -> str:
    """Says in which encoding a file was read when nothing but a guess tells; else empty."""
    if not is_guessed(source.data, source.encoding):
        return ""
    return f"read as {display_name(source.encoding)} (guessed)"
