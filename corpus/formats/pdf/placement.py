"""Puts the rows of all pages into reading order, each in its column or in the cell of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from corpus.formats.pdf.columns import columns_of
from corpus.formats.pdf.glyphs import Flow
from corpus.formats.pdf.rows import Row, rows_of
from corpus.formats.pdf.tables import Cell, Table
from corpus.segmentation.lines import Line
from corpus.segmentation.markers import Marker, find_marker

_MIN_ROW = 8  # characters of a row that tells where rows begin and end
_MIN_MARKS = 2  # rows with a marker in a cell, from which it is no cell of a table but a text
_PARTED_PITCH = 1.22  # of the usual distance of two rows: a wider one parts paragraphs
# Ratio of the sizes of two rows of which one is a heading.
_OTHER_SIZE, _OTHER_OCR_SIZE = 1.05, 1.5

# What a row is in a table: the first of a row of cells, the first of a further cell, or another.
CellPart = Literal["", "row", "cell", "wrapped"]


@dataclass(frozen=True, slots=True)
class PageRows:
    """The rows of a page.

    Attributes:
        flow: The page in the direction of its writing.
        rows: The rows outside of tables, from the first to the last.
        tables: The tables.
    """

    flow: Flow
    rows: tuple[Row, ...]
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row in its column.

    Attributes:
        flow: The page.
        row: The row.
        start: Where rows of its column can begin.
        end: Where they can end.
        opens_column: Whether it is the first of its column.
        pitch: Distance from the row before in the same column; 0 for the first one.
        cell: What it is in a table.
    """

    flow: Flow
    row: Row
    start: float
    end: float
    opens_column: bool
    pitch: float
    cell: CellPart = ""

    @property
    def indent(self) -> float:
        """How far it begins behind the edge of its column."""
        return self.row.start - self.start

    @property
    def marker(self) -> Marker | None:
        """The marker at its beginning."""
        words = self.row.text
        return find_marker(words, Line(0, 0, len(words), 0, 0, 0, False, False))


@dataclass(frozen=True, slots=True)
class Measures:
    """What most rows of a document are like, in points.

    Attributes:
        size: Size of the font.
        pitch: Distance of two rows.
        width: Width of a column.
    """

    size: float
    pitch: float
    width: float

    @classmethod
    def of(cls, rows: Sequence[PlacedRow]) -> Measures:
        """Return the measures of some rows; most paragraphs have more rows than one."""
        pitches = sorted(row.pitch for row in rows if row.pitch > 0)
        return cls(
            median(row.row.size for row in rows for _ in row.row.glyphs),
            pitches[len(pitches) * 2 // 5] if pitches else 0.0,
            median(row.end - row.start for row in rows for _ in row.row.glyphs),
        )

    def are_parted(self, before: PlacedRow, row: PlacedRow) -> bool:
        """Return whether a row begins a paragraph, by its distance or its size."""
        larger, smaller = sorted((row.row.size, before.row.size), reverse=True)
        usual = self.pitch * max(1.0, larger / self.size)
        # Programs that recognise words guess the size of each row.
        ratio = _OTHER_OCR_SIZE if row.flow.page.recognised else _OTHER_SIZE
        return larger > ratio * smaller or row.pitch > _PARTED_PITCH * usual


def placed_rows(pages: Sequence[PageRows]) -> Iterator[PlacedRow]:
    """Yield the rows of all pages in reading order."""
    areas = {vertical: _area(pages, vertical) for vertical in (False, True)}
    for page in pages:
        start, end = areas[page.flow.vertical]
        first = 0
        for table in page.tables:
            last = sum(_middle(row) < table.low for row in page.rows)
            yield from _in_columns(page, first, last, start, end)
            for cells in table.rows:
                yield from _in_cells(page.flow, cells)
            first = last
        yield from _in_columns(page, first, len(page.rows), start, end)


def _area(pages: Sequence[PageRows], vertical: bool) -> tuple[float, float]:
    """Return where rows begin and end on the pages in one direction of writing."""
    rows = [row for page in pages if page.flow.vertical == vertical for row in page.rows]
    telling = [row for row in rows if len(row.glyphs) >= _MIN_ROW] or rows
    if not telling:
        return 0.0, 1.0
    return min(row.start for row in telling), max(row.end for row in telling)


def _middle(row: Row) -> float:
    return (row.low + row.high) / 2


def _in_columns(
    page: PageRows, first: int, last: int, start: float, end: float
) -> Iterator[PlacedRow]:
    for column in columns_of(page.rows[first:last], start, end):
        yield from _below_each_other(page.flow, column.rows, column.start, column.end)


def _below_each_other(
    flow: Flow, rows: Sequence[Row], start: float, end: float
) -> Iterator[PlacedRow]:
    before: Row | None = None
    for row in rows:
        pitch = _middle(row) - _middle(before) if before else 0.0
        yield PlacedRow(flow, row, start, end, before is None, pitch)
        before = row


def _in_cells(flow: Flow, cells: Sequence[Cell]) -> Iterator[PlacedRow]:
    """Yield the rows of cells beside each other. Cells that hold lists are read as columns."""
    placed = [list(_below_each_other(flow, _rows(cell), cell.start, cell.end)) for cell in cells]
    if any(sum(row.marker is not None for row in rows) >= _MIN_MARKS for rows in placed):
        for rows in placed:
            yield from rows
        return
    part: CellPart = "row"
    for rows in placed:
        for row in rows:
            yield PlacedRow(flow, row.row, row.start, row.end, row.opens_column, row.pitch, part)
            part = "wrapped"
        part = "cell"


def _rows(cell: Cell) -> Sequence[Row]:
    rows, _ = rows_of(cell.glyphs)
    return rows
