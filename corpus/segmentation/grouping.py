"""Groups the lines of a statement into blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.segmentation.block_boundaries import BlockBoundaries
from corpus.segmentation.blocks import Block
from corpus.segmentation.lines import Line
from corpus.segmentation.markers import Marker
from corpus.segmentation.page_layout import PageLayout

# Kinds of numbers, from the outermost to the innermost. `１．` is never an item below `（１）`.
_RANKS = {"第0条": 0, "0.": 1, "(0)": 2}


def read_blocks(text: str, lines: Sequence[Line]) -> Iterator[Block]:
    """Group the lines of a statement into blocks, in order."""
    layout = PageLayout(text, lines)
    boundaries = BlockBoundaries(layout)
    block: Block | None = None
    bullets: list[Block] = []  # the bullets that the block is in, outermost first
    for number, line in enumerate(lines):
        marker = layout.markers[number]
        if marker and boundaries.opens(number, block, bullets):
            bullets = _enclosing(bullets, line.indent, marker)
            opened = Block([replace(line, start=marker.start)], marker, len(bullets) + 1)
            bullets = [*bullets, opened]
        elif block and boundaries.continues(number, block):
            before = lines[number - 1]
            if line.after_blank:
                block.breaks.append(before.end)
            wrapped = layout.reaches_margin(number) or boundaries.is_inseparable(number, block)
            if not wrapped:
                block.author_ends.append(before.end)
            block.lines.append(line)
            continue
        else:
            bullets, opened = [], Block([line])
        if block:
            yield block
        block = opened
    if block:
        yield block


def _enclosing(bullets: Sequence[Block], indent: int, marker: Marker) -> list[Block]:
    """Return the bullets that a new bullet with this indent and marker is below."""
    rank = _RANKS.get(marker.kind, len(_RANKS))
    if marker.note or not rank:
        return []
    outer = [bullet for bullet in bullets if bullet.indent <= indent]
    while outer and outer[-1].indent == indent and _rank(outer[-1]) > rank:
        outer.pop()
    for depth, bullet in enumerate(outer):
        if bullet.marker and bullet.marker.kind == marker.kind and bullet.indent == indent:
            return outer[:depth]
    return outer


def _rank(block: Block) -> int:
    return _RANKS.get(block.marker.kind, -1) if block.marker else -1
