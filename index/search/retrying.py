"""Begins a search again if another process changed the store while it ran."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from index.store.values import ChangedMeanwhileError

_T = TypeVar("_T")
TRIES = 4  # how often a search is begun


def retried(search: Callable[[], _T]) -> _T:
    """Return the result of a search, which begins again if another process changed the store.

    Raises:
        ChangedMeanwhileError: It keeps changing.
    """
    for _ in range(TRIES - 1):
        try:
            return search()
        except ChangedMeanwhileError:
            continue
    return search()
