"""Counts the paragraphs, tables and text boxes of a Word file, and tells their paths."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Totals:
    """How many text boxes and tables of the file have been read, in all stories."""

    tables: int = 0
    boxes: int = 0


@dataclass(slots=True)
class _Table:
    number: int
    row: int = 0


@dataclass
class Places:
    """The place that is read in a story.

    Attributes:
        totals: How many boxes and tables were read.
        story: Path of the story, such as `footnote 1`; empty for the body, in which each
            paragraph and table row has its own.
    """

    totals: Totals
    story: str = ""
    _paragraphs: int = 0
    _tables: list[_Table] = field(default_factory=list)
    _boxes: list[str] = field(default_factory=list)

    @property
    def _container(self) -> str:
        """The path of what holds the paragraphs that are read; empty for the body itself."""
        if self._boxes:
            return self._boxes[-1]
        if self.story or not self._tables:
            return self.story
        return f"table {self._tables[-1].number}, row {self._tables[-1].row}"

    def next_path(self) -> str:
        """Return the path of what comes next, and do not count it."""
        return self._container or f"paragraph {self._paragraphs + 1}"

    def enter_paragraph(self) -> str:
        """Count a paragraph, and return its path."""
        path = self.next_path()
        self._paragraphs += not self._container
        return path

    def enter_table(self) -> None:
        """Count a table. Those in a box or a note have the path of that."""
        self.totals.tables += not (self._boxes or self.story)
        self._tables.append(_Table(self.totals.tables))

    def enter_row(self) -> None:
        """Count a row of the innermost table."""
        if self._tables:
            self._tables[-1].row += 1

    def leave_table(self) -> None:
        """Go back to what holds the innermost table."""
        self._tables.pop()

    def enter_box(self) -> None:
        """Count a text box."""
        self.totals.boxes += 1
        self._boxes.append(f"text box {self.totals.boxes}")

    def leave_box(self) -> None:
        """Go back to what the innermost text box stands in."""
        self._boxes.pop()

    def skip(self, paragraphs: int, tables: int, boxes: int) -> None:
        """Count what is in an element that is left out; see `plain.counted`."""
        self.totals.boxes += boxes
        if not (self._boxes or self.story):
            self.totals.tables += tables
            self._paragraphs += 0 if self._tables else paragraphs
