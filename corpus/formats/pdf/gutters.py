"""Tells a gap between two columns of prose from one in a table, and from gaps between words."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.formats.pdf.pieces import Pieces, end_of, middle_of, start_of

MIN_GUTTER, MIN_CLOSE_GUTTER = 1.1, 0.5  # of the size: the gap between two columns
_MIN_CLOSE, _MIN_FLUSH = 12, 5  # rows of columns that are close together, or also end in a line
_WIDER, _CLEAR = 1.8, 1.6  # of the gap between words, and of the size: a gutter that is surely one
_MIN_NARROW = 8  # rows of columns with a narrower one
_OFF_LINE, _MAX_STAGGER = 0.2, 0.6  # sizes, pitches: how far rows of two columns may be off a line
_MIN_STAGGERED, _STAGGERED = 3, 0.25  # such rows, and their share
_MIN_ALIGNED = 0.6  # share of the rows of a column that begin at one of two places
_NEAR = 3.0  # points: nearer places are the same
_MIN_ROWS = 4  # rows of a column
_MIN_FILLED = 0.55  # share of its width that the rows of a column of prose fill, by their median
_FULL, _MIN_FULL = 0.85, 0.33  # share of it that a full row fills, and share of such rows
_MIN_PROSE = 8.0  # sizes: a narrower column is one of a table
_MIN_SHARED = 0.4  # share of the height of the lower column that is beside the other one
_MAX_INDENT = 6.0  # sizes that all rows of a column on another page may be indented


@dataclass(frozen=True, slots=True)
class Gutter:
    """A gap between two columns.

    Attributes:
        start: Where the rows before it end.
        end: Where the rows after it begin.
    """

    start: float
    end: float


def are_columns(left: Sequence[Pieces], right: Sequence[Pieces]) -> bool:
    """Return whether rows on both sides of a gap are columns of prose beside each other."""
    count = min(len(left), len(right))
    if count < _MIN_STAGGERED or _shared(left, right) < _MIN_SHARED:
        return False
    gap = start_of(right) - end_of(left)
    size = median(pieces.row.size for pieces in [*left, *right])
    if gap < MIN_GUTTER * size:
        return False
    if gap < max(_WIDER * _word_gap([*left, *right]), _CLEAR * size):
        # Gaps between words may be as wide, where narrow columns are justified.
        return count >= _MIN_NARROW and _is_aligned(right) and _is_prose(left) and _is_prose(right)
    return _are_staggered(left, right) or (
        count >= _MIN_ROWS and _is_prose(left) and _is_prose(right)
    )


def are_close_columns(left: Sequence[Pieces], right: Sequence[Pieces]) -> bool:
    """Return whether rows are columns of prose, with a gap that is hardly wider than a blank.

    It is the gap between two words only in a few rows one after another, and hardly ever if the
    rows before it end at one place.
    """
    least = _MIN_FLUSH if _are_at_one_place([pieces.row.end for pieces in left]) else _MIN_CLOSE
    if min(len(left), len(right)) < least or _shared(left, right) < _MIN_SHARED:
        return False
    size = median(pieces.row.size for pieces in right)
    gap = max(MIN_CLOSE_GUTTER * size, _WIDER * _word_gap([*left, *right]))
    if start_of(right) - end_of(left) < gap:
        return False
    return _is_aligned(right) and _is_prose(left) and _is_prose(right)


def _are_staggered(left: Sequence[Pieces], right: Sequence[Pieces]) -> bool:
    """Return whether rows on both sides of a gap stand on other lines. Those of a table do not."""
    middles = [middle_of(pieces.row) for pieces in right]
    pitch = median(after - before for before, after in pairwise(middles))
    staggered = 0
    for pieces in left:
        place = bisect_right(middles, middle_of(pieces.row))
        near = middles[max(place - 1, 0) : place + 1]
        distance = min(abs(middle - middle_of(pieces.row)) for middle in near)
        staggered += _OFF_LINE * pieces.row.size < distance < _MAX_STAGGER * pitch
    return staggered >= max(_MIN_STAGGERED, _STAGGERED * len(left))


def _word_gap(rows: Sequence[Pieces]) -> float:
    """Return the usual gap between two words. It is wide where narrow columns are justified."""
    gaps = [
        after.start - before.end
        for pieces in rows
        for (before, after), blank in zip(
            pairwise(pieces.row.glyphs), pieces.row.blanks[1:], strict=True
        )
        if blank
    ]
    return median(gaps) if gaps else 0.0


def _is_aligned(rows: Sequence[Pieces]) -> bool:
    """Return whether most rows begin at the same place, or at one of two, such as first rows."""
    return _are_at_one_place([pieces.row.start for pieces in rows])


def _are_at_one_place(places: Sequence[float]) -> bool:
    """Return whether most places are the same, or one of two."""
    counts = Counter(round(place / _NEAR) for place in places)
    return sum(count for _, count in counts.most_common(2)) >= _MIN_ALIGNED * len(places)


def are_beside(left: Sequence[Pieces], right: Sequence[Pieces], gutter: Gutter) -> bool:
    """Return whether rows are beside each other, with a gutter of other pages between them."""
    if not left or not right or _shared(left, right) <= 0:
        return False
    if end_of(left) > gutter.start + _NEAR or start_of(right) < gutter.end - _NEAR:
        return False
    return start_of(right) - gutter.end <= _MAX_INDENT * right[0].row.size


def _shared(left: Sequence[Pieces], right: Sequence[Pieces]) -> float:
    """Return which share of the height of the lower column is beside the other one."""
    sides = (left, right)
    heights = [rows[-1].row.high - rows[0].row.low for rows in sides]
    top = max(rows[0].row.low for rows in sides)
    return (min(rows[-1].row.high for rows in sides) - top) / max(min(heights), 1.0)


def _is_prose(rows: Sequence[Pieces]) -> bool:
    """Return whether rows are mostly as wide as their column. Cells of a table are not.

    On one side of a gap, there may be several columns. Then their pieces count.
    """
    least = _MIN_PROSE * median(pieces.row.size for pieces in rows)
    whole = [pieces.row.end - pieces.row.start for pieces in rows]
    if _fill(whole, end_of(rows) - start_of(rows), least):
        return True
    widths = [
        end - start
        for pieces in rows
        for start, end in zip(pieces.starts, pieces.ends, strict=True)
    ]
    return _fill(widths, max(widths), least)


def _fill(widths: Sequence[float], width: float, least: float) -> bool:
    """Return whether rows fill a width, most of them in part, or many of them whole."""
    if median(widths) >= max(_MIN_FILLED * width, least):
        return True
    full = sum(each >= _FULL * width for each in widths)
    return width >= least and full >= _MIN_FULL * len(widths)
