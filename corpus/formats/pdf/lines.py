"""Turns the placed rows of all pages into the lines of a text, with their layout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from corpus.characters.scripts import UNSPACED
from corpus.documents import PrintedLine
from corpus.formats.pdf.glyphs import Flow, Glyph, area_of
from corpus.formats.pdf.placement import CellPart, Measures, PageRows, PlacedRow, placed_rows
from corpus.formats.pdf.rows import Row
from corpus.segmentation.lines import Line
from corpus.segmentation.page_layout import ends_with_semicolon
from corpus.segmentation.sentences import ends_sentence

_RAISED = 0.12  # of the size: how far a superscript is above the baseline
_SMALL = 0.8  # of the size of the row
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_HYPHEN = "\x02"  # how PDFium gives a hyphen at the end of a line
_NOTE_SIZE = 0.95  # of the size of most rows: notes are smaller
_FIRST_INDENT, _MAX_FIRST_INDENT = 0.5, 5.0  # sizes by which the first row may be indented
_CONVENTION = 2  # paragraphs that begin in one way, so that all in the document do
_ROOM = 1.6  # sizes: room that may be left in a full row, where no line may begin with a stop
_BLANK = 0.25  # of the size: the width of a blank
_FIRST_WORD = re.compile(rf"[{UNSPACED}\uff00-\uffef]|[^\s{UNSPACED}\uff00-\uffef]+")
_UNFINISHED = re.compile(r"[,、，(（「『“・\-‐–—]\Z")


@dataclass(frozen=True, slots=True)
class PrintedText:
    """The lines of all pages as one text, before wrapped lines are joined.

    Attributes:
        text: The lines, with a line break after each.
        lines: The same lines with their layout.
        places: Where each line stands. Every code point of a line has an edge.
        cells: What each line is in a table.
        wrapped: The offsets of the lines that surely go on with the line before.
    """

    text: str
    lines: tuple[Line, ...]
    places: tuple[PrintedLine, ...]
    cells: tuple[CellPart, ...]
    wrapped: frozenset[int]


def printed_text(pages: Sequence[PageRows]) -> PrintedText:
    """Return the lines of pages in reading order. Notes at the ends of pages come last."""
    placed = list(placed_rows(pages))
    if not placed:
        return PrintedText("", (), (), (), frozenset())
    measures = Measures.of(placed)
    body, notes = _without_notes(placed, measures.size)
    rows = [*body, *notes]
    layout = _Layout(rows, measures)
    text, lines, places = "", list[Line](), list[PrintedLine]()
    wrapped = set()
    for number, row in enumerate(rows):
        words, place = words_and_place(row.flow, row.row)
        line = layout.line(number, len(text), words)
        if number == len(body):  # Notes do not go on with a sentence of a page.
            line = replace(line, after_blank=True, after_page=False)
        elif layout.goes_on(number):
            wrapped.add(line.line_start)
        lines.append(line)
        places.append(place)
        text += words + "\n"
    cells = tuple(row.cell for row in rows)
    return PrintedText(text, tuple(lines), tuple(places), cells, frozenset(wrapped))


class _Layout:
    """The layout of rows, from which is told where paragraphs begin."""

    def __init__(self, rows: Sequence[PlacedRow], measures: Measures) -> None:
        self._rows, self._measures = rows, measures
        self._edges = list(_run_edges(rows, measures))
        self._first = {n for n in range(len(rows)) if self._is_indented_first(n)}
        # How the document parts its paragraphs.
        self._indents = len(self._first) >= _CONVENTION
        parted = sum(measures.are_parted(*pair) for pair in pairwise(rows))
        self._leaves_gaps = parted >= _CONVENTION

    def line(self, number: int, offset: int, words: str) -> Line:
        """Return a row as a line of a text that begins at an offset. Half a size is one column."""
        row, unit = self._rows[number], self._measures.size / 2
        # All columns count as if they were as wide as most.
        scale = self._measures.width / max(row.end - row.start, unit)
        # If only the first row of a paragraph is indented, this is not the indent of the others.
        indented = self._rows[number + 1] if number in self._first else row
        indent = max(0, round(indented.indent / unit))
        return Line(
            line_start=offset,
            start=offset,
            end=offset + len(words),
            indent=indent,
            edge_columns=round((row.row.end - row.start) / unit * scale),
            edge_characters=indent + len(words),
            after_blank=self._begins_paragraph(number),
            after_page=number > 0 and row.opens_column and number not in self._first,
        )

    def goes_on(self, number: int) -> bool:
        """Return whether a row surely goes on with the paragraph of the row before.

        The row before is full, and this one begins where the rows of a paragraph begin. After the
        end of a sentence it must also be known how the document parts its paragraphs.
        """
        row = self._rows[number]
        if number == 0 or row.cell or row.marker or self._begins_paragraph(number):
            return False
        before = self._rows[number - 1]
        if number in self._first or before.cell or not self._is_full(number, before.end):
            return False
        if ends_sentence(before.row.text) and not (
            self._indents or (self._leaves_gaps and not row.opens_column)
        ):
            return False
        near = _FIRST_INDENT * self._measures.size
        hanging = before.marker is not None and row.indent > before.indent
        return hanging or number - 1 in self._first or abs(row.indent - before.indent) < near

    def _begins_paragraph(self, number: int) -> bool:
        if number == 0 or number in self._first:
            return True
        before, row = self._rows[number - 1], self._rows[number]
        if row.opens_column:
            ended = ends_with_semicolon(before.row.text)
            return ended and not self._is_full(number, before.end)
        if self._measures.are_parted(before, row):
            return True
        if self._is_full(number, self._edges[number]):
            return False
        if ends_with_semicolon(before.row.text):
            return True
        return not (_UNFINISHED.search(before.row.text) or row.row.text[0].islower())

    def _is_full(self, number: int, edge: float) -> bool:
        """Return whether the first word of a row does not fit on the row before.

        Args:
            number: The number of the row.
            edge: Where rows end.
        """
        before, row = self._rows[number - 1].row, self._rows[number].row
        match = _FIRST_WORD.match(row.text)
        length = len(match[0]) if match else 1
        glyphs = row.glyphs[:length]
        word = glyphs[-1].end - glyphs[0].start
        room = _BLANK * row.size if length > 1 else _ROOM * row.size
        return before.end + word + room > edge

    def _is_indented_first(self, number: int) -> bool:
        """Return whether only the first row of a paragraph is indented, and this is it."""
        if number + 1 >= len(self._rows):
            return False
        row, after = self._rows[number], self._rows[number + 1]
        least = _FIRST_INDENT * self._measures.size
        step = row.indent - after.indent
        if after.opens_column or not least <= step <= _MAX_FIRST_INDENT * self._measures.size:
            return False
        if after.marker or row.marker or self._measures.are_parted(row, after):
            return False
        if not self._is_full(number + 1, row.end):
            return False
        before = self._rows[number - 1] if number else None
        if before is None or row.opens_column or self._measures.are_parted(before, row):
            return True
        return row.indent - before.indent >= least


def _run_edges(rows: Sequence[PlacedRow], measures: Measures) -> Iterator[float]:
    """Yield for each row where the rows around it end, up to the next gap between paragraphs."""
    run: list[PlacedRow] = []
    for row in rows:
        if run and (row.opens_column or measures.are_parted(run[-1], row)):
            yield from [max(each.row.end for each in run)] * len(run)
            run = []
        run.append(row)
    if run:
        yield from [max(each.row.end for each in run)] * len(run)


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
            row = column[place]
            if row.row.size > _NOTE_SIZE * size or row.cell:
                break
            if row.row.text[0].isdecimal() or (row.marker and row.marker.note):
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


def words_and_place(flow: Flow, row: Row) -> tuple[str, PrintedLine]:
    """Return the text of a row, with blanks, and where each character of it stands."""
    words: list[str] = []
    edges: list[float] = []
    end = row.start
    baseline = median(glyph.character.baseline for glyph in row.glyphs)
    for glyph, blank in zip(row.glyphs, row.blanks, strict=True):
        if blank:
            words.append(blank)
            edges.append(round(end, 1))
        text = glyph.text
        if text.isdecimal() and not flow.vertical and _is_raised(glyph, row, baseline):
            text = text.translate(_SUPERSCRIPTS)
        words.append("-" if text == _HYPHEN else text)
        edges.append(round(glyph.start, 1))
        end = max(end, glyph.end)
    area = area_of(flow.page.number, [glyph.character.ink for glyph in row.glyphs])
    return "".join(words), PrintedLine(area, (*edges, round(end, 1)), flow.vertical)


def _is_raised(glyph: Glyph, row: Row, baseline: float) -> bool:
    small = glyph.size < _SMALL * row.size
    return small and baseline - glyph.character.baseline > _RAISED * row.size
