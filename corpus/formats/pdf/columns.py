"""Puts the rows of a page into reading order: columns one after another, and rows across them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from corpus.formats.pdf.gutters import Gutter, are_beside, are_columns
from corpus.formats.pdf.pieces import Pieces, end_of, middle_of, parted, start_of
from corpus.formats.pdf.rows import Row

_STEP = 3.0  # points between two places that are tried
_SAME_TOP = 1.5  # sizes: how far the first rows of two columns may be apart
_SAME_COLUMN = 1.25  # of the usual distance of two rows: how far a row may be above its column
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
class _Split:
    """A place at which some rows of a page are parted into two columns.

    Attributes:
        place: The place, in the gap between the columns.
        first: Number of the first row beside it.
        last: Number after the last row beside it.
        rows: The rows of the shorter column.
    """

    place: float
    first: int
    last: int
    rows: int


def gutters_of(rows: Sequence[Row]) -> list[Gutter]:
    """Return the gaps between the columns of a page.

    On other pages of the document, columns may be too short to be told from a table. There the
    same gaps count.
    """
    gutters: list[Gutter] = []
    left = [([Pieces.of(row) for row in rows], 0)]
    while left:
        pieces, depth = left.pop()
        split = _best_split(pieces, ()) if depth < _MAX_DEPTH else None
        if split:
            parts = _parts(pieces, split)
            gutters.append(Gutter(end_of(parts[1]), start_of(parts[2])))
            left += ((part, depth + 1) for part in parts)
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
    yield from _columns([Pieces.of(row) for row in rows], start, end, gutters, 0)


def _columns(
    rows: list[Pieces], start: float, end: float, gutters: Sequence[Gutter], depth: int
) -> Iterator[Column]:
    split = _best_split(rows, gutters) if depth < _MAX_DEPTH else None
    if split is None:
        if rows:
            yield Column(tuple(pieces.row for pieces in rows), start, end)
        return
    above, left, right, below = _parts(rows, split)
    yield from _columns(above, start, end, gutters, depth + 1)
    yield from _columns(left, start, end_of(left), gutters, depth + 1)
    yield from _columns(right, start_of(right), end, gutters, depth + 1)
    yield from _columns(below, start, end, gutters, depth + 1)


def _parts(rows: list[Pieces], split: _Split) -> tuple[list[Pieces], ...]:
    """Return the rows above a place, on its left, on its right, and below it."""
    left, right = parted(rows[split.first : split.last], split.place)
    return rows[: split.first], left, right, rows[split.last :]


def _best_split(rows: Sequence[Pieces], gutters: Sequence[Gutter]) -> _Split | None:
    """Return the place that parts most rows into columns; None if there is none.

    Tried are places before which some pieces begin, since a column begins there, and those where
    there is a gap on other pages.
    """
    places = {round(start / _STEP) for pieces in rows for start in pieces.starts}
    found = [
        split for place in sorted(places) for split in _splits_at(rows, (place - 1) * _STEP, None)
    ]
    for gutter in gutters:
        found += _splits_at(rows, gutter.end - _STEP, gutter)
    return max(found, key=lambda split: split.rows, default=None)


def _splits_at(rows: Sequence[Pieces], place: float, gutter: Gutter | None) -> Iterator[_Split]:
    """Yield each group of rows, one after another, that has a gap at a place.

    Args:
        rows: The rows of the page.
        place: The place.
        gutter: The gap there on other pages, where the columns may be short.
    """
    first = 0
    for across, group in groupby(rows, key=lambda pieces: pieces.side(place) == "across"):
        last = first + len(list(group))
        if not across:
            begin = first + _rows_above(rows[first:last], place)
            left, right = parted(rows[begin:last], place)
            if are_columns(left, right) or (gutter and are_beside(left, right, gutter)):
                yield _Split(place, begin, last, min(len(left), len(right)))
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
    column = [pieces.row for pieces in parted(rows, place)[sides[0] == "right"]]
    if number >= len(column):
        return number
    # The column may begin with a heading that is a little higher than the other column.
    above, first = column[number - 1], rows[number].row
    aligned = abs(above.start - min(row.start for row in column[number:])) < _STEP
    if number and aligned and first.low - above.low < _SAME_TOP * first.size:
        number -= 1
    # Rows directly above the column are the beginning of it.
    pitches = [middle_of(after) - middle_of(before) for before, after in pairwise(column)]
    while number and pitches[number - 1] <= _SAME_COLUMN * median(pitches):
        number -= 1
    return number
