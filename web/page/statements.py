"""Statements as data for the source panel, and the route the page fetches them from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response

from corpus.library import bundled_paths
from corpus.records import Statement
from qa.assistant import Assistant
from web.page.strings import TABLE


def document(statement: Statement) -> dict[str, Any]:
    """A statement as data for the source panel, which `statement.js` turns into text nodes.

    Sentences are `[start, end, text, gap]`, the gap being what stands before the next one.
    Offsets stay code points of the source: the page compares them and never counts with them.
    """
    text = statement.source.text
    passages = []
    for passage in statement.passages:
        ends = [one.start for one in passage.sentences[1:]] + [passage.span.end]
        sentences = [
            [one.start, one.end, one.of(text), text[one.end : end]]
            for one, end in zip(passage.sentences, ends, strict=True)
        ]
        passages.append(
            {
                "id": passage.id,
                "kind": passage.kind,
                "marker": passage.marker,
                "sentences": sentences,
            }
        )
    about = statement.provenance
    return {
        "language": about.language,
        "title": about.title,
        "about": {**asdict(about), "note": TABLE["statuses"].get(about.status, {})},
        "passages": passages,
    }


def listed(assistant: Assistant) -> list[dict[str, str]]:
    """What there is to choose from, the newest first; without the texts."""
    statements = [assistant.statement(one) for one in assistant.statement_ids()]
    rows = [
        {
            "id": one.id,
            "title": one.provenance.title or one.provenance.title_en or one.id,
            "title_en": one.provenance.title_en or one.provenance.title or one.id,
            "date": one.provenance.date,
            "language": one.provenance.language,
            "sha256": one.source.sha256,
        }
        for one in statements
    ]
    return sorted(rows, key=lambda row: row["date"], reverse=True)


def first(rows: Sequence[Mapping[str, str]]) -> str | None:
    """The statement to begin with: one that the examples ask about, or else the newest.

    Args:
        rows: What there is to choose from; see `listed`.
    """
    known = [row["id"] for row in rows]
    return next((one for one in known if one in exemplary()), known[0] if known else None)


def exemplary() -> set[str]:
    """The statements that the examples ask about: those that ship."""
    return {path.stem for path in bundled_paths()}


def router(assistant: Assistant) -> APIRouter:
    """`/statement`, which the page asks once for every statement that it shows."""
    routes = APIRouter()

    @routes.get("/statement", include_in_schema=False)
    def statement(
        name: Annotated[str, Query(alias="id")],
        known: Annotated[str | None, Header(alias="If-None-Match")] = None,
    ) -> Response:
        if name not in assistant.statement_ids():
            error = json.dumps({"error": "there is no such statement here"})
            return Response(error, 404, media_type="application/json")
        found = document(assistant.statement(name))
        data = json.dumps(found, ensure_ascii=False).encode("utf-8", "surrogatepass")
        # A browser keeps the text, and asks whether it is still the same.
        tag = f'"{hashlib.sha256(data).hexdigest()}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if known == tag:
            return Response(status_code=304, headers=headers)
        return Response(data, headers=headers, media_type="application/json")

    return routes
