"""What a reader looks at before a file is kept: its facts, its passages, and what was cut."""

from __future__ import annotations

from typing import Any

from corpus.records import Passage, Statement
from qa.listing import cut_rows, document_note, document_row, source_note
from qa.rendering.messages import LANGUAGES
from qa.rendering.names import statement_name
from web.uploads.facts import fact_rows

MAX_PASSAGES, MAX_CUTS = 400, 400  # that are shown


def preview(statement: Statement) -> dict[str, Any]:
    """Return what was read of a file, as JSON."""
    source, facts = statement.source, statement.provenance
    document = source.document
    cuts = cut_rows(source)
    return {
        "name": {language: statement_name(statement.id, facts, language) for language in LANGUAGES},
        "facts": fact_rows(facts),
        "note": document_note(document) if document else source_note(source),
        "document": document_row(document) if document else None,
        "warnings": list(document.details.warnings) if document else [],
        "counts": {
            "passages": len(statement.passages),
            "sentences": sum(len(passage.sentences) for passage in statement.passages),
            "characters": len(source.text),
            "cuts": len(cuts),
        },
        "language": facts.language,
        "passages": [_passage(statement, each) for each in statement.passages[:MAX_PASSAGES]],
        "cuts": cuts[:MAX_CUTS],
    }


def _passage(statement: Statement, passage: Passage) -> dict[str, Any]:
    text, document = statement.source.text, statement.source.document
    return {
        "kind": passage.kind,
        "marker": passage.marker,
        "sentences": [sentence.of(text) for sentence in passage.sentences],
        "pages": document.details.map.pages(passage.span) if document else (),
    }
