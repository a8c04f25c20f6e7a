"""Writes the text of a PDF: its blocks, with wrapped lines joined, and the map to the pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from corpus.documents import PrintedLine
from corpus.formats.pdf.hyphens import Hyphens
from corpus.formats.pdf.lines import PrintedText
from corpus.formats.reading import TextBuilder
from corpus.segmentation.blocks import Block
from corpus.segmentation.grouping import read_blocks
from corpus.segmentation.lines import Line

_INDENT = "  "


def write_text(printed: PrintedText) -> TextBuilder:
    """Return the text of some lines, block by block, with where each stretch of it stands.

    A table follows the block that it interrupts, since a sentence may go on after it.
    """
    builder = TextBuilder()
    writer = _Writer(builder, printed)
    tables = list(_table_rows(printed))
    for block in _blocks(printed):
        while tables and tables[0][0][0].line_start < block.lines[0].line_start:
            writer.write_table_row(tables.pop(0))
        writer.write_block(block)
    for row in tables:
        writer.write_table_row(row)
    return builder


def _blocks(printed: PrintedText) -> list[Block]:
    """Return the blocks outside of tables. One that surely goes on over a page is one block."""
    pairs = zip(printed.lines, printed.cells, strict=True)
    blocks: list[Block] = []
    for block in read_blocks(printed.text, [line for line, cell in pairs if not cell]):
        if blocks and not block.marker and block.lines[0].line_start in printed.wrapped:
            blocks[-1] = _joined(blocks[-1], block)
        else:
            blocks.append(block)
    return blocks


def _joined(block: Block, further: Block) -> Block:
    return replace(
        block,
        lines=[*block.lines, *further.lines],
        breaks=[*block.breaks, *further.breaks],
        author_ends=[*block.author_ends, *further.author_ends],
    )


def _table_rows(printed: PrintedText) -> Iterator[list[tuple[Line, str]]]:
    """Yield the lines of each row of a table, each with what it is in the row."""
    row: list[tuple[Line, str]] = []
    for line, cell in zip(printed.lines, printed.cells, strict=True):
        if cell == "row" and row:
            yield row
            row = []
        if cell:
            row.append((line, cell))
    if row:
        yield row


class _Writer:
    """Writes blocks and rows of tables."""

    def __init__(self, builder: TextBuilder, printed: PrintedText) -> None:
        self._builder, self._printed = builder, printed
        starts = (line.line_start for line in printed.lines)
        self._places: Mapping[int, PrintedLine] = dict(zip(starts, printed.places, strict=True))
        self._hyphens = Hyphens([line.of(printed.text) for line in printed.lines])

    def write_block(self, block: Block) -> None:
        depth = max(block.depth - 1, 0)
        self._builder.begin_block(depth=depth)
        for line, drop, between in self._joints(block):
            self._write_line(line, drop)
            if between is None:
                self._builder.begin_block(depth=depth + 1)
            else:
                self._builder.write(between.replace("\n", "\n" + _INDENT * depth))

    def write_table_row(self, row: Sequence[tuple[Line, str]]) -> None:
        self._builder.begin_block()
        text = self._printed.text
        for (before, _), (after, cell) in pairwise(row):
            if cell == "cell":
                drop, between = 0, "\t"
            else:
                drop, between = self._hyphens.joint(before.of(text), after.of(text))
            self._write_line(before, drop)
            self._builder.write(between)
        self._write_line(row[-1][0], 0)

    def _joints(self, block: Block) -> Iterator[tuple[Line, int, str | None]]:
        """Yield each line of a block, how many characters at its end are dropped, what follows.

        None follows where another paragraph of the same block begins.
        """
        text = self._printed.text
        for before, after in pairwise(block.lines):
            goes_on = after.line_start in self._printed.wrapped
            if before.end in block.breaks:
                yield before, 0, None
            elif before.end in block.author_ends and not goes_on:
                yield before, 0, "\n"
            else:
                yield before, *self._hyphens.joint(before.of(text), after.of(text))
        yield block.lines[-1], 0, ""

    def _write_line(self, line: Line, drop: int) -> None:
        """Write a line without some characters at its end.

        The first line of a block begins after its marker, which is printed, too.
        """
        place, end = self._places[line.line_start], line.end - drop
        edges = place.edges[: end - line.line_start + 1]
        words = self._printed.text[line.line_start : end]
        self._builder.write(words, replace(place, edges=edges))
