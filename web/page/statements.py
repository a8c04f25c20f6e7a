"""Statements as data for the panel beside the chat, and the route that the page gets them from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Response

from corpus.characters.markup import markup_spans
from corpus.library import bundled_paths
from corpus.records import Provenance, Statement
from index.search.stored_statements import StatementSummary
from qa.answers.answer import Answer
from qa.assistant import Assistant
from qa.examples.offered import OfferedQuestions
from qa.rendering.descriptions import title
from qa.rendering.messages import LANGUAGES, section
from qa.rendering.names import day_text, parties_text, statement_name, status_text
from web.errors import error_reply
from web.gate import Gate

Summaries = Mapping[str, StatementSummary]  # by the id of the statement
_MAX_KEPT = 4096  # statements whose row is kept


def document(statement: Statement) -> dict[str, Any]:
    """Return a statement as data, from which `statement.js` makes text nodes.

    A sentence is `[start, end, pieces, gap]`. The pieces are its text; the first one and every
    second one after it are words, those between are mark-up such as `**`. The gap is the text
    before the next sentence. The offsets are code points of the source. The page compares them and
    does not count with them.
    """
    text, document = statement.source.text, statement.source.document
    passages = []
    for passage in statement.passages:
        ends = [sentence.start for sentence in passage.sentences[1:]] + [passage.span.end]
        sentences = [
            [sentence.start, sentence.end, _pieces(sentence.of(text)), text[sentence.end : end]]
            for sentence, end in zip(passage.sentences, ends, strict=True)
        ]
        passages.append(
            {
                "id": passage.id,
                "kind": passage.kind,
                "marker": passage.marker,
                "sentences": sentences,
                "pages": document.details.map.pages(passage.span) if document else (),
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


def _pieces(sentence: str) -> list[str]:
    """Return a sentence in pieces: words and mark-up in turn, words at both ends."""
    bounds = [bound for mark in markup_spans(sentence) for bound in (mark.start, mark.end)]
    return [sentence[start:end] for start, end in pairwise([0, *bounds, len(sentence)])]


@dataclass(frozen=True, slots=True)
class StatementList:
    """The statements to choose from.

    Attributes:
        rows: What the page shows of each, without its text, the newest first.
        name: A name for the list. Another list has another name.
    """

    rows: Sequence[Mapping[str, Any]]
    name: str

    @classmethod
    def of(cls, summaries: Summaries) -> StatementList:
        """Make the list of some statements."""
        made = [
            {
                **_row(summary.id, summary.provenance),
                "passages": summary.passages,
                "sha256": summary.sha256,
            }
            for summary in summaries.values()
        ]
        rows = sorted(made, key=lambda row: row["date"], reverse=True)
        return cls(rows, hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16])

    @property
    def first_shown(self) -> str | None:
        """The id of the statement to begin with, if it is the only one; of several, none is."""
        return self.rows[0]["id"] if len(self.rows) == 1 else None


class StatementLists:
    """Makes the list of statements, and keeps it until a statement changes.

    Every answer needs it, and to make it takes a second where there are ten thousand statements.
    """

    def __init__(self) -> None:
        self._kept: tuple[Summaries, StatementList] | None = None

    def of(self, summaries: Summaries) -> StatementList:
        """Return the list of some statements. The same object means the same statements."""
        kept = self._kept  # another thread may replace it meanwhile
        if kept is None or kept[0] is not summaries:
            self._kept = kept = summaries, StatementList.of(summaries)
        return kept[1]


@lru_cache(_MAX_KEPT)
def _row(statement: str, provenance: Provenance) -> dict[str, Any]:
    """Return what the list says of a statement. It is kept, since each change makes a new list."""
    return {
        "id": statement,
        "date": provenance.date,
        "language": provenance.language,
        **{
            language: {
                "title": title(provenance, language) or title(provenance, "en") or statement,
                "name": statement_name(statement, provenance, language),
                "day": day_text(provenance.date, language),
                "parties": parties_text(provenance.parties, language),
                "status": status_text(provenance, language),
            }
            for language in LANGUAGES
        },
    }


@cache
def bundled_ids() -> frozenset[str]:
    """Return the ids of the statements that ship."""
    return frozenset(path.stem for path in bundled_paths())


def router(assistant: Assistant, gate: Gate) -> APIRouter:
    """Return the routes that the page asks itself.

    `/statement` gives a statement that is shown, `/examples` the questions to begin with.

    Args:
        assistant: Has the statements, and answers the examples.
        gate: Gives out the turns of questions. Examples give way to those of users.
    """
    routes = APIRouter()

    def ask(question: str) -> Answer:
        with gate.patient_turn():
            return assistant.ask(question)

    offered = OfferedQuestions(assistant, ask)

    @routes.get("/examples", include_in_schema=False)
    def examples(language: Literal["en", "ja"]) -> list[str]:
        return offered.of(language)

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
