"""What the source panel shows, as data for the scripts of the page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from qa.answers.answer import Quote
from qa.answers.reading_order import reading_order
from qa.assistant import Assistant
from web.page.chat.messages import as_value
from web.page.chat.turns import Turn, to_json
from web.page.statements import first, listed


def panel(turns: Sequence[Turn], assistant: Assistant, known: str = "") -> str:
    """What the source panel shows after the last of `turns`, as JSON.

    The statements there are, without their texts, and which of them to show; the quotes to
    highlight, the first of them in view; of a refusal, which has none, the nearest sentence; the
    questions for the browser to keep, and how many have no answer yet; and the question that a
    link to the page asks.

    Args:
        turns: The last of them is the one to show, once it is answered.
        assistant: Gives the statements.
        known: The list of statements that the browser has, as it was named to it; the same list
            is not sent again.
    """
    last = turns[-1].answer if turns else None
    cited = [quote.statement for quote in last.ranked] if last else []
    quotes = reading_order(last.quotes) if last else []
    near = last.nearest[:1] if last and not quotes else ()
    rows = listed(assistant)
    name = hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]
    data = {
        "list": name,
        "statements": None if name == known else rows,
        "show": cited[0] if cited else first(rows),
        "quotes": [_span(one) for one in quotes],
        "near": [_span(one) for one in near],
        "link": last.searched if last else "",
        "asked": to_json(turns),
        "missing": sum(turn.answer is None for turn in turns),
    }
    return as_value(data)


def _span(quote: Quote) -> tuple[str, int, int]:
    return (quote.statement, quote.start, quote.end)
