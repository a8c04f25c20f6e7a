"""Tells from the layout of rows where paragraphs begin, and which rows surely go on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.characters.scripts import UNSPACED
from corpus.formats.pdf.placement import Measures, PlacedRow
from corpus.segmentation.lines import Line
from corpus.segmentation.page_layout import ends_with_semicolon
from corpus.segmentation.sentences import ends_sentence

_FIRST_INDENT, _MAX_FIRST_INDENT = 0.5, 5.0  # sizes by which the first row may be indented
_CONVENTION = 2  # paragraphs that begin in one way, so that all in the document do
_MAX_HEADING = 3  # rows
_INTRODUCES = (":", "：", ";", "；", ",", "、")
_ROOM = 1.6  # sizes: room that may be left in a full row, where no line may begin with a stop
_ROOM_FOR_WORD = 0.75  # sizes: the blank before a word, and what rows end short of the edge
_FIRST_WORD = re.compile(rf"[{UNSPACED}\uff00-\uffef]|[^\s{UNSPACED}\uff00-\uffef]+")
_UNFINISHED = re.compile(r"[,、，(（「『“・\-‐–—]\Z")


class Layout:
    """The layout of rows, from which is told where paragraphs begin."""

    def __init__(self, rows: Sequence[PlacedRow], words: Sequence[str], measures: Measures) -> None:
        self._rows, self._words, self._measures = rows, words, measures
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
        if ends_sentence(self._words[number - 1]) and not (
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
        sentence_ended = ends_sentence(self._words[number - 1])
        if sentence_ended and self._is_heading(number):
            return True
        if row.opens_column:
            if self._measures.differ(before, row):
                return True
            ended = sentence_ended or ends_with_semicolon(self._words[number - 1])
            skips_page = row.flow.page.number > before.flow.page.number + 1
            return ended and (skips_page or not self._is_full(number, before.end))
        if self._measures.are_parted(before, row, after_sentence=sentence_ended):
            return True
        if self._is_full(number, self._edges[number]):
            return False
        if ends_with_semicolon(self._words[number - 1]):
            return True
        return not (_UNFINISHED.search(self._words[number - 1]) or self._words[number][0].islower())

    def _is_heading(self, number: int) -> bool:
        """Return whether some rows are a paragraph that ends no sentence, such as a heading."""
        for place in range(number + 1, min(number + 1 + _MAX_HEADING, len(self._rows))):
            before, row = self._rows[place - 1 : place + 1]
            if row.opens_column:
                return False
            if self._measures.are_parted(before, row) or place in self._first:
                words = self._words[place - 1]
                return not (ends_sentence(words) or words.endswith(_INTRODUCES))
        return False

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
        room = _ROOM_FOR_WORD * row.size if length > 1 else _ROOM * row.size
        return before.end + word + room > edge

    def _is_indented_first(self, number: int) -> bool:
        """Return whether only the first row of a paragraph is indented, and this is it."""
        if number + 1 >= len(self._rows):
            return False
        row, after = self._rows[number], self._rows[number + 1]
        least = _FIRST_INDENT * self._measures.size
        if _are_centred((row, after)):
            return False
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
        if before.marker and self._is_full(number, before.end):
            return False  # It is the second row of a bullet.
        step = row.indent - before.indent
        return step >= least or (abs(step) < least and ends_sentence(self._words[number - 1]))


def _are_centred(rows: Sequence[PlacedRow]) -> bool:
    """Return whether rows are in the middle of their column, and do not fill it."""
    near = [_FIRST_INDENT * row.row.size for row in rows]
    left = [row.indent for row in rows]
    right = [row.end - row.row.end for row in rows]
    even = all(
        abs(one - other) < least for one, other, least in zip(left, right, near, strict=True)
    )
    return even and left[0] > near[0]


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
