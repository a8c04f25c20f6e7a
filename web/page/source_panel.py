"""What the panel beside the chat shows, as data for the scripts of the page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from corpus.records import Statement
from qa.answers.answer import Quote
from qa.answers.reading_order import reading_order
from web.page.chat.choices import choice_to_query
from web.page.chat.turns import BrowserState, Turn, questions_to_json
from web.page.elements import html_value
from web.page.statements import first_shown, statement_rows


def panel(turns: Sequence[Turn], statements: Mapping[str, Statement], state: BrowserState) -> str:
    """Return as JSON what the panel shows after the last of `turns`.

    - `event`: the number of the event that shows it; the page ignores an outdated one;
    - `list`, `statements`: a name for the list of statements, and the list itself without texts;
    - `show`: the id of the statement to show;
    - `quotes`, `near`: the quotes to highlight; of a refusal, which has none, the nearest sentence;
    - `link`, `within`: the question that a link to the page asks, and the statements it asks;
    - `asked`, `missing`: the questions for the browser to keep, and how many lack an answer.

    Args:
        turns: The turns. The last one is shown once it is answered.
        statements: All statements, by id.
        state: What the browser has. The same list of statements is not sent again.
    """
    answer = turns[-1].answer if turns else None
    cited = [quote.statement for quote in answer.ranked] if answer else []
    quotes = reading_order(answer.quotes) if answer else []
    nearest = answer.nearest[:1] if answer and not quotes else ()
    rows = statement_rows(statements.values())
    name = list_name(rows)
    data = {
        "event": state.event,
        "list": name,
        "statements": None if name == state.statement_list else rows,
        "show": cited[0] if cited else first_shown(rows),
        "quotes": [_place(quote) for quote in quotes],
        "near": [_place(quote) for quote in nearest],
        "link": answer.searched if answer else "",
        "within": choice_to_query(turns[-1].within) if answer else [],
        "asked": questions_to_json(turns),
        "missing": sum(turn.answer is None for turn in turns),
    }
    return html_value(data)


def list_name(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return a name for a list of statements. Another list has another name."""
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def _place(quote: Quote) -> tuple[str, int, int]:
    return (quote.statement, quote.start, quote.end)
