"""The names of HTML elements by kind; see `elements.json`."""

from __future__ import annotations

from functools import cache

from corpus.tables import read_table


@cache
def elements(kind: str) -> frozenset[str]:
    """Return the names of the elements of a kind, such as `blocks`."""
    return frozenset(read_table(__package__, "elements.json")[kind])
