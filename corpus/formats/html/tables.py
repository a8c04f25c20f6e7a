"""Tells tables of data, which are read row by row, from tables that only lay out a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.formats.html.elements import elements
from corpus.formats.html.omissions import Omissions
from corpus.formats.html.runs import Run, read_runs
from corpus.formats.html.tree import Page
from corpus.formats.html.weights import columns

_MAX_CELL = 300  # columns of a cell, on average of the longest column of a table of data
_BLOCKS_IN_CELLS = frozenset(("table", "hr", "blockquote", "form", "main", "article"))


@dataclass
class Tables:
    """The tables of a page."""

    page: Page
    omissions: Omissions
    _rows: dict[int, int] = field(default_factory=dict)

    def row(self, index: int) -> int:
        """Return the row of a table of data that an element stands in; -1 for none."""
        missing = []
        while index >= 0 and index not in self._rows:
            missing.append(index)
            index = self.page.nodes[index].parent
        row = self._rows.get(index, -1)
        for element in reversed(missing):
            if self.page.nodes[element].tag == "table":
                self._rows.update(self._of_table(element))
                row = -1
            self._rows[element] = row = self._rows.get(element, row)
        return row

    def cells(self, row: int) -> list[int]:
        """Return the cells of a row."""
        return [i for i in self.page.children(row) if self.page.nodes[i].tag in elements("cells")]

    def _of_table(self, table: int) -> dict[int, int]:
        """Return the rows of a table, each as the row of itself; nothing unless it holds data."""
        rows = [row for row in self._rows_of(table) if self.cells(row)]
        return {row: row for row in rows} if self._is_data(table, rows) else {}

    def _rows_of(self, table: int) -> list[int]:
        rows = []
        for child in self.page.children(table):
            tag = self.page.nodes[child].tag
            if tag == "tr":
                rows.append(child)
            elif tag in ("thead", "tbody", "tfoot"):
                rows.extend(i for i in self.page.children(child) if self.page.nodes[i].tag == "tr")
        return rows

    def _is_data(self, table: int, rows: Sequence[int]) -> bool:
        node = self.page.nodes[table]
        if node.attributes.get("role", "") in ("presentation", "none"):
            return False
        tags = set()
        for index in range(table + 1, node.end):
            inner = self.page.nodes[index]
            if inner.tag in _BLOCKS_IN_CELLS or inner.tag in elements("headings"):
                return False
            tags.add(inner.tag)
        cells = [[self._runs(cell) for cell in self.cells(row)] for row in rows]
        if max(map(len, cells), default=0) < 2:
            return False
        is_marked = bool(tags & {"th", "thead", "caption"})
        if not is_marked and (len(rows) < 2 or tags & elements("lists")):
            return False
        filled = [runs for row in cells for runs in row if runs]
        several = sum(len(runs) > 1 for runs in filled)
        widths = sum(self._width(runs) for runs in filled)
        return is_marked or (3 * several <= len(filled) and widths <= _MAX_CELL * len(rows))

    def _runs(self, cell: int) -> list[Run]:
        return list(read_runs(self.page, self.omissions, cell, self.page.nodes[cell].end))

    def _width(self, runs: Sequence[Run]) -> int:
        return sum(columns(self.page.nodes[i].text) for run in runs for i in run.nodes)
