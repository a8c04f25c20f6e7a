"""Finds tables by the rules that are drawn around their cells, and puts the rows into the cells."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.formats.pdf.glyphs import Glyph
from corpus.formats.pdf.pages import Rule

_TOUCH = 3.0  # points that two rules which meet may be apart
_MIN_BORDERS = 3  # of two columns, and of two rows
_MAX_BESIDE = 3  # characters beside a table, such as the number of a line
_MAX_RULES = 1500  # on a page; more are a drawing


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    Attributes:
        glyphs: The characters in it.
        start: Its left edge.
        end: Its right edge.
    """

    glyphs: tuple[Glyph, ...]
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Table:
    """A table on a page.

    Attributes:
        low: Its upper edge.
        high: Its lower edge.
        start: Its left edge.
        end: Its right edge.
        rows: Its rows, each with the cells that hold words.
    """

    low: float
    high: float
    start: float
    end: float
    rows: tuple[tuple[Cell, ...], ...]


def find_tables(rules: Sequence[Rule], glyphs: Sequence[Glyph]) -> tuple[Table, ...]:
    """Return the tables of a page that is written from left to right, from the first to the last.

    Args:
        rules: The rules on the page.
        glyphs: The characters of the page.
    """
    if len(rules) > _MAX_RULES:
        return ()
    grids = (_Grid.of(group) for group in _touching(rules))
    tables = (grid.table(glyphs) for grid in grids if grid)
    alone = (table for table in tables if table and not _has_neighbours(table, glyphs))
    return tuple(sorted(alone, key=lambda table: table.low))


def outside_of(tables: Sequence[Table], glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Return the characters that are in none of some tables."""
    inside = {
        id(glyph) for table in tables for row in table.rows for cell in row for glyph in cell.glyphs
    }
    return [glyph for glyph in glyphs if id(glyph) not in inside]


def _has_neighbours(table: Table, glyphs: Sequence[Glyph]) -> bool:
    """Return whether words stand beside a table, so that it is in one of several columns."""
    beside = (
        glyph
        for glyph in glyphs
        if table.low < glyph.middle < table.high
        and not table.start < glyph.start < table.end
        and not glyph.text.isspace()
    )
    return sum(1 for _ in beside) > _MAX_BESIDE


def _touching(rules: Sequence[Rule]) -> Iterator[list[Rule]]:
    """Yield the groups of rules that meet."""
    left = sorted(rules, key=lambda rule: rule.top)
    while left:
        group, edge = [left.pop(0)], 0
        while edge < len(group):
            rule = group[edge]
            edge += 1
            near = [other for other in left if _meet(rule, other)]
            if near:
                group += near
                kept = set(map(id, near))
                left = [other for other in left if id(other) not in kept]
        yield group


def _meet(one: Rule, other: Rule) -> bool:
    return (
        one.left - _TOUCH <= other.right
        and other.left - _TOUCH <= one.right
        and one.top - _TOUCH <= other.bottom
        and other.top - _TOUCH <= one.bottom
    )


@dataclass(frozen=True, slots=True)
class _Grid:
    """The borders of a table.

    Attributes:
        across: Heights of the borders between rows.
        down: Places of the borders between columns.
        rules: The rules.
    """

    across: tuple[float, ...]
    down: tuple[float, ...]
    rules: tuple[Rule, ...]

    @classmethod
    def of(cls, rules: Sequence[Rule]) -> _Grid | None:
        across = _distinct([rule.top for rule in rules if rule.horizontal])
        down = _distinct([rule.left for rule in rules if not rule.horizontal])
        if min(len(across), len(down)) < _MIN_BORDERS:
            return None
        return cls(across, down, tuple(rules))

    def table(self, glyphs: Sequence[Glyph]) -> Table | None:
        """Return the table with the characters in its cells; None if it has one column of words."""
        cells: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
        for glyph in glyphs:
            row = bisect_right(self.across, glyph.middle) - 1
            column = bisect_right(self.down, (glyph.start + glyph.end) / 2) - 1
            if 0 <= row < len(self.across) - 1 and 0 <= column < len(self.down) - 1:
                cells[row, column].append(glyph)
        joined = self._joined(cells)
        if len({column for _, column in joined}) < _MIN_BORDERS - 1:
            return None
        rows: dict[int, list[Cell]] = defaultdict(list)
        for (row, column), inner in sorted(joined.items()):
            if any(not glyph.text.isspace() for glyph in inner):
                rows[row].append(Cell(tuple(inner), self.down[column], self.down[column + 1]))
        if not rows:
            return None
        edges = (self.across[0], self.across[-1], self.down[0], self.down[-1])
        return Table(*edges, tuple(tuple(row) for row in rows.values()))

    def _joined(
        self, cells: dict[tuple[int, int], list[Glyph]]
    ) -> dict[tuple[int, int], list[Glyph]]:
        """Join the fields of cells that reach over several columns or rows."""
        joined: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
        for (row, column), glyphs in sorted(cells.items()):
            first_row, first_column = row, column
            while first_column and not self._parted_across(first_column, row):
                first_column -= 1
            while first_row and not self._parted_down(first_row, first_column):
                first_row -= 1
            joined[first_row, first_column] += glyphs
        return joined

    def _parted_across(self, column: int, row: int) -> bool:
        """Return whether a rule is at the left edge of a field."""
        place, middle = self.down[column], (self.across[row] + self.across[row + 1]) / 2
        return any(
            not rule.horizontal
            and abs(rule.left - place) <= _TOUCH
            and rule.top - _TOUCH <= middle <= rule.bottom + _TOUCH
            for rule in self.rules
        )

    def _parted_down(self, row: int, column: int) -> bool:
        """Return whether a rule is at the upper edge of a field."""
        place, middle = self.across[row], (self.down[column] + self.down[column + 1]) / 2
        return any(
            rule.horizontal
            and abs(rule.top - place) <= _TOUCH
            and rule.left - _TOUCH <= middle <= rule.right + _TOUCH
            for rule in self.rules
        )


def _distinct(places: Sequence[float]) -> tuple[float, ...]:
    """Return places in order, without those that are nearly the same as the one before."""
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > _TOUCH:
            kept.append(place)
    return tuple(kept)
