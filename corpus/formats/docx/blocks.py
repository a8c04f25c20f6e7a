"""The blocks of a text, as they are written in the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.formats.docx.pieces import Piece
from corpus.formats.reading import TextBuilder

_CELLS = "\t"  # stands between the cells of a row
_INDENT = "  "


@dataclass(slots=True)
class Block:
    """A paragraph, bullet or table row.

    Attributes:
        lines: Its lines; the author ended each.
        marker: Its number or bullet, with the space after it.
        depth: In how many bullets it is.
        hangs: Whether its further lines are indented below its words.
        is_row: Whether it is a row of a table.
    """

    lines: Sequence[Sequence[Piece]]
    marker: str = ""
    depth: int = 0
    hangs: bool = False
    is_row: bool = False


def joined_row(cells: Sequence[Sequence[Block]]) -> Block | None:
    """Return a table row as one line.

    Args:
        cells: The blocks of each cell.

    Returns:
        The row; None if it has only one cell or one that holds more than one block, as in a table
        that arranges a page, or if no cell holds words.
    """
    row: list[Piece] = []
    marker = ""
    for cell in cells:
        if len(cells) == 1 or len(cell) > 1 or any(block.is_row for block in cell):
            return None
        for block in cell:
            if row:
                row += [Piece(_CELLS), Piece(block.marker)]
            else:
                marker = block.marker
            row += _one_line(block.lines)
        if row and not cell:
            row.append(Piece(_CELLS))
    while row and row[-1].text == _CELLS:
        row.pop()
    return Block([row], marker, is_row=True) if row else None


def _one_line(lines: Sequence[Sequence[Piece]]) -> list[Piece]:
    pieces = list(lines[0])
    for line in lines[1:]:
        pieces += [Piece(" "), *line]
    return pieces


def write_blocks(builder: TextBuilder, blocks: Iterable[Block]) -> None:
    """Append blocks to a text."""
    for block in blocks:
        builder.begin_block(block.marker, block.depth)
        below = _INDENT * (block.depth + block.hangs)
        for number, line in enumerate(block.lines):
            if number:
                builder.write(f"\n{below}")
            for piece in line:
                builder.write(piece.text, piece.where)
