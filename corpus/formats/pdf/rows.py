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
_WIDE_BLANK = "\u3000"
_MIN_GAPS = 4  # between characters, from which the usual gap is told
_WIDE_GAP = 0.42  # of the size: a blank between two characters of such scripts
_UNSPACED = re.compile(f"[{UNSPACED}\u3000-\u303f\uff00-\uffef]")
_RUBY = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9fA-Za-zāīūēō\s・]+")


@dataclass(frozen=True, slots=True)
class Row:
    """Characters that stand in one row, from its beginning to its end.

    Attributes:
        glyphs: The characters, without blanks.
        blanks: What is written before each character: a blank, or nothing.
        size: The size of most of its characters.
        low: Its edge towards the row before.
        high: Its edge towards the next row.
    """

    glyphs: tuple[Glyph, ...]
    blanks: tuple[str, ...]
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
        pairs = zip(self.blanks, self.glyphs, strict=True)
        return "".join(blank + glyph.text for blank, glyph in pairs)

    def part(self, first: int, last: int) -> Row:
        """Return the row of some of its characters."""
        return _row(self.glyphs[first:last], ("", *self.blanks[first + 1 : last]))


def rows_of(glyphs: Sequence[Glyph], *, recognised: bool = False) -> tuple[list[Row], list[Row]]:
    """Group characters into rows.

    Args:
        glyphs: The characters.
        recognised: Whether they were recognised in a picture (OCR). Then the blanks between
            characters of scripts without blanks are guesses, and count for nothing.

    Returns:
        The rows in order, and the rows of ruby, which are left out of them.
    """
    visible = [glyph for glyph in glyphs if not glyph.text.isspace()]
    blanks = _Blanks([glyph for glyph in glyphs if glyph.text.isspace()])
    rows = [_with_blanks(group, blanks, unspaced=recognised) for group in _grouped(visible)]
    if recognised:  # Parts of characters are taken for ruby.
        return sorted(rows, key=lambda row: (row.low + row.high) / 2), []
    return _without_ruby(sorted(rows, key=lambda row: (row.low + row.high) / 2), blanks)


def _grouped(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the characters of each row. Large ones come first, since small ones lie within them."""
    groups: list[_Group] = []
    for glyph in sorted(glyphs, key=lambda glyph: (round(glyph.low - glyph.high), glyph.middle)):
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
    """The blanks that the file itself holds, to look up which one is between two characters."""

    def __init__(self, blanks: Sequence[Glyph]) -> None:
        self._blanks = sorted(blanks, key=lambda blank: blank.start)
        self._starts = [blank.start for blank in self._blanks]

    def between(self, before: Glyph, after: Glyph) -> str:
        """Return the blank between two characters; an ideographic one if there are several."""
        found = ""
        first = bisect_right(self._starts, before.start)
        for blank in self._blanks[first : bisect_right(self._starts, after.start)]:
            if before.low < blank.middle < before.high or after.low < blank.middle < after.high:
                found = blank.text if blank.text == _WIDE_BLANK else found or blank.text
        return found if found in ("", _WIDE_BLANK, "\u00a0", "\u202f") else " "


def _with_blanks(group: Sequence[Glyph], blanks: _Blanks, *, unspaced: bool = False) -> Row:
    """Return the row of some characters, with the blank before each.

    In many files, blanks are gaps only. A gap is a blank if it is wider than others of the row:
    rows may be justified, or set with wide letters. Beside a character of a script without blanks
    it must be wider than between words, since there is space between scripts, too.

    Args:
        group: The characters.
        blanks: The blanks of the file.
        unspaced: Whether gaps in scripts without blanks are none, since they come from ruby that is
            longer than its base, or from a program that recognised the words.
    """
    glyphs = sorted(group, key=lambda glyph: (round(glyph.start, 1), glyph.character.left))
    kinds = [bool(_UNSPACED.match(glyph.text)) for glyph in glyphs]
    gaps = [after.start - before.end for before, after in pairwise(glyphs)]
    usual_gaps = {
        kind: _usual(
            [gap for gap, pair in zip(gaps, pairwise(kinds), strict=True) if any(pair) == kind]
        )
        for kind in (True, False)
    }
    written = [""]
    for (before, after), pair, gap in zip(pairwise(glyphs), pairwise(kinds), gaps, strict=True):
        blank = blanks.between(before, after)
        beyond = (gap - usual_gaps[any(pair)]) / max(min(before.size, after.size), 0.1)
        if all(pair):
            least = _WORD_GAP if blank else _WIDE_GAP
            written.append(blank if blank == _WIDE_BLANK else _blank(beyond > least, blank))
        elif any(pair):
            written.append(_blank(beyond > (0 if blank else _MIXED_GAP), blank))
        else:
            written.append(_blank(beyond > (0 if blank else _WORD_GAP), blank))
        if unspaced and any(pair) and blank != _WIDE_BLANK:
            written[-1] = ""
    return _row(glyphs, written)


def _blank(is_blank: bool, blank: str) -> str:
    return (blank or " ") if is_blank else ""


def _usual(gaps: Sequence[float]) -> float:
    """Return the gap between two characters of a word or of a sentence without blanks."""
    return max(0.0, median(gaps)) if len(gaps) >= _MIN_GAPS else 0.0


def _row(glyphs: Sequence[Glyph], blanks: Sequence[str]) -> Row:
    size = median(glyph.size for glyph in glyphs)
    main = [glyph for glyph in glyphs if glyph.size >= _SMALL * size]
    low, high = min(glyph.low for glyph in main), max(glyph.high for glyph in main)
    return Row(tuple(glyphs), tuple(blanks), size, low, high)


def _without_ruby(rows: Sequence[Row], blanks: _Blanks) -> tuple[list[Row], list[Row]]:
    """Part rows of ruby from the others: small kana directly before a row, within its ends."""
    kept: list[Row] = []
    ruby: list[Row] = []
    bases: set[Row] = set()
    for place, row in enumerate(rows):
        later = rows[place + 1 : place + 4]
        base = next((each for each in later if _is_ruby(row, each)), None)
        (ruby if base else kept).append(row)
        bases |= {base} if base else set()
    return [
        _with_blanks(row.glyphs, blanks, unspaced=True) if row in bases else row for row in kept
    ], ruby


def _is_ruby(row: Row, base: Row) -> bool:
    if row.size > _RUBY_SIZE * base.size or not _RUBY.fullmatch(row.text):
        return False
    gap = base.low - row.high
    inside = base.start - row.size <= row.start and row.end <= base.end + row.size
    return inside and -_RUBY_GAP * base.size <= gap <= _RUBY_GAP * base.size
