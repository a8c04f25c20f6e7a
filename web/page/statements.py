"""Statements as data for the panel beside the chat, and the route that the page gets them from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response

from corpus.library import bundled_paths
from corpus.records import Statement
from qa.assistant import Assistant
from qa.rendering.messages import section
from web.errors import error_reply


def document(statement: Statement) -> dict[str, Any]:
    """Return a statement as data, from which `statement.js` makes text nodes.

    A sentence is `[start, end, text, gap]`, where the gap is the text before the next sentence.
    The offsets are code points of the source. The page compares them and does not count with them.
    """
    text = statement.source.text
    passages = []
    for passage in statement.passages:
        ends = [sentence.start for sentence in passage.sentences[1:]] + [passage.span.end]
        sentences = [
            [sentence.start, sentence.end, sentence.of(text), text[sentence.end : end]]
            for sentence, end in zip(passage.sentences, ends, strict=True)
        ]
        passages.append(
            {
                "id": passage.id,
                "kind": passage.kind,
                "marker": passage.marker,
                "sentences": sentences,
            }
        )
    provenance = statement.provenance
    note = section("statuses").get(provenance.status, {})
    return {
        "language": provenance.language,
        "title": provenance.title,
        "about": {**asdict(provenance), "note": note},
        "passages": passages,
    }


def statement_rows(statements: Iterable[Statement]) -> list[dict[str, str]]:
    """Return the statements to choose from, without their texts, the newest first."""
    rows = [
        {
            "id": statement.id,
            "title": statement.provenance.title or statement.provenance.title_en or statement.id,
            "title_en": statement.provenance.title_en or statement.provenance.title or statement.id,
            "date": statement.provenance.date,
            "language": statement.provenance.language,
            "sha256": statement.source.sha256,
        }
        for statement in statements
    ]
    return sorted(rows, key=lambda row: row["date"], reverse=True)


def first_shown(rows: Sequence[Mapping[str, str]]) -> str | None:
    """Return the id of the statement to begin with: a bundled one, or else the newest.

    The questions that the page offers are about the bundled statements.

    Args:
        rows: The statements to choose from; see `statement_rows`.
    """
    names = [row["id"] for row in rows]
    bundled = bundled_ids()
    return next((name for name in names if name in bundled), names[0] if names else None)


@cache
def bundled_ids() -> frozenset[str]:
    """Return the ids of the statements that ship."""
    return frozenset(path.stem for path in bundled_paths())


def router(assistant: Assistant) -> APIRouter:
    """Return the route `/statement`, which the page asks once for each statement it shows."""
    routes = APIRouter()

    @routes.get("/statement", include_in_schema=False)
    def statement(
        name: Annotated[str, Query(alias="id")],
        cached_tag: Annotated[str | None, Header(alias="If-None-Match")] = None,
    ) -> Response:
        if name not in assistant.statement_ids():
            return error_reply(404, "there is no such statement here")
        content = json.dumps(document(assistant.statement(name)), ensure_ascii=False)
        data = content.encode("utf-8", "surrogatepass")
        # A browser keeps the text, and asks whether it is still the same.
        tag = f'"{hashlib.sha256(data).hexdigest()}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if cached_tag == tag:
            return Response(status_code=304, headers=headers)
        return Response(data, headers=headers, media_type="application/json")

    return routes
