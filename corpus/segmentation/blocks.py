"""Blocks: the lines of one paragraph, bullet, heading or note."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.records import Span
from corpus.segmentation.lines import Line
from corpus.segmentation.markers import Marker

MAX_HEADING = 160  # code points


@dataclass(slots=True)
class Block:
    """Lines that belong together.

    Only `read_blocks` adds lines, before it yields the block. Then the block does not change.

    Attributes:
        lines: The lines, the first one without its marker.
        marker: The marker; None for paragraphs and headings.
        depth: Level in nested lists: 1 for a bullet, 2 for its items; 0 without a marker.
        breaks: Offsets at which a sentence ends in any case, such as before a blank line.
        author_ends: Ends of lines that are not full, so their author ended them.
    """

    lines: list[Line]
    marker: Marker | None = None
    depth: int = 0
    breaks: list[int] = field(default_factory=list)
    author_ends: list[int] = field(default_factory=list)

    @property
    def start(self) -> int:
        """Offset of the first visible character after the marker."""
        return self.lines[0].start

    @property
    def indent(self) -> int:
        """Indent of the first line in columns, before its marker."""
        return self.lines[0].indent

    @property
    def span(self) -> Span:
        """Span from the first to the last visible character."""
        return Span(self.start, self.lines[-1].end)
