"""Writes the text of a page block by block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from corpus.formats.html.landmarks import Landmarks
from corpus.formats.html.lists import BULLET, Lists
from corpus.formats.html.omissions import Omissions, has_words
from corpus.formats.html.runs import Run, is_blank, read_lines, read_runs
from corpus.formats.html.tables import Tables
from corpus.formats.html.tree import Page
from corpus.formats.reading import TextBuilder

_INDENT = "  "
_FIRST_NODES = 40  # of a paragraph that may hold its marker


@dataclass
class Writer:
    """Writes runs of a page as blocks."""

    page: Page
    omissions: Omissions
    marks: Landmarks
    builder: TextBuilder = field(default_factory=TextBuilder)
    _begun: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._lists = Lists(self.page, self.omissions, self.marks)
        self._tables = Tables(self.page, self.omissions)

    def write(self) -> TextBuilder:
        """Write all that is kept."""
        runs = read_runs(self.page, self.omissions, max(self.page.body, 0), len(self.page.nodes))
        for row, group in groupby(runs, key=lambda run: self._tables.row(run.holder)):
            if row >= 0:
                self._write_row(row, tuple(group))
                continue
            for run in group:
                self._write_run(run)
        return self.builder

    def _write_run(self, run: Run) -> None:
        marker, depth, nodes = self._marker(run)
        where = self.page.path(run.holder)
        for lines in _paragraphs(read_lines(self.page, nodes)):
            self.builder.begin_block(marker, depth)
            if marker:
                depth += 1
            for number, line in enumerate(lines):
                if number:
                    self.builder.write("\n" + _INDENT * depth)
                self.builder.write(line, where)
            marker = ""

    def _marker(self, run: Run) -> tuple[str, int, Sequence[int]]:
        """Return the marker of a block, its depth, and the nodes that are its text."""
        place = self._lists.place(run.holder)
        if level := self.page.nodes[run.holder].style.word_level:
            return self._word_marker(run, level)
        if place.item < 0:
            return "", 0, run.nodes
        if place.item in self._begun:
            return "", place.depth, run.nodes
        # An item that begins with another item has no line for its own marker.
        self._begun.update(self._items_around(place.item))
        return self._lists.marker(place.item), place.depth - 1, run.nodes

    def _items_around(self, item: int) -> Iterator[int]:
        while item >= 0 and item not in self._begun:
            yield item
            item = self._lists.place(self.page.nodes[item].parent).item

    def _word_marker(self, run: Run, level: int) -> tuple[str, int, Sequence[int]]:
        """Return the marker that Word wrote as text at the beginning of a paragraph."""
        nodes = self.page.nodes
        first = range(run.holder, min(nodes[run.holder].end, run.holder + _FIRST_NODES))
        mark = next((index for index in first if nodes[index].style.word_marker), run.holder)
        end = nodes[mark].end if mark > run.holder else mark
        text = "".join(read_lines(self.page, [i for i in run.nodes if mark <= i < end])).strip()
        if not text:
            return "", level - 1, run.nodes
        marker = f"{text} " if has_words(text) and len(text) > 1 else BULLET
        return marker, level - 1, [i for i in run.nodes if not mark <= i < end]

    def _write_row(self, row: int, runs: Sequence[Run]) -> None:
        """Write a row of a table as one line, with tabs between its cells."""
        by_cell = {cell: self._runs_in(cell, runs) for cell in self._tables.cells(row)}
        cells = list(by_cell)
        while cells and not by_cell[cells[-1]]:
            cells.pop()
        self.builder.begin_block()
        for number, cell in enumerate(cells):
            if number:
                self.builder.write("\t")
            self._write_cell(by_cell[cell])

    def _write_cell(self, runs: Sequence[Run]) -> None:
        is_first = True
        for run in runs:
            for line in filter(None, map(str.strip, read_lines(self.page, run.nodes))):
                if not is_first:
                    self.builder.write(" ")
                self.builder.write(line, self.page.path(run.holder))
                is_first = False

    def _runs_in(self, cell: int, runs: Sequence[Run]) -> list[Run]:
        end = self.page.nodes[cell].end
        return [run for run in runs if cell <= run.holder < end]


def _paragraphs(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines between blank lines."""
    for blank, group in groupby(lines, key=is_blank):
        if not blank:
            yield list(group)
