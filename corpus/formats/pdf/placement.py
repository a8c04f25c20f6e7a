"""Puts the rows of all pages into reading order, each in its column or in the cell of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal

from corpus.formats.pdf.columns import columns_of, gutters_of
from corpus.formats.pdf.glyphs import Flow
from corpus.formats.pdf.gutters import Gutter
from corpus.formats.pdf.pieces import middle_of
from corpus.formats.pdf.rows import Row, rows_of
from corpus.formats.pdf.tables import Cell, Table
from corpus.segmentation.lines import Line
from corpus.segmentation.markers import Marker, find_marker
from corpus.segmentation.sentences import ends_sentence

_MIN_ROW = 8  # characters of a row that tells where rows begin and end
_MIN_MARKS = 2  # rows with a marker in a cell, from which it is no cell of a table but a text
_GUTTER = 6.0  # points: nearer gaps between columns are the same
# Of the usual distance of two rows: a wider one parts paragraphs.
_PARTED_PITCH, _PARTED_AFTER_SENTENCE = 1.22, 1.12
_MAX_PITCH = 1.8  # sizes: the distance of two rows of a paragraph
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
        """Return the measures of some rows."""
        size = median(row.row.size for row in rows for _ in row.row.glyphs)
        width = median(row.end - row.start for row in rows for _ in row.row.glyphs)
        return cls(size, _usual_pitch(rows, size), width)

    def are_parted(
        self, before: PlacedRow, row: PlacedRow, *, after_sentence: bool = False
    ) -> bool:
        """Return whether a row begins a paragraph, by its distance or its size.

        Args:
            before: The row before.
            row: The row.
            after_sentence: Whether a sentence ends with the row before, so that a little distance
                is enough. Within a sentence, it may come from letters of another font.
        """
        usual = self.pitch * max(1.0, row.row.size / self.size, before.row.size / self.size)
        least = _PARTED_AFTER_SENTENCE if after_sentence else _PARTED_PITCH
        return self.differ(before, row) or row.pitch > least * usual

    def differ(self, before: PlacedRow, row: PlacedRow) -> bool:
        """Return whether one of two rows is larger, such as a heading."""
        smaller, larger = sorted((row.row.size, before.row.size))
        # Programs that recognise words guess the size of each row.
        ratio = _OTHER_OCR_SIZE if row.flow.page.recognised else _OTHER_SIZE
        return larger > ratio * smaller


def _usual_pitch(rows: Sequence[PlacedRow], size: float) -> float:
    """Return the distance of two rows of a paragraph, of which the first is full."""
    pairs = [pair for pair in pairwise(rows) if pair[1].pitch > 0]
    within = [
        row.pitch
        for before, row in pairs
        if before.row.end > before.end - size and not ends_sentence(before.row.text)
    ]
    if within:
        return median(within)
    # Most paragraphs have more rows than one, and rows are not further apart than this.
    pitches = sorted(row.pitch for _, row in pairs)
    return min(pitches[len(pitches) * 2 // 5], _MAX_PITCH * size) if pitches else 0.0


def placed_rows(pages: Sequence[PageRows]) -> Iterator[PlacedRow]:
    """Yield the rows of all pages in reading order."""
    areas = {
        vertical: _Area.of([page for page in pages if page.flow.vertical == vertical])
        for vertical in (False, True)
    }
    for page in pages:
        area = areas[page.flow.vertical]
        first = 0
        for table in page.tables:
            last = sum(middle_of(row) < table.low for row in page.rows)
            yield from _in_columns(page.flow, page.rows[first:last], area)
            for cells in table.rows:
                yield from _in_cells(page.flow, cells)
            first = last
        yield from _in_columns(page.flow, page.rows[first:], area)


@dataclass(frozen=True, slots=True)
class _Area:
    """Where rows are on the pages in one direction of writing.

    Attributes:
        start: Where they begin.
        end: Where they end.
        gutters: Where gaps part columns.
    """

    start: float
    end: float
    gutters: tuple[Gutter, ...]

    @classmethod
    def of(cls, pages: Sequence[PageRows]) -> _Area:
        rows = [row for page in pages for row in page.rows]
        telling = [row for row in rows if len(row.glyphs) >= _MIN_ROW] or rows
        if not telling:
            return cls(0.0, 1.0, ())
        gutters = {gutter for page in pages for gutter in gutters_of(page.rows)}
        edges = min(row.start for row in telling), max(row.end for row in telling)
        return cls(*edges, _distinct(gutters))


def _distinct(gutters: Iterable[Gutter]) -> tuple[Gutter, ...]:
    """Return gutters in order, without those that begin and end near another one."""
    kept: list[Gutter] = []
    for gutter in sorted(gutters, key=lambda gutter: (gutter.end, gutter.start)):
        if not kept or gutter.end - kept[-1].end > _GUTTER:
            kept.append(gutter)
    return tuple(kept)


def _in_columns(flow: Flow, rows: Sequence[Row], area: _Area) -> Iterator[PlacedRow]:
    for column in columns_of(rows, area.start, area.end, area.gutters):
        yield from _below_each_other(flow, column.rows, column.start, column.end)


def _below_each_other(
    flow: Flow, rows: Sequence[Row], start: float, end: float
) -> Iterator[PlacedRow]:
    before: Row | None = None
    for row in rows:
        pitch = middle_of(row) - middle_of(before) if before else 0.0
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
