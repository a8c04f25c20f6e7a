"""Decides whether a line ends because it was full, or because its author ended it there.

The right margin is estimated from lines that are surely wrapped. A line is full if the first word
of the next line would not have fitted on it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from corpus.characters.widths import columns, is_wide
from corpus.segmentation.lines import Line

Unit = Literal["columns", "characters"]
_UNITS: tuple[Unit, ...] = ("columns", "characters")  # files are wrapped by one or the other
_MIN_AGREEMENT = 0.97  # share of the wrapped lines that must agree with an exact margin
_MIN_LINES = 8  # wrapped lines for a reliable margin
_MIN_ROUGH_AGREEMENT = 0.9  # share of the wrapped lines that must agree with a rough margin
_MIN_ROOM = 16  # columns of text; in narrower text, many lines run over the margin
# No line begins with one of these characters. They stay on the line of the character before.
_NOT_AT_LINE_START = frozenset(
    "」』）)】〕》〉］]”’、。，．,.;:；：！？!?％%ーぁぃぅぇぉっゃゅょァィゥェォッャュョ"
)
_OVERLONG = 1.1  # widths
_ROUGH = 0.85  # of the width; lines that are this long are full where the margin is uneven


@dataclass(frozen=True, slots=True)
class Margin:
    """The right margin at which the lines of a file are wrapped.

    Attributes:
        width: Position of the margin, in `unit`.
        unit: Unit of the width.
        exact: Whether all wrapped lines reach the same margin. The margin is uneven in text that
            was taken from a PDF.
        reliable: Whether enough lines are wrapped at this margin. If so, a line that is not full
            was ended by its author.
    """

    width: int
    unit: Unit
    exact: bool
    reliable: bool

    def is_full(self, text: str, line: Line, following: Line, width: int) -> bool:
        """Return whether the beginning of the next line does not fit on a line.

        Args:
            text: The source text.
            line: A line.
            following: The line after it.
            width: Right margin of the lines around, which counts if the margin is not exact.
        """
        limit = self.width if self.exact else _ROUGH * width
        return _edge_with_next_word(text, line, following, self.unit) > limit


def has_margin(lines: Sequence[Line], pairs: Sequence[tuple[Line, Line]]) -> bool:
    """Return whether a file has a right margin: more lines end there than run beyond it.

    Args:
        lines: All lines of the file.
        pairs: Wrapped lines, each with the next line.
    """
    width = max((line.edge_columns for line, _ in pairs), default=0)
    return sum(line.edge_columns > _OVERLONG * width for line in lines) < len(pairs)


def find_margin(text: str, lines: Sequence[Line], pairs: Sequence[tuple[Line, Line]]) -> Margin:
    """Estimate the right margin of a file.

    Args:
        text: The source text.
        lines: All lines of the file. If no line is surely wrapped, they set the width.
        pairs: Lines that are surely wrapped, each with the next line.
    """
    wrapped = [line for line, _ in pairs] or lines
    rooms = sorted(line.edge_columns - line.indent for line in wrapped)
    enough = len(pairs) >= _MIN_LINES and rooms[len(rooms) // 2] >= _MIN_ROOM
    for unit in _UNITS:
        width = _common_edge([right_edge(line, unit) for line in wrapped])
        full = [_edge_with_next_word(text, *pair, unit) > width for pair in pairs]
        if sum(full) >= _MIN_AGREEMENT * len(pairs):
            # One less, since a space may have been dropped at the end of a wrapped line.
            return Margin(width - bool(pairs), unit, exact=True, reliable=enough)
    width = _common_edge([right_edge(line, "columns") for line in wrapped])
    full = [_edge_with_next_word(text, *pair, "columns") > _ROUGH * width for pair in pairs]
    reliable = enough and sum(full) >= _MIN_ROUGH_AGREEMENT * len(pairs)
    return Margin(width, "columns", exact=False, reliable=reliable)


def _common_edge(edges: Sequence[int]) -> int:
    """Return the edge that all lines keep to, apart from a few such as long addresses."""
    return sorted(edges)[math.ceil(_MIN_AGREEMENT * (len(edges) - 1))] if edges else 0


def cannot_start_line(char: str) -> bool:
    """Return whether no line begins with a character, such as a comma or closing bracket."""
    return char in _NOT_AT_LINE_START


def right_edge(line: Line, unit: Unit) -> int:
    """Return the right edge of a line."""
    return line.edge_columns if unit == "columns" else line.edge_characters


def _edge_with_next_word(text: str, line: Line, following: Line, unit: Unit) -> int:
    """Return the right edge that a line would have with the first word of the next line.

    In scripts with wide characters, a word is one character and what cannot start a line.
    """
    last, first = text[line.end - 1], text[following.start]
    size: Callable[[str], int] = columns if unit == "columns" else len
    rest = text[following.start : following.end]
    if is_wide(first):
        kept = "".join(takewhile(cannot_start_line, rest[1:]))
        return right_edge(line, unit) + size(first + kept)
    word = "".join(takewhile(lambda char: not char.isspace() and not is_wide(char), rest))
    space = 0 if is_wide(last) or last in "-‐–—/" else 1
    return right_edge(line, unit) + space + size(word)
