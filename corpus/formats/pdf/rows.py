"""Groups the characters of a page into rows, and tells blanks and ruby in them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.characters.scripts import UNSPACED
from corpus.formats.pdf.glyphs import Glyph

_OVERLAP = 0.5  # of the smaller height: what two characters of a row share across
_SMALL = 0.75  # of the size of a row: smaller characters are superscripts or ruby
_RUBY_SIZE = 0.7  # of the size of the base
_RUBY_GAP = 0.6  # of the size of the base: how far ruby may be from it
_WORD_GAP = 0.17  # of the size: a gap between two words that are spelt with letters
_MIXED_GAP = 0.36  # of the size: a blank beside a character of a script without blanks
_WIDE_GAP = 0.42  # of the size: a blank between two characters of such scripts
_UNSPACED = re.compile(f"[{UNSPACED}\u3000-\u303f\uff00-\uffef]")
_RUBY = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9fA-Za-zāīūēō\s・]+")


@dataclass(frozen=True, slots=True)
class Row:
    """Characters that stand in one row, from its beginning to its end.

    Attributes:
        glyphs: The characters, without blanks.
        spaced: For each character, whether a blank is before it.
        size: The size of most of its characters.
        low: Its edge towards the row before.
        high: Its edge towards the next row.
    """

    glyphs: tuple[Glyph, ...]
    spaced: tuple[bool, ...]
    size: float
    low: float
    high: float

    @property
    def start(self) -> float:
        """Where it begins."""
        return self.glyphs[0].start

    @property
    def end(self) -> float:
        """Where it ends."""
        return max(glyph.end for glyph in self.glyphs)

    @property
    def text(self) -> str:
        """Its characters with blanks."""
        pairs = zip(self.glyphs, self.spaced, strict=True)
        return "".join(" " * spaced + glyph.text for glyph, spaced in pairs)

    def part(self, first: int, last: int) -> Row:
        """Return the row of some of its characters."""
        glyphs = self.glyphs[first:last]
        return _row(glyphs, (False, *self.spaced[first + 1 : last]))


def rows_of(glyphs: Sequence[Glyph]) -> tuple[list[Row], list[Row]]:
    """Group characters into rows.

    Returns:
        The rows in order, and the rows of ruby, which are left out of them.
    """
    visible = sorted((glyph for glyph in glyphs if not glyph.text.isspace()), key=_middle)
    blanks = _Blanks([glyph for glyph in glyphs if glyph.text.isspace()])
    rows = [_with_blanks(group, blanks) for group in _grouped(visible)]
    return _without_ruby(sorted(rows, key=lambda row: (row.low + row.high) / 2))


def _middle(glyph: Glyph) -> float:
    return glyph.middle


def _grouped(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the characters of each row. They are sorted by their middles."""
    groups: list[_Group] = []
    for glyph in sorted(glyphs, key=lambda glyph: (-round(glyph.size), glyph.middle)):
        place = bisect_right(groups, glyph.middle, key=lambda group: group.middle)
        near = groups[max(place - 2, 0) : place + 2]
        best = max(near, key=lambda group: group.overlap(glyph), default=None)
        if best is not None and best.overlap(glyph) >= _OVERLAP:
            best.glyphs.append(glyph)
        else:
            groups.insert(place, _Group([glyph], glyph.low, glyph.high, glyph.middle))
    for group in groups:
        yield group.glyphs


@dataclass(slots=True)
class _Group:
    glyphs: list[Glyph]
    low: float
    high: float
    middle: float

    def overlap(self, glyph: Glyph) -> float:
        shared = min(self.high, glyph.high) - max(self.low, glyph.low)
        return shared / max(min(self.high - self.low, glyph.high - glyph.low), 0.1)


class _Blanks:
    """The blanks that the file itself holds, to look up whether one is between two characters."""

    def __init__(self, blanks: Sequence[Glyph]) -> None:
        self._blanks = sorted(blanks, key=lambda blank: blank.start)
        self._starts = [blank.start for blank in self._blanks]

    def between(self, before: Glyph, after: Glyph) -> bool:
        first = bisect_right(self._starts, before.start)
        for blank in self._blanks[first : bisect_right(self._starts, after.start)]:
            if before.low < blank.middle < before.high or after.low < blank.middle < after.high:
                return True
        return False


def _with_blanks(group: Sequence[Glyph], blanks: _Blanks) -> Row:
    """Return the row of some characters, each with whether a blank is before it.

    In many files, blanks are gaps only. Between two words a gap is a blank. Beside a character of
    a script without blanks, a gap may come from justification or from the space that is set
    between scripts, so it must be wide, and wider than others of the row.
    """
    glyphs = sorted(group, key=lambda glyph: (round(glyph.start, 1), glyph.character.left))
    gaps = [after.start - before.end for before, after in pairwise(glyphs)]
    usual = max(0.0, median(gaps)) if gaps else 0.0
    spaced = [False]
    for (before, after), gap in zip(pairwise(glyphs), gaps, strict=True):
        size = min(before.size, after.size)
        if _UNSPACED.match(before.text) and _UNSPACED.match(after.text):
            least = _WORD_GAP if blanks.between(before, after) else _WIDE_GAP
            spaced.append(gap > usual + least * size)
        elif _UNSPACED.match(before.text) or _UNSPACED.match(after.text):
            wide = gap > usual + _MIXED_GAP * size
            spaced.append(wide or (blanks.between(before, after) and gap > usual))
        else:
            spaced.append(gap > _WORD_GAP * size or (gap > 0 and blanks.between(before, after)))
    return _row(glyphs, spaced)


def _row(glyphs: Sequence[Glyph], spaced: Sequence[bool]) -> Row:
    size = median(glyph.size for glyph in glyphs)
    main = [glyph for glyph in glyphs if glyph.size >= _SMALL * size]
    low, high = min(glyph.low for glyph in main), max(glyph.high for glyph in main)
    return Row(tuple(glyphs), tuple(spaced), size, low, high)


def _without_ruby(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Part rows of ruby from the others: small kana directly before a row, within its ends."""
    kept: list[Row] = []
    ruby: list[Row] = []
    for place, row in enumerate(rows):
        below = (later for later in rows[place + 1 : place + 4] if later.start < row.end)
        base = next(below, None)
        (ruby if base and _is_ruby(row, base) else kept).append(row)
    return kept, ruby


def _is_ruby(row: Row, base: Row) -> bool:
    if row.size > _RUBY_SIZE * base.size or not _RUBY.fullmatch(row.text):
        return False
    gap = base.low - row.high
    inside = base.start - row.size <= row.start and row.end <= base.end + row.size
    return inside and -_RUBY_GAP * base.size <= gap <= _RUBY_GAP * base.size
