"""What the panel beside the chat shows, as data for the scripts of the page."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answers.answer import Quote
from qa.answers.reading_order import reading_order
from web.page.chat.choices import choice_to_query
from web.page.chat.turns import BrowserState, Turn, questions_to_json
from web.page.elements import html_value
from web.page.statements import StatementList


def panel(turns: Sequence[Turn], statements: StatementList, state: BrowserState) -> str:
    """Return as JSON what the panel shows after the last of `turns`.

    - `event`: the number of the event that shows it; the page ignores an outdated one;
    - `list`, `statements`: a name for the list of statements, and the list itself without texts;
    - `show`: the id of the statement to show;
    - `quotes`, `near`: the quotes to highlight; of a refusal, which has none, the nearest sentence;
    - `link`, `within`: the question that a link to the page asks, and the statements it asks;
    - `asked`, `missing`: the questions for the browser to keep, and how many lack an answer.

    Args:
        turns: The turns. The last one is shown once it is answered.
        statements: The list of all statements.
        state: What the browser has. The same list of statements is not sent again.
    """
    answer = turns[-1].answer if turns else None
    cited = [quote.statement for quote in answer.ranked] if answer else []
    quotes = reading_order(answer.quotes) if answer else []
    nearest = answer.nearest[:1] if answer and not quotes else ()
    data = {
        "event": state.event,
        "list": statements.name,
        "statements": None if statements.name == state.statement_list else statements.rows,
        "show": cited[0] if cited else statements.first_shown,
        "quotes": [_place(quote) for quote in quotes],
        "near": [_place(quote) for quote in nearest],
        "link": answer.searched if answer else "",
        "within": choice_to_query(turns[-1].within) if answer else [],
        "asked": questions_to_json(turns),
        "missing": sum(turn.answer is None for turn in turns),
    }
    return html_value(data)


def _place(quote: Quote) -> tuple[str, int, int]:
    return (quote.statement, quote.start, quote.end)
