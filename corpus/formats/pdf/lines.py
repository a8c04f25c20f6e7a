"""Turns the rows of all pages into the lines of a text, in reading order, with their layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from corpus.documents import PrintedLine
from corpus.formats.pdf.columns import Column, columns_of
from corpus.formats.pdf.furniture import PageRows
from corpus.formats.pdf.glyphs import Flow, Glyph, area_of
from corpus.formats.pdf.rows import Row
from corpus.segmentation.lines import Line
from corpus.segmentation.markers import Marker, find_marker

_BLANK_PITCH = 1.22  # of the usual distance of two rows: a wider one parts paragraphs
_OTHER_SIZE = 1.05  # ratio of the sizes of two rows of which one is a heading
_FIRST_INDENT, _MAX_FIRST_INDENT = 0.5, 5.0  # sizes by which the first row may be indented
_FULL = 2.5  # sizes: a row that ends so near to the end of its column is full
_MIN_ROW = 8  # characters of a row that tells where rows begin and end
_RAISED = 0.12  # of the size: how far a superscript is above the baseline
_SMALL = 0.8  # of the size of the row
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NOTE_SIZE = 0.95  # of the size of most rows: notes are smaller
_HYPHEN = "\x02"  # how PDFium gives a hyphen at the end of a line


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row in its column.

    Attributes:
        flow: The page.
        row: The row.
        column: The column.
        opens_column: Whether it is the first of its column.
        pitch: Distance from the row before in the same column; 0 for the first one.
    """

    flow: Flow
    row: Row
    column: Column
    opens_column: bool
    pitch: float


@dataclass(frozen=True, slots=True)
class PrintedText:
    """The lines of all pages as one text, before wrapped lines are joined.

    Attributes:
        text: The lines, with a line break after each.
        lines: The same lines with their layout.
        places: Where each line stands. Every code point of a line has an edge.
    """

    text: str
    lines: tuple[Line, ...]
    places: tuple[PrintedLine, ...]


def printed_text(pages: Sequence[PageRows]) -> PrintedText:
    """Return the lines of pages in reading order. Notes at the ends of pages come last."""
    sizes = [row.size for page in pages for row in page.rows for _ in row.glyphs]
    if not sizes:
        return PrintedText("", (), ())
    size = median(sizes)
    placed = list(_placed_rows(pages))
    body, notes = _without_notes(placed, size)
    measures = _Measures(size, _usual_pitch(placed), _usual_width(placed))
    text, lines, places = "", list[Line](), list[PrintedLine]()
    before: PlacedRow | None = None
    rows = [*body, *notes]
    for number, row in enumerate(rows):
        words, place = _words_and_place(row)
        line = _line(row, before, len(text), words, measures)
        after = rows[number + 1] if number + 1 < len(rows) else None
        if after and _is_indented_first(row, before, after, measures):
            # Its indent is not that of its paragraph.
            indent = _indent(after, measures)
            line = replace(line, indent=indent, after_blank=True, after_page=False)
        if number == len(body):  # Notes do not go on with a sentence of a page.
            line = replace(line, after_blank=True, after_page=False)
        lines.append(line)
        places.append(place)
        text += words + "\n"
        before = row
    return PrintedText(text, tuple(lines), tuple(places))


@dataclass(frozen=True, slots=True)
class _Measures:
    """What most rows of a document are like, in points.

    Attributes:
        size: Size of the font.
        pitch: Distance of two rows.
        width: Width of a column.
    """

    size: float
    pitch: float
    width: float


def _placed_rows(pages: Sequence[PageRows]) -> Iterator[PlacedRow]:
    """Yield the rows of all pages in reading order."""
    areas = {vertical: _area(pages, vertical) for vertical in (False, True)}
    for page in pages:
        for column in columns_of(page.rows, *areas[page.flow.vertical]):
            before: Row | None = None
            for row in column.rows:
                pitch = _middle(row) - _middle(before) if before else 0.0
                yield PlacedRow(page.flow, row, column, before is None, pitch)
                before = row


def _area(pages: Sequence[PageRows], vertical: bool) -> tuple[float, float]:
    """Return where rows begin and end on the pages in one direction of writing."""
    rows = [row for page in pages if page.flow.vertical == vertical for row in page.rows]
    telling = [row for row in rows if len(row.glyphs) >= _MIN_ROW] or rows
    if not telling:
        return 0.0, 1.0
    return min(row.start for row in telling), max(row.end for row in telling)


def _middle(row: Row) -> float:
    return (row.low + row.high) / 2


def _usual_pitch(rows: Sequence[PlacedRow]) -> float:
    """Return the distance of two wrapped rows. Most paragraphs have more rows than one."""
    pitches = sorted(row.pitch for row in rows if row.pitch > 0)
    return pitches[len(pitches) * 2 // 5] if pitches else 0.0


def _usual_width(rows: Sequence[PlacedRow]) -> float:
    return median(row.column.end - row.column.start for row in rows for _ in row.row.glyphs)


def _without_notes(
    rows: Sequence[PlacedRow], size: float
) -> tuple[list[PlacedRow], list[PlacedRow]]:
    """Part the footnotes at the ends of columns from the other rows.

    They are smaller than most rows, the first of them begins with a mark, and all rows after it in
    the column are as small.
    """
    body: list[PlacedRow] = []
    notes: list[PlacedRow] = []
    for column in _by_column(rows):
        first = len(column)
        for place in range(len(column) - 1, -1, -1):
            if column[place].row.size > _NOTE_SIZE * size:
                break
            if _begins_note(column[place]):
                first = place
        body += column[:first]
        notes += column[first:]
    return body, notes


def _by_column(rows: Sequence[PlacedRow]) -> Iterator[list[PlacedRow]]:
    column: list[PlacedRow] = []
    for row in rows:
        if row.opens_column and column:
            yield column
            column = []
        column.append(row)
    if column:
        yield column


def _begins_note(row: PlacedRow) -> bool:
    words, _ = _words_and_place(row)
    marker = _marker(words)
    return words[0].isdecimal() or (marker is not None and marker.note)


def _begins_with_mark(row: PlacedRow) -> bool:
    return _marker(_words_and_place(row)[0]) is not None


def _marker(words: str) -> Marker | None:
    return find_marker(words, Line(0, 0, len(words), 0, 0, 0, False, False))


def _line(
    row: PlacedRow, before: PlacedRow | None, offset: int, words: str, measures: _Measures
) -> Line:
    """Return a row as a line of a text that starts at an offset. Half a size is one column."""
    unit = measures.size / 2
    # All columns count as if they were as wide as most.
    scale = measures.width / max(row.column.end - row.column.start, unit)
    indent = _indent(row, measures)
    edge = round((row.row.end - row.column.start) / unit * scale)
    after_page = before is not None and row.opens_column
    return Line(
        offset,
        offset,
        offset + len(words),
        indent,
        edge,
        indent + len(words),
        before is None or (not after_page and _is_parted(row, before, measures)),
        after_page,
    )


def _indent(row: PlacedRow, measures: _Measures) -> int:
    return max(0, round((row.row.start - row.column.start) / (measures.size / 2)))


def _is_indented_first(
    row: PlacedRow, before: PlacedRow | None, after: PlacedRow, measures: _Measures
) -> bool:
    """Return whether only the first row of a paragraph is indented, and this is it."""
    least = _FIRST_INDENT * measures.size
    step = row.row.start - after.row.start
    if after.opens_column or not least <= step <= _MAX_FIRST_INDENT * measures.size:
        return False
    if _begins_with_mark(after) or _begins_with_mark(row) or _is_parted(after, row, measures):
        return False
    full = row.column.end - row.row.end <= _FULL * measures.size
    if before is None or row.opens_column or _is_parted(row, before, measures):
        return full
    return full and row.row.start - before.row.start >= least


def _is_parted(row: PlacedRow, before: PlacedRow, measures: _Measures) -> bool:
    """Return whether a row begins a paragraph, by its distance or its size."""
    larger = max(row.row.size, before.row.size) / max(min(row.row.size, before.row.size), 0.1)
    usual = measures.pitch * max(1.0, max(row.row.size, before.row.size) / measures.size)
    return larger > _OTHER_SIZE or row.pitch > _BLANK_PITCH * usual


def _words_and_place(placed: PlacedRow) -> tuple[str, PrintedLine]:
    """Return the text of a row, with blanks, and where each character of it stands."""
    row = placed.row
    words: list[str] = []
    edges: list[float] = []
    end = row.start
    baseline = median(glyph.character.baseline for glyph in row.glyphs)
    for glyph, spaced in zip(row.glyphs, row.spaced, strict=True):
        if spaced:
            words.append(" ")
            edges.append(round(end, 1))
        text = glyph.text
        if text.isdecimal() and not placed.flow.vertical and _is_raised(glyph, row, baseline):
            text = text.translate(_SUPERSCRIPTS)
        words.append("-" if text == _HYPHEN else text)
        edges.append(round(glyph.start, 1))
        end = max(end, glyph.end)
    area = area_of(placed.flow.page.number, [glyph.character.ink for glyph in row.glyphs])
    line = PrintedLine(area, (*edges, round(end, 1)), placed.flow.vertical)
    return "".join(words), line


def _is_raised(glyph: Glyph, row: Row, baseline: float) -> bool:
    small = glyph.size < _SMALL * row.size
    return small and baseline - glyph.character.baseline > _RAISED * row.size
