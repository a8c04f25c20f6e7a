"""What was met in a Word file that a reader of its text should know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Findings:
    """What was met in a file.

    Attributes:
        changes: Whether it has tracked changes.
        unread: Whether it has charts, diagrams or other files within it.
        formulas: Whether it has formulas of an old kind that are not read.
        renumbered: Whether Word numbers the notes otherwise than the text does.
        formats: Formats of numbers that are not known.
    """

    changes: bool = False
    unread: bool = False
    formulas: bool = False
    renumbered: bool = False
    formats: set[str] = field(default_factory=set)

    def warnings(self) -> Iterator[str]:
        """Yield a line for each finding."""
        if self.changes:
            yield "The file has tracked changes; the text is that with all changes accepted."
        if self.unread:
            yield "The file has charts, diagrams or other files in it; their words are not read."
        if self.formulas:
            yield "The file has formulas of an old kind (EQ fields); they are not read."
        if self.renumbered:
            yield "The notes are numbered 1, 2, 3 through the text; Word numbers them otherwise."
        if self.formats:
            names = ", ".join(sorted(self.formats))
            yield f"Numbers of lists are written 1, 2, 3 where Word has another form: {names}."
