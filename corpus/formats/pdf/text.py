"""Writes the text of a PDF: its blocks, with wrapped lines joined, and the map to the pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    """Return the text of some lines, block by block, with where each stretch of it stands."""
    builder = TextBuilder()
    places = dict(zip((line.line_start for line in printed.lines), printed.places, strict=True))
    hyphens = Hyphens([line.of(printed.text) for line in printed.lines])
    for block in read_blocks(printed.text, printed.lines):
        _write_block(builder, printed.text, block, places, hyphens)
    return builder


def _write_block(
    builder: TextBuilder,
    text: str,
    block: Block,
    places: Mapping[int, PrintedLine],
    hyphens: Hyphens,
) -> None:
    depth = max(block.depth - 1, 0)
    builder.begin_block(depth=depth)
    for line, drop, between in _joined_lines(text, block, hyphens):
        place = places[line.line_start]
        # The first line of a block begins after its marker, which is printed, too.
        end = line.end - line.line_start - drop
        shortened = replace(place, edges=place.edges[: end + 1])
        builder.write(text[line.line_start : line.end - drop], shortened)
        if between is None:
            builder.begin_block(depth=depth + 1)
        else:
            builder.write(between.replace("\n", "\n" + _INDENT * depth))


def _joined_lines(
    text: str, block: Block, hyphens: Hyphens
) -> Iterator[tuple[Line, int, str | None]]:
    """Yield each line of a block, how many characters at its end are dropped, and what follows.

    None follows where another paragraph of the same block begins.
    """
    for before, after in pairwise(block.lines):
        if before.end in block.breaks:
            yield before, 0, None
        elif before.end in block.author_ends:
            yield before, 0, "\n"
        else:
            yield before, *hyphens.joint(before.of(text), after.of(text))
    yield block.lines[-1], 0, ""
