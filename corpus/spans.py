"""Spans: ranges of code points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `[start, end)` of code points. It is never empty.

    Raises:
        ValueError: `start` is negative or not below `end`.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"impossible span {self.start}:{self.end}")

    def of(self, text: str) -> str:
        """Return the part of `text` in this range."""
        return text[self.start : self.end]

    def holds(self, inner: Span) -> bool:
        """Return whether `inner` lies within this span."""
        return self.start <= inner.start and inner.end <= self.end


def merge_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Join spans that overlap or touch.

    Args:
        spans: Spans in any order.

    Returns:
        Spans in order that cover the same offsets, with a gap between each two of them.
    """
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return tuple(merged)
