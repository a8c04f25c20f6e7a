"""Tells where blanks are in the rows of a page: those that the file holds, and those it only shows.

Many programs write no blanks: they only leave a gap. And not each gap is a blank: rows are
justified or set with wide letters, and there is space between Japanese and Latin letters.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median, quantiles
from typing import Self

from corpus.characters.scripts import UNSPACED
from corpus.formats.pdf.glyphs import Glyph

# All gaps are in sizes of the smaller of the two characters, beyond the usual gap of their row.
_WORD_GAP, _LEAST_WORD_GAP = 0.17, 0.1  # between words that are spelt with letters
_PLAIN_GAP = 0.24  # beside a character of a script without blanks, in a file that writes blanks
_MIXED_GAP = 0.36  # between such a character and a letter of another script
_WIDE_GAP = 0.42  # between such a character and a mark with space in it
_MAX_LETTERS, _MAX_OTHERS = 0.6, 1.0  # the usual gap where letters are set wide or justified
_PIECE_GAP = 1.1  # parts two columns, which may be justified in other ways
_MIN_GAPS = 4  # from which a usual gap is told
_WIDE_BLANK = "\u3000"
_UNSPACED = re.compile(f"[{UNSPACED}\u3000-\u303f\uff00-\uffef]")
# Marks that fill only a part of their square.
_MARK = re.compile("[\u3000-\u303f！（），．：；？［］｛｝｟-･・·…‥—―‘-”]")


@dataclass(frozen=True, slots=True)
class Gap:
    """What is between two characters of a row.

    Attributes:
        unspaced: How many of the two belong to a script without blanks: 0 to 2.
        plain: Whether it is only wide if it is a blank: neither character is a mark that has space
            in it, and none is a letter of another script, beside which there may be space.
        width: Its width.
        beyond: How much wider it is than the usual one of its row.
        blank: The blank that the file holds there; empty if it holds none.
    """

    unspaced: int
    plain: bool
    width: float
    beyond: float
    blank: str


class FileBlanks:
    """The blanks that a page of the file itself holds."""

    def __init__(self, blanks: Sequence[Glyph]) -> None:
        """Sort the blanks.

        Args:
            blanks: The blanks.
        """
        self._blanks = sorted(blanks, key=lambda blank: blank.middle)
        self._middles = [blank.middle for blank in self._blanks]

    def gaps(self, glyphs: Sequence[Glyph]) -> list[Gap]:
        """Return the gaps between the characters of a row."""
        blanks = self._between(glyphs)
        unspaced = [bool(_UNSPACED.match(glyph.text)) for glyph in glyphs]
        counts = [one + other for one, other in pairwise(unspaced)]
        widths = [
            (after.start - before.end) / max(min(before.size, after.size), 0.1)
            for before, after in pairwise(glyphs)
        ]
        usual = _usual_gaps(counts, widths, blanks)
        plain = [
            not any(map(_MARK.match, (before.text, after.text)))
            and (count != 1 or not (before.text + after.text).isalnum())
            for count, (before, after) in zip(counts, pairwise(glyphs), strict=True)
        ]
        return [
            Gap(counts[place], plain[place], width, width - usual[place], blanks[place])
            for place, width in enumerate(widths)
        ]

    def _between(self, glyphs: Sequence[Glyph]) -> list[str]:
        """Return the blank between each two characters of a row; empty if there is none."""
        first = bisect_right(self._middles, min(glyph.low for glyph in glyphs))
        last = bisect_left(self._middles, max(glyph.high for glyph in glyphs))
        blanks = sorted(self._blanks[first:last], key=lambda blank: blank.start)
        starts = [blank.start for blank in blanks]
        found = []
        for before, after in pairwise(glyphs):
            low, high = bisect_right(starts, before.start), bisect_right(starts, after.start)
            between = {
                blank.text
                for blank in blanks[low:high]
                if before.low < blank.middle < before.high or after.low < blank.middle < after.high
            }
            found.append(_joined(between))
        return found


def _joined(blanks: Set[str]) -> str:
    """Return several blanks as one; an ideographic one if one of them is."""
    if _WIDE_BLANK in blanks:
        return _WIDE_BLANK
    if len(blanks) == 1 and blanks <= {"\u00a0", "\u202f"}:
        return next(iter(blanks))
    return " " if blanks else ""


def _usual_gaps(
    counts: Sequence[int], widths: Sequence[float], blanks: Sequence[str]
) -> list[float]:
    """Return the usual gap around each gap of a row, between characters of the same scripts."""
    gaps = list(zip(counts, widths, blanks, strict=True))
    letters = _usual([width for count, width, blank in gaps if not (count or blank)], _MAX_LETTERS)
    usual: list[float] = []
    for wide, group in groupby(gaps, key=lambda gap: gap[1] >= _PIECE_GAP):
        piece = list(group)
        others = _usual(
            [width for count, width, blank in piece if count and not blank], _MAX_OTHERS
        )
        usual += [letters if not count else 0.0 if wide else others for count, _, _ in piece]
    return usual


def _usual(widths: Sequence[float], largest: float) -> float:
    return min(max(0.0, median(widths)), largest) if len(widths) >= _MIN_GAPS else 0.0


@dataclass(frozen=True, slots=True)
class Spacing:
    """Which gaps of a page are blanks.

    Attributes:
        word: The least gap between two words.
        mixed: The usual gap between characters of scripts with and without blanks.
        writes: Whether the file holds the blanks of the page, so that other gaps are none.
    """

    word: float
    mixed: float
    writes: bool

    @classmethod
    def of(cls, rows: Sequence[Sequence[Gap]]) -> Self:
        """Tell it from the gaps of the rows of a page."""
        gaps = [gap for row in rows for gap in row]
        words = [gap for gap in gaps if not gap.unspaced and gap.width > _WORD_GAP]
        likely = words or [gap for gap in gaps if gap.plain and gap.beyond > _WORD_GAP]
        writes = 2 * sum(bool(gap.blank) for gap in likely) >= len(likely)
        word = median(gap.width for gap in words) / 2 if words else _WORD_GAP
        mixed = [gap.beyond for gap in gaps if gap.unspaced == 1 and not (gap.plain or gap.blank)]
        usual = quantiles(mixed, n=5)[0] if len(mixed) >= _MIN_GAPS else 0.0
        return cls(min(max(word, _LEAST_WORD_GAP), _WORD_GAP), max(usual, 0.0), writes)

    def blanks(self, gaps: Sequence[Gap], *, unspaced: bool) -> Iterator[str]:
        """Yield what is written for each gap of a row: a blank, or nothing.

        Args:
            gaps: The gaps.
            unspaced: Whether gaps in scripts without blanks are none, since they come from ruby
                that is longer than its base, or from a program that recognised the words.
        """
        for gap in gaps:
            if unspaced and gap.unspaced:
                yield gap.blank if gap.blank == _WIDE_BLANK else ""
            elif gap.unspaced == 2 and gap.blank == _WIDE_BLANK:
                yield gap.blank
            else:
                yield (gap.blank or " ") if gap.beyond > self._least(gap) else ""

    def _least(self, gap: Gap) -> float:
        """Return how much wider than usual a gap must be to be a blank."""
        if gap.blank:
            return _WORD_GAP if gap.unspaced == 2 else 0.0
        if not gap.unspaced:
            return self.word
        least = _PLAIN_GAP if self.writes else _WORD_GAP
        if gap.plain:
            return least
        if gap.unspaced == 2:
            return _WIDE_GAP
        return _MIXED_GAP if self.writes else self.mixed + _WORD_GAP


def blanks_in_ruby(gaps: Sequence[Gap]) -> Iterator[str]:
    """Yield what is written for each gap of a row of ruby, which is set wide."""
    for gap in gaps:
        yield " " if gap.beyond > _WIDE_GAP else ""
