"""What the source panel shows, as data for the scripts of the page."""

from __future__ import annotations

import json
from collections.abc import Sequence

from qa.answer import Quote
from qa.assistant import Assistant
from qa.ordering import reading_order
from qa.rendering import citations
from web.markup import target
from web.statements import first, listed
from web.turns import Turn, to_json


def panel(turns: Sequence[Turn], assistant: Assistant) -> str:
    """What the source panel shows after the last of `turns`, as JSON.

    The statements there are, without their texts, and which of them to show; the quotes to
    highlight, the first of them in view; of a refusal, which has none, the nearest sentence; each
    quote of all turns as it is copied; the questions for the browser to keep, and how many have no
    answer yet; and the question that a link to the page asks.

    Args:
        turns: The last of them is the one to show, once it is answered.
        assistant: Gives the statements.

    Raises:
        ShuttenError: A statement that is cited was removed.
    """
    about = assistant.statement
    answers = [turn.answer for turn in turns if turn.answer]
    shown = [(answer, quote) for answer in answers for quote in answer.quotes or answer.nearest]
    last = turns[-1].answer if turns else None
    cited = [quote.statement for quote in last.ranked] if last else []
    quotes = reading_order(last.quotes) if last else []
    near = last.nearest[:1] if last and not quotes else ()
    data = {
        "statements": listed(assistant),
        "show": cited[0] if cited else first(assistant),
        "quotes": [_span(one) for one in quotes],
        "near": [_span(one) for one in near],
        "copies": {
            target(one): citations(one, about(one.statement).provenance, answer.language)
            for answer, one in shown
        },
        "link": last.searched if last else "",
        "asked": to_json(turns),
        "missing": len(turns) - len(answers),
    }
    # gr.HTML looks for tags in its value; there shall be none, whatever the source says.
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _span(quote: Quote) -> tuple[str, int, int]:
    return (quote.statement, quote.start, quote.end)
