"""Statements as data for the source panel, which `statement.js` turns into text nodes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from corpus.records import Statement
from qa.answer import Answer, Quote
from qa.assistant import Assistant
from qa.ordering import reading_order
from qa.rendering import citations
from web.markup import target
from web.words import TABLE


def document(statement: Statement) -> dict[str, Any]:
    """A statement as data for the source panel.

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


def panel(answers: Sequence[Answer], assistant: Assistant, named: str = "") -> str:
    """What the source panel shows after the last of `answers`, as JSON.

    It holds every statement the answers cite, so that links in old turns need no server, and the
    quotes to highlight, the first of them in view; of a refusal, which has none, the nearest
    sentence; each quote as it is copied; and the question that a link to the page asks.

    Args:
        answers: The last of them is the one to show.
        assistant: Gives the statements.
        named: A statement to have there as well.

    Raises:
        ShuttenError: A statement that is cited was removed.
    """
    about = assistant.statement
    shown = [(answer, quote) for answer in answers for quote in answer.quotes or answer.nearest]
    cited = [quote.statement for answer in reversed(answers) for quote in answer.ranked]
    known = assistant.statement_ids()
    ids = list(dict.fromkeys(cited)) or known[:1]
    others = [named] if named in known else []
    quotes = reading_order(answers[-1].quotes) if answers else []
    near = answers[-1].nearest[:1] if answers and not quotes else ()
    data = {
        "documents": {one: document(assistant.statement(one)) for one in [*ids, *others]},
        "show": ids[0] if ids else None,
        "quotes": [_span(one) for one in quotes],
        "near": [_span(one) for one in near],
        "copies": {
            target(one): citations(one, about(one.statement).provenance, answer.language)
            for answer, one in shown
        },
        "link": answers[-1].searched if answers else "",
        "turns": len(answers),
    }
    # gr.HTML looks for tags in its value; there shall be none, whatever the source says.
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _span(quote: Quote) -> tuple[str, int, int]:
    return (quote.statement, quote.start, quote.end)
