"""Puts the rows of a page into reading order: columns one after another, and rows across them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from corpus.formats.pdf.rows import Row

_MIN_GUTTER = 1.1  # of the size: the gap between two columns
_MIN_ROWS = 4  # rows of a column
_MIN_FILLED = 0.55  # share of its width that the rows of a column of prose fill, by their median
_MIN_PROSE = 8.0  # sizes: a narrower column is one of a table
_MIN_SHARED = 0.4  # share of the height of the lower column that is beside the other one
_STEP = 3.0  # points between two places that are tried
_MAX_DEPTH = 3  # columns within columns


@dataclass(frozen=True, slots=True)
class Column:
    """Rows below each other that share a left and a right edge.

    Attributes:
        rows: The rows, from the first to the last.
        start: Where rows can begin.
        end: Where rows can end.
    """

    rows: tuple[Row, ...]
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class _Gutter:
    """A gap that parts some rows of a page into two columns.

    Attributes:
        place: Its middle.
        first: Number of the first row beside it.
        last: Number after the last row beside it.
        rows: The rows of the shorter column.
    """

    place: float
    first: int
    last: int
    rows: int


@dataclass(frozen=True, slots=True)
class _Pieces:
    """A row, and its pieces between gaps that are as wide as a gutter.

    Attributes:
        row: The row.
        starts: Where each piece begins.
        ends: Where each piece ends.
        first_glyphs: The number of the first character of each piece.
    """

    row: Row
    starts: tuple[float, ...]
    ends: tuple[float, ...]
    first_glyphs: tuple[int, ...]

    @classmethod
    def of(cls, row: Row) -> _Pieces:
        starts, ends, firsts = [row.start], [], [0]
        end = row.start
        for number, glyph in enumerate(row.glyphs):
            if glyph.start - end >= _MIN_GUTTER * row.size:
                ends.append(end)
                starts.append(glyph.start)
                firsts.append(number)
            end = max(end, glyph.end)
        return cls(row, tuple(starts), (*ends, end), tuple(firsts))

    def side(self, place: float) -> str:
        """Return on which side of a place it is: `left`, `right`, `both`, or `across` it."""
        cut = bisect_right(self.starts, place)
        if cut and self.ends[cut - 1] > place:
            return "across"
        return "right" if not cut else "left" if cut == len(self.starts) else "both"

    def parts(self, place: float) -> tuple[Row, Row]:
        """Return the row before a place and the row after it, where both sides have one."""
        cut = self.first_glyphs[bisect_right(self.starts, place)]
        return self.row.part(0, cut), self.row.part(cut, len(self.row.glyphs))


def columns_of(rows: Sequence[Row], start: float, end: float) -> Iterator[Column]:
    """Yield the columns of a page in reading order. Rows across a page are a column, too.

    Args:
        rows: The rows of the page, from the first to the last.
        start: Where rows can begin on the pages of the document.
        end: Where they can end.
    """
    yield from _columns([_Pieces.of(row) for row in rows], start, end, 0)


def _columns(rows: list[_Pieces], start: float, end: float, depth: int) -> Iterator[Column]:
    gutter = _best_gutter(rows) if depth < _MAX_DEPTH else None
    if gutter is None:
        if rows:
            yield Column(tuple(pieces.row for pieces in rows), start, end)
        return
    yield from _columns(rows[: gutter.first], start, end, depth + 1)
    left, right = _parted(rows[gutter.first : gutter.last], gutter.place)
    inner_end, inner_start = max(row.end for row in left), min(row.start for row in right)
    yield from _columns([_Pieces.of(row) for row in left], start, inner_end, depth + 1)
    yield from _columns([_Pieces.of(row) for row in right], inner_start, end, depth + 1)
    yield from _columns(rows[gutter.last :], start, end, depth + 1)


def _best_gutter(rows: Sequence[_Pieces]) -> _Gutter | None:
    """Return the gap that parts most rows into columns of prose; None if there is none.

    Only places before the beginning of a piece are tried, since a column begins there.
    """
    places = {round(start / _STEP) for pieces in rows for start in pieces.starts}
    best: _Gutter | None = None
    for place in sorted(places):
        for gutter in _gutters_at(rows, (place - 1) * _STEP):
            if best is None or gutter.rows > best.rows:
                best = gutter
    return best


def _gutters_at(rows: Sequence[_Pieces], place: float) -> Iterator[_Gutter]:
    """Yield each group of rows, one after another, that has a gap at a place."""
    first = 0
    for across, group in groupby(rows, key=lambda pieces: pieces.side(place) == "across"):
        last = first + len(list(group))
        if not across:
            begin = first + _rows_above(rows[first:last], place)
            left, right = _parted(rows[begin:last], place)
            if _are_columns(left, right):
                yield _Gutter(place, begin, last, min(len(left), len(right)))
        first = last


def _rows_above(rows: Sequence[_Pieces], place: float) -> int:
    """Return how many rows are above the beginning of the lower column, such as a date."""
    sides = [pieces.side(place) for pieces in rows]
    if not sides:
        return 0
    for number, side in enumerate(sides):
        if side == "both" or side != sides[0]:
            first, last = rows[number - 1].row if number else None, rows[number].row
            # The columns may be set on other lines: then the last row is beside this one.
            return number - 1 if first and first.high > last.low else number
    return 0


def _parted(rows: Sequence[_Pieces], place: float) -> tuple[list[Row], list[Row]]:
    left: list[Row] = []
    right: list[Row] = []
    for pieces in rows:
        side = pieces.side(place)
        if side == "both":
            before, after = pieces.parts(place)
            left.append(before)
            right.append(after)
        else:
            (left if side == "left" else right).append(pieces.row)
    return left, right


def _are_columns(left: Sequence[Row], right: Sequence[Row]) -> bool:
    """Return whether rows on both sides of a gap are columns of prose beside each other."""
    if min(len(left), len(right)) < _MIN_ROWS:
        return False
    shared = min(left[-1].high, right[-1].high) - max(left[0].low, right[0].low)
    heights = [rows[-1].high - rows[0].low for rows in (left, right)]
    return shared >= _MIN_SHARED * min(heights) and _is_prose(left) and _is_prose(right)


def _is_prose(rows: Sequence[Row]) -> bool:
    """Return whether rows are mostly as wide as their column. Cells of a table are not."""
    width = max(row.end for row in rows) - min(row.start for row in rows)
    filled = median(row.end - row.start for row in rows)
    size = median(row.size for row in rows)
    return filled >= _MIN_FILLED * width and filled >= _MIN_PROSE * size
