"""A question that asks for a list gets the whole list, item by item.

The items of one list often share few words with the question, while the sentence that introduces
them matches it well: "We will take the following steps:". So that sentence brings its items along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from corpus.records import Passage, Span, Statement
from qa.answers.answer import Quote

# The sentence that introduces the list is among so many best quotes.
_BEST = 3
_FEWEST_ITEMS = 2
# How a sentence ends or speaks that introduces the list below it.
_INTRODUCES = re.compile(r"[:：][\s*_]*\Z|以下|次の|下記|如下|下列|다음|아래")


def with_list_items(
    quotes: Sequence[Quote], statement: Callable[[str], Statement], most: int
) -> tuple[Quote, ...]:
    """Return the quotes with the items of the list that one of the best of them introduces.

    The items stand directly after the sentence that introduces them, in the order of the text. Each
    is quoted whole.

    Args:
        quotes: The quotes, best first.
        statement: Returns the statement with an id.
        most: The largest number of quotes to return.
    """
    for place, quote in enumerate(quotes[:_BEST]):
        items = _items(quote, statement(quote.statement))
        if len(items) >= _FEWEST_ITEMS:
            others = [other for other in quotes[place + 1 :] if not _is_in(other, items)]
            return (*quotes[: place + 1], *items, *others)[:most]
    return tuple(quotes)


def _items(quote: Quote, statement: Statement) -> list[Quote]:
    """Return the items of the list that the end of a quote introduces."""
    introduction = statement.passage(quote.passage)
    if quote.end != introduction.sentences[-1].end:
        return []
    leads_in = bool(_INTRODUCES.search(quote.text))
    return [
        Quote.of(statement, passage, _whole(passage), quote.score)
        for passage in statement.passages
        if passage.parent == introduction.id
        or (leads_in and passage.kind == "bullet" and passage.lead_in == introduction.id)
    ]


def _whole(passage: Passage) -> Span:
    return Span(passage.sentences[0].start, passage.sentences[-1].end)


def _is_in(quote: Quote, items: Sequence[Quote]) -> bool:
    return any((quote.statement, quote.passage) == (item.statement, item.passage) for item in items)
