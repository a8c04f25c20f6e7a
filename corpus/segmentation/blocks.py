"""From lines to blocks: the lines of one paragraph, bullet, heading or note.

Layout is read as a reader reads it. Consecutive lines are one paragraph, whatever a wrapped line
happens to begin with. When in doubt two lines stay together, since a sentence that is cut short
can say the opposite.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.records import Span
from corpus.segmentation.lines import Line
from corpus.segmentation.markers import Marker, find_marker
from corpus.segmentation.sentences import (
    closes,
    ends_sentence,
    in_brackets,
    is_title,
    split_sentences,
)
from corpus.segmentation.wrapping import edge, is_wrapped, measure, never_first

# Numbered kinds from the outermost in; `１．` is never an item of `（１）`.
_RANKS = {"第0条": 0, "0.": 1, "(0)": 2}
_INTRODUCES = re.compile(r"[:：][*_]*\Z")
_SEPARATES = re.compile(r"[;；](?:\s+\w{1,3})?\Z")
_GOES_ON = re.compile(r"[,、，(（「『“・\-‐–—ぁ-ん]\Z")
_ENDS_JAPANESE = ("。", "！", "？")
HEADING_WIDTH = 160  # code points
_EMPHASIS_OPENS = re.compile(r"[*_]|<u>|<b>|<strong>")
_EMPHASIS_CLOSES = re.compile(r"(?:[*_]|</u>|</b>|</strong>)\Z")
_STRONG = "**"
_REACH = 2000  # code points in which the beginning of an emphasis is looked for
_PROSE = 60  # code points from which on a line is no heading, where nothing else tells
_LOOK_AHEAD = 40  # lines in which a neighbour of a marker is looked for


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together, before they are passages.

    Attributes:
        lines: Its lines, the first one without its marker.
        marker: The marker; None for paragraphs and headings.
        depth: How many bullets it stands in, itself included; 0 without a marker.
        breaks: Offsets at which a sentence ends whatever its words are, as before a blank line.
        ended: Ends of lines that had room for more: their author ended them.
    """

    lines: tuple[Line, ...]
    marker: Marker | None = None
    depth: int = 0
    breaks: tuple[int, ...] = ()
    ended: tuple[int, ...] = ()

    @property
    def span(self) -> Span:
        """From the first to the last visible character."""
        return Span(self.lines[0].start, self.lines[-1].end)


@dataclass(slots=True)
class _Growing:
    """A block to which lines are added; see `Block`."""

    lines: list[Line]
    marker: Marker | None = None
    depth: int = 0
    breaks: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.lines[0].start

    @property
    def indent(self) -> int:
        """Columns before the first line, its marker included in the text."""
        return self.lines[0].indent

    @property
    def span(self) -> Span:
        return Span(self.start, self.lines[-1].end)

    def grown(self) -> Block:
        """The block as it is now."""
        parts = tuple(self.lines), self.marker, self.depth, tuple(self.breaks), tuple(self.ended)
        return Block(*parts)


def read_blocks(text: str, lines: Sequence[Line]) -> Iterator[Block]:
    """Group the lines of a statement into blocks, in order."""
    page = _Page(text, lines)
    block: _Growing | None = None
    levels: list[_Growing] = []  # the bullets we are inside
    for number, line in enumerate(lines):
        marker = page.markers[number]
        if marker and page.opens(number, block, levels):
            levels = _enclosing(levels, line.indent, marker)
            opened = _Growing([replace(line, start=marker.start)], marker, len(levels) + 1)
            levels = [*levels, opened]
        elif block and page.continues(number, block):
            page.extend(block, number)
            continue
        else:
            levels, opened = [], _Growing([line])
        if block:
            yield block.grown()
        block = opened
    if block:
        yield block.grown()


class _Page:
    """What is known of the lines before any block is made."""

    def __init__(self, text: str, lines: Sequence[Line]) -> None:
        self._text, self._lines = text, lines
        self.markers = [find_marker(text, line) for line in lines]
        self._runs = _runs(lines)
        wrapped = [n for n in range(1, len(lines)) if self._surely_wrapped(n)]
        pairs = [(lines[n - 1], lines[n]) for n in wrapped]
        if not is_wrapped(lines, pairs):
            wrapped, pairs = [], []
        self._known = bool(wrapped)
        self._measure = measure(text, lines, pairs)
        self._wrapped_runs = {self._runs[n] for n in wrapped}
        self._hanging_runs = {self._runs[n] for n in range(1, len(lines)) if self._hangs(n)}
        self._widths: dict[int, int] = {}
        for line, run in zip(lines, self._runs, strict=True):
            width = edge(line, self._measure.unit)
            self._widths[run] = max(width, self._widths.get(run, 0))

    def _surely_wrapped(self, number: int) -> bool:
        """Whether a line can only be the continuation of the one before it."""
        line, before = self._lines[number], self._lines[number - 1]
        if line.gap or line.broken or self.markers[number]:
            return False
        words = before.of(self._text)
        if ends_sentence(words) or _INTRODUCES.search(words) or _SEPARATES.search(words):
            return False
        return self._text[line.start].islower() or self._closes_later(number)

    def _closes_later(self, number: int) -> bool:
        """Whether the lines from here on, up to a blank one or a marker, close a sentence."""
        for place in range(number, min(number + _LOOK_AHEAD, len(self._lines))):
            if place > number and (self._lines[place].gap or self.markers[place]):
                return False
            if ends_sentence(self._lines[place].of(self._text)):
                return True
        return False

    def _hangs(self, number: int) -> bool:
        """Whether a line stands deeper than the marker that it follows."""
        line, before = self._lines[number], self._lines[number - 1]
        plain = self.markers[number] is None and not line.gap
        return plain and self.markers[number - 1] is not None and line.indent > before.indent

    def _full(self, number: int) -> bool:
        """Whether the beginning of a line found no room on the one before it."""
        before, line = self._lines[number - 1], self._lines[number]
        return self._measure.full(self._text, before, line, self._widths[self._runs[number]])

    def _wrapped(self, number: int) -> bool:
        """Whether the file shows that a line may be what found no room on the one before it."""
        if not self._known:
            return False
        if self._measure.even or self._runs[number] in self._wrapped_runs:
            return self._full(number)
        before, line = self._lines[number - 1], self._lines[number]
        reaches = self._measure.full(self._text, before, line, self._measure.width)
        return self._measure.reliable and reaches

    def _finished(self, number: int, start: int) -> bool:
        """Whether a sentence of the block that begins at `start` ends before a line."""
        before, line = self._lines[number - 1], self._lines[number]
        return closes(self._text, Span(start, line.end), before.end)

    def opens(self, number: int, block: _Growing | None, levels: Sequence[_Growing]) -> bool:
        """Whether the marker of a line opens a block, or is a word of the sentence before it.

        It does after a blank line, a finished sentence, a colon, or as a neighbour of another
        marker of its kind.
        """
        line, marker = self._lines[number], self.markers[number]
        assert marker
        before = self._lines[number - 1].of(self._text) if number else ""
        sibling = any(
            abs(level.indent - line.indent) <= 1 and level.marker and marker.follows(level.marker)
            for level in levels
        )
        introduced = bool(_INTRODUCES.search(before))
        if marker.weak and not (sibling or introduced or self._ahead(number, within_run=False)):
            return False
        if block is None or line.gap or introduced:
            return True
        if not (line.broken or ends_sentence(before)) and self._inside(number, block):
            return False
        listed = sibling or self._ahead(number, within_run=True)
        kin = any(level.marker and level.marker.kind == marker.kind for level in levels)
        wrapped = self._wrapped(number)
        if self._finished(number, block.start):
            return listed or kin or line.broken or not wrapped
        if sibling and (self._runs[number] in self._hanging_runs or line.broken):
            return True
        if line.broken and self._heading_before(number, block):
            return True
        if listed:
            begins = sibling and self._text[marker.start].isupper()
            return not wrapped or begins or bool(_SEPARATES.search(before))
        return kin and not marker.values and not self._full(number)

    def _ahead(self, number: int, *, within_run: bool) -> bool:
        """Whether a next marker of the same list comes soon."""
        line, marker = self._lines[number], self.markers[number]
        for place in range(number + 1, min(number + 1 + _LOOK_AHEAD, len(self._lines))):
            if within_run and self._runs[place] != self._runs[number]:
                return False
            other, beside = self.markers[place], abs(self._lines[place].indent - line.indent) <= 1
            if beside and other and marker and other.follows(marker):
                return True
        return False

    def continues(self, number: int, block: _Growing) -> bool:
        """Whether a line without a marker of its own goes on with the block before it."""
        line, before = self._lines[number], self._lines[number - 1]
        deeper = block.marker is not None and line.indent > block.indent
        if line.gap:
            return deeper and self._text[line.raw] != "\u3000"
        if deeper:
            return True
        if self._finished(number, block.start):
            if before.of(self._text).endswith(_ENDS_JAPANESE):
                return False
            return self._known and self._full(number)
        if _GOES_ON.search(before.of(self._text)) or self._text[line.start].islower():
            return True
        if self._torn(number, block):
            return True
        if line.broken:
            separated = _SEPARATES.search(before.of(self._text))
            emphasised = _EMPHASIS_OPENS.match(self._text, line.start)
            return not (separated and emphasised) and not self._heading_before(number, block)
        # A single blank is what is left of one between words, but behind a colon.
        step = line.indent - before.indent - (not _INTRODUCES.search(before.of(self._text)))
        if not block.marker and step > 0:
            return self._full(number)
        return not self._title_before(number, block)

    def _torn(self, number: int, block: _Growing) -> bool:
        """Whether nobody ends a line there: within brackets or emphasis, or before a comma."""
        line = self._lines[number]
        if never_first(self._text[line.start]):
            return True
        return not line.broken and self._inside(number, block)

    def _inside(self, number: int, block: _Growing) -> bool:
        """Whether a bracket or an emphasis of the block is open before a line and closed later."""
        start = self._lines[number].start
        if self._text.count(_STRONG, max(block.start, start - _REACH), start) % 2:
            return self._text.find(_STRONG, start, start + HEADING_WIDTH) >= start
        return in_brackets(self._text, block.start, start)

    def _title_before(self, number: int, block: _Growing) -> bool:
        """Whether what stands directly above a line is surely a title and no half of a sentence."""
        if block.marker or not self._measure.reliable:
            return False
        if not self._emphasised(block):
            whole = len(block.ended) == len(block.lines) - 1
            if not (whole and is_title(self._lines[number - 1].of(self._text))):
                return False
        return self._heading_before(number, block)

    def _emphasised(self, block: _Growing) -> bool:
        few = len(block.lines) <= HEADING_WIDTH
        return few and _is_emphasised(block.span.of(self._text))

    def _heading_before(self, number: int, block: _Growing) -> bool:
        """Whether what stands before the end of a page is a heading, and no half of a sentence."""
        if len(block.lines) > HEADING_WIDTH:
            return False
        length = sum(line.end - line.start for line in block.lines)
        emphasised = self._emphasised(block)
        longest = HEADING_WIDTH if self._known or emphasised else _PROSE
        if self._full(number) or length > longest:
            return False
        if self._known and not (emphasised or self._measure.reliable):
            return False
        return emphasised or len(split_sentences(self._text, block.span)) == 1

    def extend(self, block: _Growing, number: int) -> None:
        """Append the line of this number to a block."""
        line, before = self._lines[number], self._lines[number - 1]
        if line.gap:
            block.breaks.append(before.end)
        filled = self._measure.full(self._text, before, line, self._measure.width)
        if not filled and not self._torn(number, block):
            block.ended.append(before.end)
        block.lines.append(line)


def _runs(lines: Sequence[Line]) -> list[int]:
    """For each line the number of its run: lines without a blank one between them."""
    runs: list[int] = []
    for line in lines:
        runs.append((runs[-1] if runs else 0) + line.gap)
    return runs


def _enclosing(levels: Sequence[_Growing], indent: int, marker: Marker) -> list[_Growing]:
    """The bullets that enclose a new one of this indent and kind."""
    rank = _RANKS.get(marker.kind, len(_RANKS))
    if marker.note or not rank:
        return []
    outer = [level for level in levels if level.indent <= indent]
    while outer and outer[-1].indent == indent and _rank(outer[-1]) > rank:
        outer.pop()
    for depth, level in enumerate(outer):
        if level.marker and level.marker.kind == marker.kind and level.indent == indent:
            return outer[:depth]
    return outer


def _is_emphasised(words: str) -> bool:
    """Whether the emphasis of a heading in Markdown closes here."""
    if not _EMPHASIS_CLOSES.search(words):
        return False
    return bool(_EMPHASIS_OPENS.match(words)) or words.count("**") % 2 == 1


def _rank(block: _Growing) -> int:
    return _RANKS.get(block.marker.kind, -1) if block.marker else -1
