"""Turns the placed rows of all pages into the lines of a text, with their layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from corpus.documents import PrintedLine
from corpus.formats.pdf.glyphs import Flow, Glyph, area_of
from corpus.formats.pdf.paragraphs import Layout
from corpus.formats.pdf.placement import CellPart, Measures, PageRows, PlacedRow, placed_rows
from corpus.formats.pdf.rows import Row
from corpus.segmentation.lines import Line

_RAISED = 0.12  # of the size: how far a superscript is above the baseline
_SMALL = 0.8  # of the size of the row
_RAISED_INK = 0.2  # of the size: how far the superscript form of a font is above it
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_HYPHEN = "\x02"  # how PDFium gives a hyphen at the end of a line
_NOTE_SIZE = 0.95  # of the size of most rows: notes are smaller


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
    printed = [
        words_and_place(row.flow, row.row, is_note=number >= len(body))
        for number, row in enumerate(rows)
    ]
    layout = Layout(rows, [words for words, _ in printed], measures)
    lines: list[Line] = []
    wrapped: set[int] = set()
    length = 0
    for number, (words, _) in enumerate(printed):
        line = layout.line(number, length, words)
        if number == len(body):  # Notes do not go on with a sentence of a page.
            line = replace(line, after_blank=True, after_page=False)
        elif layout.goes_on(number):
            wrapped.add(line.line_start)
        lines.append(line)
        length += len(words) + 1
    text = "".join(f"{words}\n" for words, _ in printed)
    places, cells = tuple(place for _, place in printed), tuple(row.cell for row in rows)
    return PrintedText(text, tuple(lines), places, cells, frozenset(wrapped))


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


def words_and_place(flow: Flow, row: Row, *, is_note: bool = False) -> tuple[str, PrintedLine]:
    """Return the text of a row, with blanks, and where each character of it stands.

    Args:
        flow: The page.
        row: The row.
        is_note: Whether it is one of a footnote. There is a blank after its number.
    """
    words: list[str] = []
    edges: list[float] = []
    end = row.start
    baseline = median(glyph.character.baseline for glyph in row.glyphs)
    numbered = is_note
    for glyph, blank in zip(row.glyphs, row.blanks, strict=True):
        text = glyph.text
        raised = text.isdecimal() and not flow.vertical and _is_raised(glyph, row, baseline)
        if numbered and not raised:
            blank, numbered = blank or (" " if words else ""), False
        if blank:
            words.append(blank)
            edges.append(round(end, 1))
        if raised:
            text = text.translate(_SUPERSCRIPTS)
        words.append("-" if text == _HYPHEN else text)
        edges.append(round(glyph.start, 1))
        end = max(end, glyph.end)
    area = area_of(flow.page.number, [glyph.character.ink for glyph in row.glyphs])
    return "".join(words), PrintedLine(area, (*edges, round(end, 1)), flow.vertical)


def _is_raised(glyph: Glyph, row: Row, baseline: float) -> bool:
    """Return whether a digit is a superscript: a small one, or the superscript form of a font."""
    character = glyph.character
    small = glyph.size < _SMALL * row.size
    if small and baseline - character.baseline > _RAISED * row.size:
        return True
    return character.baseline - character.ink[3] > _RAISED_INK * glyph.size
