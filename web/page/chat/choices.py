"""The statements that were chosen to be asked: in the browser, in an address, and for a turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from corpus.errors import ShuttenError
from qa.scope.filters import Within

# So many statements can be chosen to be asked, because each question keeps its choice.
MAX_CHOSEN = 30
ANYWHERE, EVERYTHING = Within(), Within(by_name=False)


def choice_from_browser(value: Any) -> Within:
    """Return the choice of statements that a browser keeps; none if it cannot be used."""
    try:
        within = Within.of(value)
    except ShuttenError:
        return ANYWHERE
    return replace(within, statements=within.statements[:MAX_CHOSEN])


def choice_from_query(values: Sequence[str]) -> Within:
    """Return the choice of statements in an address: their ids, or `*` for all of them."""
    return EVERYTHING if "*" in values else Within(tuple(values[:MAX_CHOSEN]))


def choice_to_query(within: Within) -> list[str]:
    """Return a choice of statements for an address; see `choice_from_query`."""
    return list(within.statements) if within.by_name else ["*"]


def choice_to_json(within: Within) -> dict[str, Any]:
    """Return a choice of statements as the browser keeps it, without what chooses nothing."""
    chosen: dict[str, Any] = {"statements": list(within.statements)} if within.statements else {}
    return chosen if within.by_name else {**chosen, "by_name": False}
