"""Groups the characters of a page into rows, and parts ruby from them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from corpus.formats.pdf.blanks import FileBlanks, Spacing, blanks_in_ruby
from corpus.formats.pdf.glyphs import Glyph

_SAME_RUN = 0.1  # of the size: how far the characters of a run may be apart across
_RUN_GAP = 1.0  # of the size: how far they may be apart along
_OVERLAP = 0.5  # of the smaller height: what two runs of a row share across
_OFF_LINE = 0.3  # of the size: how far a run that is as large may be from the line of the row
_WITHIN = 0.9  # of the height: a run that is within a row may stand on others, such as two digits
_COVERED = 0.4  # of the size: how much of a run other runs of its row may cover
_NEAR = 6  # rows that a run may belong to
_SMALL = 0.75  # of the size of a row: smaller characters are superscripts or ruby
_RUBY_SIZE = 0.7  # of the size of the base
_RUBY_GAP = 0.6  # of the size of the base: how far ruby may be from it
_RUBY = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9fA-Za-zāīūēō\s・]+")


@dataclass(frozen=True, slots=True)
class Row:
    """Characters that stand in one row, from its beginning to its end.

    Attributes:
        glyphs: The characters, without blanks.
        blanks: What is written before each character: a blank, or nothing.
        size: The size of most of its characters.
        low: Its edge towards the row before.
        high: Its edge towards the next row.
        start: Where it begins.
        end: Where it ends.
    """

    glyphs: tuple[Glyph, ...]
    blanks: tuple[str, ...]
    size: float
    low: float
    high: float
    start: float
    end: float

    @property
    def text(self) -> str:
        """Its characters with blanks."""
        pairs = zip(self.blanks, self.glyphs, strict=True)
        return "".join(blank + glyph.text for blank, glyph in pairs)

    def part(self, first: int, last: int) -> Row:
        """Return the row of some of its characters."""
        return _row(self.glyphs[first:last], ("", *self.blanks[first + 1 : last]))


def rows_of(glyphs: Sequence[Glyph], *, recognised: bool = False) -> tuple[list[Row], list[Row]]:
    """Group characters into rows.

    Args:
        glyphs: The characters.
        recognised: Whether they were recognised in a picture (OCR). Then the blanks between
            characters of scripts without blanks are guesses, and count for nothing.

    Returns:
        The rows in order, and the rows of ruby, which are left out of them.
    """
    visible = [glyph for glyph in glyphs if not glyph.text.isspace()]
    blanks = FileBlanks([glyph for glyph in glyphs if glyph.text.isspace()])
    groups = list(_grouped(visible))
    gaps = [blanks.gaps(group) for group in groups]
    spacing = Spacing.of(gaps)
    rows = [
        _row(group, ("", *spacing.blanks(between, unspaced=recognised)))
        for group, between in zip(groups, gaps, strict=True)
    ]
    rows.sort(key=lambda row: row.low + row.high)
    if recognised:  # Parts of characters are taken for ruby.
        return rows, []
    kept, ruby, bases = _without_ruby(rows)
    for place in bases:
        between = blanks.gaps(kept[place].glyphs)
        kept[place] = _row(kept[place].glyphs, ("", *spacing.blanks(between, unspaced=True)))
    for place, row in enumerate(ruby):
        ruby[place] = _row(row.glyphs, ("", *blanks_in_ruby(blanks.gaps(row.glyphs))))
    return kept, ruby


@dataclass(slots=True)
class _Run:
    """Characters that follow each other on a line."""

    glyphs: list[Glyph]
    size: float
    line: float
    low: float
    high: float

    @property
    def start(self) -> float:
        return self.glyphs[0].start

    @property
    def end(self) -> float:
        return self.glyphs[-1].end

    def order(self) -> tuple[int, int, float]:
        """Return what sorts runs: large ones first, from the first line to the last."""
        return -round(self.size), round(self.low - self.high), self.line


@dataclass(slots=True)
class _Group:
    """The runs of a row. The first of them is the largest one, and tells where the row is."""

    first: _Run
    starts: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    glyphs: list[Glyph] = field(default_factory=list)

    def misfit(self, run: _Run) -> float | None:
        """Return how far a run is from the line of the row; None if it belongs to another one."""
        first, distance = self.first, abs(self.first.line - run.line)
        heights = sorted((first.high - first.low, run.high - run.low))
        shared = min(first.high, run.high) - max(first.low, run.low)
        overlap = shared / max(heights[0], 0.1)
        if run.size <= _SMALL * first.size:  # a superscript
            fits = overlap >= _OVERLAP
        elif heights[0] <= _SMALL * heights[1]:  # a digit beside another one in a vertical line
            fits = overlap >= _WITHIN
        else:
            fits = distance <= _OFF_LINE * run.size
        return distance if fits and (overlap >= _WITHIN or self._has_room(run)) else None

    def _has_room(self, run: _Run) -> bool:
        """Return whether the place of a run is free in the row, so that it is no other line."""
        allowed = _COVERED * run.size
        place = bisect_left(self.starts, run.start)
        if place < len(self.starts) and self.starts[place] < run.end - allowed:
            return False
        return not place or self.ends[place - 1] < run.start + allowed

    def add(self, run: _Run) -> None:
        place = bisect_left(self.starts, run.start)
        self.starts.insert(place, run.start)
        self.ends.insert(place, run.end)
        self.glyphs += run.glyphs


def _grouped(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the characters of each row. Large ones come first, since small ones lie within them."""
    groups: list[_Group] = []
    for run in sorted(_runs(glyphs), key=_Run.order):
        place = bisect_right(groups, run.line, key=lambda group: group.first.line)
        near = groups[max(place - _NEAR, 0) : place + _NEAR]
        misfits = [(misfit, group) for group in near if (misfit := group.misfit(run)) is not None]
        if misfits:
            best = min(misfits, key=lambda pair: pair[0])[1]
        else:
            best = _Group(run)
            groups.insert(place, best)
        best.add(run)
    for group in groups:
        yield sorted(group.glyphs, key=lambda each: (round(each.start, 1), each.character.left))


def _runs(glyphs: Sequence[Glyph]) -> Iterator[_Run]:
    run: _Run | None = None
    for glyph in glyphs:
        if run and _follows(run.glyphs[-1], glyph):
            run.glyphs.append(glyph)
            continue
        if run:
            yield run
        run = _Run([glyph], glyph.size, glyph.line, glyph.low, glyph.high)
    if run:
        yield run


def _follows(before: Glyph, glyph: Glyph) -> bool:
    size = max(before.size, glyph.size)
    if abs(before.line - glyph.line) > _SAME_RUN * size or glyph.size < _SMALL * size:
        return False
    # The letters of a ligature have the same place.
    is_ligature = glyph.start == before.start and glyph.end == before.end
    return is_ligature or -_COVERED * size < glyph.start - before.end < _RUN_GAP * size


def _row(glyphs: Sequence[Glyph], blanks: Sequence[str]) -> Row:
    size = median(glyph.size for glyph in glyphs)
    main = [glyph for glyph in glyphs if glyph.size >= _SMALL * size]
    low, high = min(glyph.low for glyph in main), max(glyph.high for glyph in main)
    end = max(glyph.end for glyph in glyphs)
    return Row(tuple(glyphs), tuple(blanks), size, low, high, glyphs[0].start, end)


def _without_ruby(rows: Sequence[Row]) -> tuple[list[Row], list[Row], list[int]]:
    """Part rows of ruby from the others: small kana directly before a row, within its ends.

    Returns:
        The other rows, the rows of ruby, and the places of the rows that have ruby.
    """
    kept: list[Row] = []
    ruby: list[Row] = []
    bases: set[int] = set()
    for place, row in enumerate(rows):
        later = range(place + 1, min(place + 4, len(rows)))
        base = next((number for number in later if _is_ruby(row, rows[number])), None)
        if base is None:
            kept.append(row)
        else:
            ruby.append(row)
            bases.add(id(rows[base]))
    return kept, ruby, [place for place, row in enumerate(kept) if id(row) in bases]


def _is_ruby(row: Row, base: Row) -> bool:
    if row.size > _RUBY_SIZE * base.size or not _RUBY.fullmatch(row.text):
        return False
    gap = base.low - row.high
    inside = base.start - row.size <= row.start and row.end <= base.end + row.size
    return inside and -_RUBY_GAP * base.size <= gap <= _RUBY_GAP * base.size
