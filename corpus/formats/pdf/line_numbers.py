"""Finds the numbers of lines that a draft or a print of a court has in the margin."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from corpus.formats.pdf.rows import Row

_MAX_DIGITS = 4
_MIN_GAP = 0.5  # of the size: what is between a number and its line
_MIN_COUNTING = 4  # numbers after one that counts the rows
_COUNTING = 0.6  # share of all numbers: there may be empty lines, or rows that are not counted


class _Number(NamedTuple):
    """A number before a row: its value, the place of the row on the page, and its digits."""

    value: int
    row: int
    digits: int


def without_line_numbers(pages: Sequence[Sequence[Row]]) -> list[tuple[list[Row], list[Row]]]:
    """Part the numbers of lines from the rows of all pages.

    They stand before all rows, and count them: 1, 2, 3 or 5, 10, 15. Numbers of paragraphs, which
    may stand in the margin as well, count no rows.

    Returns:
        For each page the rows without numbers, and the numbers as rows.
    """
    numbers = [_numbers(rows) for rows in pages]
    pairs = [pair for page in numbers for pair in pairwise(page)]
    counting = sum(after.value - before.value == after.row - before.row for before, after in pairs)
    if counting < max(_MIN_COUNTING, _COUNTING * len(pairs)):
        return [(list(rows), []) for rows in pages]
    return [_parted(rows, page) for rows, page in zip(pages, numbers, strict=True)]


def _numbers(rows: Sequence[Row]) -> list[_Number]:
    """Return the numbers that end before all other words of a page begin."""
    digits = [_leading_digits(row) for row in rows]
    starts = [row.glyphs[count].start for row, count in zip(rows, digits, strict=True)]
    edge = min(starts, default=0.0)
    return [
        _Number(int("".join(glyph.text for glyph in row.glyphs[:count])), place, count)
        for place, (row, count) in enumerate(zip(rows, digits, strict=True))
        if count and row.glyphs[count - 1].end < edge
    ]


def _leading_digits(row: Row) -> int:
    """Return of how many digits the number before a row is; 0 if there is none."""
    for count, (before, after) in enumerate(pairwise(row.glyphs[: _MAX_DIGITS + 1]), 1):
        if not before.text.isdecimal():
            return 0
        if after.start - before.end >= _MIN_GAP * row.size:
            return count
    return 0


def _parted(rows: Sequence[Row], numbers: Sequence[_Number]) -> tuple[list[Row], list[Row]]:
    kept, parted = list(rows), list[Row]()
    for number in numbers:
        row = rows[number.row]
        parted.append(row.part(0, number.digits))
        kept[number.row] = row.part(number.digits, len(row.glyphs))
    return kept, parted
