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
_SAME_MIDDLE = 0.3  # sizes by which the ends of two rows may differ that have the same middle
_CONVENTION = 2  # paragraphs that begin in one way, so that all in the document do
_MAX_HEADING = 3  # rows
_INTRODUCES = (":", "：", ";", "；", ",", "、")
_ROOM = 1.6  # sizes: room that may be left in a full row, where no line may begin with a stop
_ROOM_FOR_WORD = 0.75  # sizes: the blank before a word, and what rows end short of the edge
# What stays together at the beginning of a row: opening brackets with a character or a word.
_FIRST_WORD = re.compile(
    rf"[「『（【〔《〈“‘(\[]*(?:[{UNSPACED}\uff00-\uffef]|[^\s{UNSPACED}\uff00-\uffef]+)"
)
_PARTED_WORD = re.compile(r"[^\W\d_][-‐\u00ad]\Z")
_UNFINISHED = re.compile(r"[,、，(（「『“・\-‐–—]\Z")


class Layout:
    """The layout of rows, from which is told where paragraphs begin."""

    def __init__(self, rows: Sequence[PlacedRow], words: Sequence[str], measures: Measures) -> None:
        self._rows, self._words, self._measures = rows, words, measures
        self._run_ends, self._edges = list[int](), list[float]()
        for run in _runs(rows, measures):
            self._run_ends += [run.stop] * len(run)
            self._edges += [max(rows[number].row.end for number in run)] * len(run)
        self._fonts = [
            {glyph.character.font for glyph in row.row.glyphs if glyph.text.isalpha()}
            for row in rows
        ]
        self._first = {n for n in range(len(rows)) if self._is_indented_first(n)}
        # How the document parts its paragraphs.
        self._indents = len(self._first) >= _CONVENTION
        parted = sum(measures.are_parted(*pair) for pair in pairwise(rows))
        self._leaves_gaps = parted >= _CONVENTION
        self._goes_on: list[bool] = []
        for number in range(len(rows)):
            self._goes_on.append(self._continues(number))

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
        """Return whether a row surely goes on with the paragraph of the row before."""
        return self._goes_on[number]

    def _continues(self, number: int) -> bool:
        """Return whether a row surely goes on, when this is known of the rows before it.

        The row before is full, and this one begins where the rows of a paragraph begin. After the
        end of a sentence it must also be known how the document parts its paragraphs.
        """
        row = self._rows[number]
        if number == 0 or row.cell or row.marker or self._begins_paragraph(number):
            return False
        before, ended = self._rows[number - 1], ends_sentence(self._words[number - 1])
        if before.cell or not self._is_wrapped(number, ended):
            return False
        if ended and not (self._indents or (self._leaves_gaps and not row.opens_column)):
            return False
        if before.marker and row.indent > before.indent:  # a hanging row
            return True
        if number - 1 in self._first or _are_centred(before, row):
            return True
        return abs(row.indent - before.indent) < _FIRST_INDENT * self._measures.size

    def _is_wrapped(self, number: int, ended: bool) -> bool:
        """Return whether the row before a row is surely full.

        Rows that are narrower than the column, such as those of a quotation, count as full if they
        are as wide as the others, and the last of them ends a sentence.

        Args:
            number: The number of the row.
            ended: Whether a sentence ends with the row before.
        """
        if self._is_full(number, self._rows[number - 1].end):
            return True
        if _PARTED_WORD.search(self._words[number - 1]) and self._words[number][0].islower():
            return True
        if ended or self._rows[number].opens_column:
            return False
        last = self._run_ends[number] - 1
        return ends_sentence(self._words[last]) and self._is_full(number, self._edges[number])

    def _begins_paragraph(self, number: int) -> bool:
        if number == 0 or number in self._first:
            return True
        before, row = self._rows[number - 1], self._rows[number]
        sentence_ended = ends_sentence(self._words[number - 1])
        if sentence_ended and (self._is_heading(number) or self._changes_font(number)):
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
            return bool(row.marker) and self._changes_font(number)
        if ends_with_semicolon(self._words[number - 1]) or self._changes_font(number):
            return True
        if self._goes_on[number - 1] and not sentence_ended:
            return False  # A sentence of several rows goes on, though this one was ended early.
        return not (_UNFINISHED.search(self._words[number - 1]) or self._words[number][0].islower())

    def _changes_font(self, number: int) -> bool:
        """Return whether a row shares no font with the row before, as a heading in bold letters."""
        before, fonts = self._fonts[number - 1], self._fonts[number]
        return bool(before and fonts) and not before & fonts

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
        if _are_centred(row, after):
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


def _are_centred(row: PlacedRow, after: PlacedRow) -> bool:
    """Return whether two rows have the same middle, and the first does not fill the column."""
    size = row.row.size
    middles = [each.row.start + each.row.end for each in (row, after)]
    if row.indent < _FIRST_INDENT * size or abs(middles[0] - middles[1]) > _SAME_MIDDLE * size:
        return False
    column = row.start + row.end
    return after.indent > _FIRST_INDENT * size or abs(middles[0] - column) < _FIRST_INDENT * size


def _runs(rows: Sequence[PlacedRow], measures: Measures) -> Iterator[range]:
    """Yield the numbers of rows between two gaps that part paragraphs."""
    first = 0
    for number in range(1, len(rows) + 1):
        if (
            number == len(rows)
            or rows[number].opens_column
            or measures.are_parted(rows[number - 1], rows[number])
        ):
            yield range(first, number)
            first = number
