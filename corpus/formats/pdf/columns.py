"""Puts the rows of a page into reading order: columns one after another, and rows across them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise
from statistics import median

from corpus.formats.pdf.gutters import (
    MIN_CLOSE_GUTTER,
    MIN_GUTTER,
    Gutter,
    are_beside,
    are_close_columns,
    are_columns,
)
from corpus.formats.pdf.pieces import Pieces, end_of, middle_of, parted, start_of
from corpus.formats.pdf.rows import Row

_STEP = 3.0  # points between two places that are tried
_SAME_TOP = 1.5  # sizes: how far the first rows of two columns may be apart
_SAME_COLUMN = 1.25  # of the usual distance of two rows: how far a row may be above its column
_MAX_DEPTH = 3  # columns within columns
_MIN_STARTS = 3  # rows that begin at a place where columns are close together
_MANY_MORE = 1.5  # of the rows: columns that are close together have so many more than others

_AreColumns = Callable[[Sequence[Pieces], Sequence[Pieces]], bool]


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
class _Split:
    """Rows of a page in two columns.

    Attributes:
        count: How many rows the shorter column has.
        gutter: The gap between the columns.
        parts: The rows above, in the left column, in the right column, and below.
    """

    count: int
    gutter: Gutter
    parts: tuple[list[Row], ...]


def gutters_of(rows: Sequence[Row]) -> list[Gutter]:
    """Return the gaps between the columns of a page.

    On other pages of the document, columns may be too short to be told from a table. There the
    same gaps count.
    """
    gutters: list[Gutter] = []
    left = [(rows, 0)]
    while left:
        part, depth = left.pop()
        split = _best_split(part, ()) if depth < _MAX_DEPTH else None
        if split:
            gutters.append(split.gutter)
            left += ((each, depth + 1) for each in split.parts)
    return gutters


def columns_of(
    rows: Sequence[Row], start: float, end: float, gutters: Sequence[Gutter] = ()
) -> Iterator[Column]:
    """Yield the columns of a page in reading order. Rows across a page are a column, too.

    Args:
        rows: The rows of the page, from the first to the last.
        start: Where rows can begin on the pages of the document.
        end: Where they can end.
        gutters: The gaps between columns on all pages of the document.
    """
    yield from _columns(rows, start, end, gutters, 0)


def _columns(
    rows: Sequence[Row], start: float, end: float, gutters: Sequence[Gutter], depth: int
) -> Iterator[Column]:
    split = _best_split(rows, gutters) if depth < _MAX_DEPTH else None
    if split is None:
        if rows:
            yield Column(tuple(rows), start, end)
        return
    above, left, right, below = split.parts
    yield from _columns(above, start, end, gutters, depth + 1)
    yield from _columns(left, start, split.gutter.start, gutters, depth + 1)
    yield from _columns(right, split.gutter.end, end, gutters, depth + 1)
    yield from _columns(below, start, end, gutters, depth + 1)


def _best_split(rows: Sequence[Row], gutters: Sequence[Gutter]) -> _Split | None:
    """Return the place that parts most rows into columns; None if there is none.

    Tried are places before which some pieces begin, since a column begins there, and those where
    there is a gap on other pages. Columns that are close together look like others in parts of the
    page, where rows are short.
    """
    wide = [Pieces.of(row, MIN_GUTTER) for row in rows]
    best = _best_at(wide, _places(wide), are_columns)
    close = [Pieces.of(row, MIN_CLOSE_GUTTER) for row in rows]
    for gutter in gutters:
        are_parted = partial(are_beside, gutter=gutter)
        best = _best_at(close, [gutter.end - _STEP], are_parted, best)
    return _best_at(close, _places(close, _MIN_STARTS), are_close_columns, best, _MANY_MORE)


def _best_at(
    rows: Sequence[Pieces],
    places: Iterable[float],
    are_parted: _AreColumns,
    best: _Split | None = None,
    times: float = 1.0,
) -> _Split | None:
    """Return what parts most rows at one of some places.

    Args:
        rows: The rows of the page.
        places: The places.
        are_parted: Tells whether the rows before a place and those after it are columns.
        best: What is returned if nothing parts more rows.
        times: How many times more.
    """
    least = times * best.count if best else 0.0
    for place in places:
        for split in _splits_at(rows, place, are_parted, least):
            if split.count > least:
                best, least = split, split.count
    return best


def _places(rows: Sequence[Pieces], least: int = 1) -> list[float]:
    """Return the places, to some points, before which enough pieces of rows begin."""
    steps = Counter(round(start / _STEP) for pieces in rows for start in pieces.starts)
    return [(step - 1) * _STEP for step in sorted(steps) if steps[step] >= least]


def _splits_at(
    rows: Sequence[Pieces], place: float, are_parted: _AreColumns, least: float
) -> Iterator[_Split]:
    """Yield each group of rows, one after another, that has a gap at a place.

    Groups with at most `least` rows on one side are left out.
    """
    first = 0
    sides = [pieces.side(place) for pieces in rows]
    for across, group in groupby(sides, key=lambda side: side == "across"):
        count = Counter(group)
        last = first + count.total()
        if not across and min(count["left"], count["right"]) + count["both"] > least:
            begin = first + _rows_above(rows[first:last], place)
            left, right = parted(rows[begin:last], place)
            if left and right and are_parted(left, right):
                parts = (rows[:begin], left, right, rows[last:])
                yield _Split(
                    min(len(left), len(right)),
                    Gutter(end_of(left), start_of(right)),
                    tuple([pieces.row for pieces in part] for part in parts),
                )
        first = last


def _rows_above(rows: Sequence[Pieces], place: float) -> int:
    """Return how many rows are above the beginning of the lower column, such as a date."""
    sides = [pieces.side(place) for pieces in rows]
    if not sides or sides[0] == "both":
        return 0
    number = next((n for n, side in enumerate(sides) if side != sides[0]), 0)
    if not number:
        return 0
    if rows[number - 1].row.high > rows[number].row.low:  # The columns are set on other lines.
        number -= 1
    if not number:
        return 0
    column = [pieces.row for pieces in parted(rows, place)[sides[0] == "right"]]
    if number >= len(column):
        return number
    # The column may begin with a heading that is a little higher than the other column.
    above, first = column[number - 1], rows[number].row
    aligned = abs(above.start - min(row.start for row in column[number:])) < _STEP
    if aligned and first.low - above.low < _SAME_TOP * first.size:
        number -= 1
    # Rows directly above the column are the beginning of it.
    pitches = [middle_of(after) - middle_of(before) for before, after in pairwise(column)]
    while number and pitches[number - 1] <= _SAME_COLUMN * median(pitches):
        number -= 1
    return number
