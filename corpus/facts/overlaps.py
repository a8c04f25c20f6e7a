"""Chooses among things that were found in a text, where several overlap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from corpus.records import Span


class Mention(Protocol):
    """Something that a text mentions."""

    @property
    def span(self) -> Span:
        """The words that mention it, in code points of the text."""


_Found = TypeVar("_Found", bound=Mention)


def without_overlaps(found: Iterable[_Found]) -> list[_Found]:
    """Return mentions in order. Of those that overlap, the first one is kept, or the longest."""
    kept: list[_Found] = []
    for mention in sorted(found, key=lambda each: (each.span.start, -each.span.end)):
        if not kept or mention.span.start >= kept[-1].span.end:
            kept.append(mention)
    return kept
