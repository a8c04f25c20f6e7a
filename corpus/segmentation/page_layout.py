"""Reads from the layout of a page which lines are wrapped and where lists continue."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.segmentation.lines import Line
from corpus.segmentation.markers import find_marker
from corpus.segmentation.sentences import ends_sentence
from corpus.segmentation.wrapping import find_margin, has_margin, right_edge

_COLON_AT_END = re.compile(r"[:：][*_]*\Z")
_SEMICOLON_AT_END = re.compile(r"[;；](?:\s+\w{1,3})?\Z")
_LOOK_AHEAD = 40  # lines


def ends_with_colon(line: str) -> bool:
    """Return whether a line ends with a colon, so that it introduces the next line."""
    return bool(_COLON_AT_END.search(line))


def ends_with_semicolon(line: str) -> bool:
    """Return whether a line ends as an item of a list: with a semicolon, maybe before "and"."""
    return bool(_SEMICOLON_AT_END.search(line))


class PageLayout:
    """The layout of the lines of a statement, before they are grouped into blocks.

    A run is a group of lines without a blank line between them.

    Args:
        text: The source text.
        lines: Its lines.

    Attributes:
        text: The source text.
        lines: Its lines.
        markers: The marker of each line, or None.
        has_wrapped_lines: Whether some lines are surely wrapped.
        margin: The right margin.
    """

    def __init__(self, text: str, lines: Sequence[Line]) -> None:
        self.text, self.lines = text, lines
        self.markers = [find_marker(text, line) for line in lines]
        self._runs = _run_numbers(lines)
        wrapped = [n for n in range(1, len(lines)) if self._is_surely_wrapped(n)]
        pairs = [(lines[n - 1], lines[n]) for n in wrapped]
        if not has_margin(lines, pairs):
            wrapped, pairs = [], []
        self.has_wrapped_lines = bool(wrapped)
        self.margin = find_margin(text, lines, pairs)
        self._wrapped_runs = {self._runs[n] for n in wrapped}
        self._hanging_runs = {self._runs[n] for n in range(1, len(lines)) if self._hangs(n)}
        self._widths: dict[int, int] = {}
        for line, run in zip(lines, self._runs, strict=True):
            width = right_edge(line, self.margin.unit)
            self._widths[run] = max(width, self._widths.get(run, 0))

    def line_before(self, number: int) -> str:
        """Return the text of the line before a line; empty for the first line."""
        return self.lines[number - 1].of(self.text) if number else ""

    def is_full(self, number: int) -> bool:
        """Return whether the line before a line is full, in comparison with its run."""
        return self._is_full(number, self._widths[self._runs[number]])

    def reaches_margin(self, number: int) -> bool:
        """Return whether the line before a line reaches the right margin of the file."""
        return self._is_full(number, self.margin.width)

    def may_be_wrapped(self, number: int) -> bool:
        """Return whether a line may be the rest of a wrapped line, in a file with such lines."""
        if not self.has_wrapped_lines:
            return False
        if self.margin.exact or self._runs[number] in self._wrapped_runs:
            return self.is_full(number)
        return self.margin.reliable and self.reaches_margin(number)

    def is_in_hanging_run(self, number: int) -> bool:
        """Return whether wrapped lines are indented more than markers in the run of a line."""
        return self._runs[number] in self._hanging_runs

    def list_continues(self, number: int, *, within_run: bool) -> bool:
        """Return whether the next marker of the same list follows soon after a line.

        Args:
            number: Number of a line with a marker.
            within_run: Whether to search only the run of the line.
        """
        line, marker = self.lines[number], self.markers[number]
        for place in range(number + 1, min(number + 1 + _LOOK_AHEAD, len(self.lines))):
            if within_run and self._runs[place] != self._runs[number]:
                return False
            later, aligned = self.markers[place], abs(self.lines[place].indent - line.indent) <= 1
            if aligned and later and marker and later.follows(marker):
                return True
        return False

    def _is_full(self, number: int, width: int) -> bool:
        before, line = self.lines[number - 1], self.lines[number]
        return self.margin.is_full(self.text, before, line, width)

    def _is_surely_wrapped(self, number: int) -> bool:
        """Return whether a line can only be the continuation of the line before it."""
        line, before = self.lines[number], self.line_before(number)
        if line.after_blank or line.after_page or self.markers[number]:
            return False
        if ends_sentence(before) or ends_with_colon(before) or ends_with_semicolon(before):
            return False
        return self.text[line.start].islower() or self._sentence_ends_soon(number)

    def _sentence_ends_soon(self, number: int) -> bool:
        """Return whether a line ends a sentence, from a line to the next blank line or marker."""
        for place in range(number, min(number + _LOOK_AHEAD, len(self.lines))):
            if place > number and (self.lines[place].after_blank or self.markers[place]):
                return False
            if ends_sentence(self.lines[place].of(self.text)):
                return True
        return False

    def _hangs(self, number: int) -> bool:
        """Return whether a line is indented more than the marker of the line before it."""
        line, before = self.lines[number], self.lines[number - 1]
        unmarked = self.markers[number] is None and not line.after_blank
        return unmarked and self.markers[number - 1] is not None and line.indent > before.indent


def _run_numbers(lines: Sequence[Line]) -> list[int]:
    """Return the number of the run of each line."""
    runs: list[int] = []
    for line in lines:
        runs.append((runs[-1] if runs else 0) + line.after_blank)
    return runs
