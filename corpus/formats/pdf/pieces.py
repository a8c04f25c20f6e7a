"""Rows in the pieces that may belong to columns beside each other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.formats.pdf.rows import Row

_HANGING = "、。，．"  # marks that may stand in the margin, with space in their second half


@dataclass(frozen=True, slots=True)
class Pieces:
    """A row, and its pieces between wide gaps.

    Attributes:
        row: The row.
        starts: Where each piece begins.
        ends: Where each piece ends.
        first_glyphs: The number of the first character of each piece.
    """

    row: Row
    starts: tuple[float, ...]
    ends: tuple[float, ...]
    first_glyphs: tuple[int, ...]

    @classmethod
    def of(cls, row: Row, gap: float) -> Pieces:
        """Return the pieces of a row between gaps that are as wide as this, in sizes."""
        starts, ends, firsts = [row.start], list[float](), [0]
        end = row.start
        least = gap * row.size
        for number, glyph in enumerate(row.glyphs):
            if glyph.start - end >= least:
                ends.append(end)
                starts.append(glyph.start)
                firsts.append(number)
            stop = (glyph.start + glyph.end) / 2 if glyph.text in _HANGING else glyph.end
            if stop > end:
                end = stop
        return cls(row, tuple(starts), (*ends, end), tuple(firsts))

    def side(self, place: float) -> str:
        """Return on which side of a place it is: `left`, `right`, `both`, or `across` it."""
        cut = bisect_right(self.starts, place)
        if cut and self.ends[cut - 1] > place:
            return "across"
        return "right" if not cut else "left" if cut == len(self.starts) else "both"

    def parts(self, place: float) -> tuple[Pieces, Pieces]:
        """Return what is before a place and what is after it, where both sides have words."""
        cut = bisect_right(self.starts, place)
        first = self.first_glyphs[cut]
        before, after = self.row.part(0, first), self.row.part(first, len(self.row.glyphs))
        firsts = tuple(number - first for number in self.first_glyphs[cut:])
        return (
            Pieces(before, self.starts[:cut], self.ends[:cut], self.first_glyphs[:cut]),
            Pieces(after, self.starts[cut:], self.ends[cut:], firsts),
        )


def start_of(rows: Sequence[Pieces]) -> float:
    """Return where the first of some rows begins."""
    return min(pieces.row.start for pieces in rows)


def end_of(rows: Sequence[Pieces]) -> float:
    """Return where the longest of some rows ends."""
    return max(pieces.row.end for pieces in rows)


def middle_of(row: Row) -> float:
    """Return the middle of a row across it."""
    return (row.low + row.high) / 2


def parted(rows: Sequence[Pieces], place: float) -> tuple[list[Pieces], list[Pieces]]:
    """Return what some rows have before a place, and what they have after it."""
    left: list[Pieces] = []
    right: list[Pieces] = []
    for pieces in rows:
        side = pieces.side(place)
        if side == "both":
            before, after = pieces.parts(place)
            left.append(before)
            right.append(after)
        else:
            (left if side == "left" else right).append(pieces)
    return left, right
