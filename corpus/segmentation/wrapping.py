"""Tells a line that was broken because it was full from one that its author ended."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from corpus.characters.widths import columns, is_wide
from corpus.segmentation.lines import Line

Unit = Literal["columns", "points"]
_UNITS: tuple[Unit, ...] = ("columns", "points")  # files are filled by one or the other
_BORNE_OUT = 0.97  # of the lines that are known to be wrapped
_ENOUGH, _NEARLY = 8, 0.9  # known lines, and the share of them that is filled
_NARROW = 16  # columns of text; where hardly two words fit, many lines run over the margin
# No line begins with one of these; it stays on the line of the character before it.
_NEVER_FIRST = frozenset(
    "」』）)】〕》〉］]”’、。，．,.;:；：！？!?％%ーぁぃぅぇぉっゃゅょァィゥェォッャュョ"
)
_BEYOND = 1.1  # widths
_SLACK = 0.85  # of the width, where lines are filled unevenly, as in text taken from a PDF


@dataclass(frozen=True, slots=True)
class Measure:
    """How the lines of a file are filled.

    Attributes:
        width: Right margin of the file, in `unit`.
        unit: What the width counts.
        even: Whether all known lines are filled so.
        reliable: Whether enough lines are known, and nearly all are filled so, that a short line
            was surely ended by its author.
    """

    width: int
    unit: Unit
    even: bool
    reliable: bool

    def full(self, text: str, line: Line, following: Line, width: int = 0) -> bool:
        """Whether the beginning of the next line found no room on this one.

        Args:
            text: The source text.
            line: A line.
            following: The line after it.
            width: Right margin of the lines around, where the file's own says little.
        """
        margin = self.width if self.even else _SLACK * width
        return _needed(text, line, following, self.unit) > margin


def is_wrapped(lines: Sequence[Line], pairs: Sequence[tuple[Line, Line]]) -> bool:
    """Whether a file has a right margin: not where more lines run beyond it than end there."""
    width = max((line.columns for line, _ in pairs), default=0)
    return sum(line.columns > _BEYOND * width for line in lines) < len(pairs)


def measure(text: str, lines: Sequence[Line], pairs: Sequence[tuple[Line, Line]]) -> Measure:
    """How a file's lines are filled.

    Args:
        text: The source text.
        lines: All lines. Where none is known to be wrapped, the longest one sets the width.
        pairs: Lines that are wrapped, as far as one can tell, each with the next one.
    """
    known = [line for line, _ in pairs] or lines
    rooms = sorted(line.columns - line.indent for line in known)
    enough = len(pairs) >= _ENOUGH and rooms[len(rooms) // 2] >= _NARROW
    for unit in _UNITS:
        width = _margin([edge(line, unit) for line in known])
        held = sum(_needed(text, line, after, unit) > width for line, after in pairs)
        if held >= _BORNE_OUT * len(pairs):
            # A blank may have been dropped at the end of a line.
            return Measure(width - bool(pairs), unit, even=True, reliable=enough)
    width = _margin([edge(line, "columns") for line in known])
    reach = [_needed(text, line, after, "columns") > _SLACK * width for line, after in pairs]
    reliable = enough and sum(reach) >= _NEARLY * len(reach)
    return Measure(width, "columns", even=False, reliable=reliable)


def _margin(edges: Sequence[int]) -> int:
    """The right margin: what all lines keep to but a few, such as long addresses."""
    return sorted(edges)[math.ceil(_BORNE_OUT * (len(edges) - 1))] if edges else 0


def never_first(char: str) -> bool:
    """Whether no line begins with this character, such as a comma or a closing bracket."""
    return char in _NEVER_FIRST


def edge(line: Line, unit: Unit) -> int:
    """Right edge of a line."""
    return line.columns if unit == "columns" else line.points


def _needed(text: str, line: Line, following: Line, unit: Unit) -> int:
    """Right edge that a line would have with the first unbreakable piece of the next one."""
    last, first = text[line.end - 1], text[following.start]
    size: Callable[[str], int] = columns if unit == "columns" else len
    rest = text[following.start : following.end]
    if is_wide(first):
        kept = "".join(takewhile(never_first, rest[1:]))
        return edge(line, unit) + size(first + kept)
    word = "".join(takewhile(lambda char: not char.isspace() and not is_wide(char), rest))
    blank = 0 if is_wide(last) or last in "-‐–—/" else 1
    return edge(line, unit) + blank + size(word)
