"""What is left out of the text: ranges of nodes, each with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.documents import Cut, CutReason
from corpus.formats.html.elements import elements
from corpus.formats.html.tree import Page


@dataclass(frozen=True, slots=True)
class Omission:
    """Nodes that are left out.

    Attributes:
        start: Index of the first node.
        end: One past the index of the last node.
        reason: Why they are left out; None for what holds no words, such as a script.
        element: Index of the element that holds them: the first node, or the element around them.
    """

    start: int
    end: int
    reason: CutReason | None
    element: int

    @property
    def is_unseen(self) -> bool:
        """Whether a browser shows nothing in its place, not even the end of a line."""
        return self.reason in (None, "hidden")


@dataclass
class Omissions:
    """All that is left out. One that lies within another one is part of it."""

    page: Page
    _by_start: dict[int, Omission] = field(default_factory=dict)

    def add(self, element: int, reason: CutReason | None) -> None:
        """Leave out an element."""
        self.add_range(element, self.page.nodes[element].end, reason, element)

    def add_range(self, start: int, end: int, reason: CutReason | None, element: int) -> None:
        """Leave out nodes that follow each other."""
        self._by_start[start] = Omission(start, end, reason, element)

    def at(self, index: int) -> Omission | None:
        """Return what is left out from a node on; None if the node is kept, or within another."""
        return self._by_start.get(index)

    def kept(self, start: int, end: int) -> Iterator[int]:
        """Yield the nodes of a range that are kept, in order, while more may be left out."""
        index = start
        while index < end:
            if index not in self._by_start:
                yield index
            # The caller may have left out the node just now.
            omission = self._by_start.get(index)
            index = omission.end if omission else index + 1

    def cuts(self) -> tuple[Cut, ...]:
        """Return what is left out and has words, in the order of the page."""
        cuts, done = [], 0
        for start in sorted(self._by_start):
            omission = self._by_start[start]
            if start < done:
                continue
            done = omission.end
            if omission.reason is None:
                continue
            words = " ".join(self.page.text(start, omission.end).split())
            if words:
                cuts.append(Cut(omission.reason, words, self.page.path(omission.element)))
        return tuple(cuts)


def has_words(text: str) -> bool:
    """Return whether a text has a letter or a digit of any script."""
    return any(char.isalnum() for char in text)


def is_silent(page: Page, index: int) -> bool:
    """Return whether an element holds no words that a browser shows, as a script does."""
    return page.nodes[index].tag in elements("silent")
