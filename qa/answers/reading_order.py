"""The order in which quotes are read, which is not always that of their rank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qa.answers.answer import Quote

_LIST = 3  # quotes of one list make the answer a list; two are two answers


def reading_order(quotes: Sequence[Quote]) -> list[Quote]:
    """Quotes as they are shown: best first, but a list in the order of its text.

    Where three or more quotes are bullets of one list, they stand together, in the order of the
    text, at the place of the best of them. `Answer.quotes` and its JSON stay in order of rank.

    Args:
        quotes: Best first.
    """
    sizes = Counter(map(_list, quotes))
    shown: list[Quote] = []
    for quote in quotes:
        name = _list(quote)
        if not name or sizes[name] < _LIST:
            shown.append(quote)
        elif quote not in shown:
            shown += sorted((one for one in quotes if _list(one) == name), key=_start)
    return shown


def _list(quote: Quote) -> tuple[str, int] | None:
    """Which list a quote is of, if any."""
    of_list = quote.place.kind in ("bullet", "item")
    return (quote.statement, quote.place.section) if of_list else None


def _start(quote: Quote) -> int:
    return quote.start
