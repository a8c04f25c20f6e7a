"""The order in which quotes are shown, which is not always that of their rank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from qa.answers.answer import Quote

_LIST_SIZE = 3  # quotes of one list that make the answer a list; two are two separate answers


def reading_order(quotes: Sequence[Quote]) -> list[Quote]:
    """Return quotes in the order in which the page shows them.

    The best quote comes first. But three or more quotes from one list stand together, in the order
    of the text, at the place of the best of them. `Answer.quotes` and its JSON stay in order of
    rank.

    Args:
        quotes: The quotes, best first.
    """
    sizes = Counter(map(_list_of, quotes))
    shown: list[Quote] = []
    for quote in quotes:
        list_id = _list_of(quote)
        if not list_id or sizes[list_id] < _LIST_SIZE:
            shown.append(quote)
        elif quote not in shown:
            same_list = (other for other in quotes if _list_of(other) == list_id)
            shown += sorted(same_list, key=lambda item: item.start)
    return shown


def by_statement(quotes: Sequence[Quote], dates: Mapping[str, str]) -> list[list[Quote]]:
    """Return quotes in groups of one statement each, the newest statement first.

    Statements without a date come last, and those of one date in the order of their best quotes.

    Args:
        quotes: The quotes in the order in which those of one statement are shown.
        dates: The date of each statement, `YYYY-MM-DD` or empty, by its id.
    """
    groups: dict[str, list[Quote]] = {}
    for quote in quotes:
        groups.setdefault(quote.statement, []).append(quote)
    return sorted(groups.values(), key=lambda group: dates[group[0].statement], reverse=True)


def _list_of(quote: Quote) -> tuple[str, int] | None:
    """Return the statement and the section of the list that a quote is from; None if it is none."""
    in_list = quote.place.kind in ("bullet", "item")
    return (quote.statement, quote.place.section) if in_list else None
