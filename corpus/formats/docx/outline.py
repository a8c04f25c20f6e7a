"""Finds how deep a paragraph is in the lists of a Word file."""

from __future__ import annotations

from dataclasses import dataclass, field

_STEP = 100  # twips (1/20 point) by which an inner list is indented at least
_BULLET_STEP = 200  # twips by which a bullet of the same level is indented that is set deeper
_MAX_DEPTH = 12  # Word has nine levels; a hostile file could go on without end
_ROUNDING = 60  # twips by which two indents differ that look equal


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered paragraph.

    Attributes:
        sequence: What its number is counted in.
        level: Its level in its list.
        marker_at: Where its number begins, in twips from the margin.
        text_at: Where its further lines begin.
        ordered: Whether it has a number and no bullet.
        is_sure: Whether its number can only be a marker; see `Number.is_sure`.
        is_title: Whether it is a heading or a title, so that no paragraph continues it.
    """

    sequence: str
    level: int
    marker_at: int
    text_at: int
    ordered: bool = True
    is_sure: bool = True
    is_title: bool = False


@dataclass
class Outline:
    """The items that the next paragraph may be in, outermost first."""

    _items: list[Item] = field(default_factory=list)

    def enter(self, item: Item) -> int:
        """Take up the next item, and return in how many others it is.

        The level counts within a list, and the indent beside other lists. An item whose number is
        not surely a marker is in no other: if it were indented in the text, its words would be
        taken for a further paragraph of the item above.
        """
        while self._items and not _is_within(item, self._items[-1]):
            self._items.pop()
        del self._items[_MAX_DEPTH:]
        self._items.append(item)
        return self._depth(len(self._items) - 1) if item.is_sure else 0

    def depth_of_text(self, left: int) -> int:
        """Return in how many items the next paragraph is, which has no number.

        It is in an item if its lines begin where those of the item do, or further right.

        Args:
            left: Where its lines begin, in twips from the margin.
        """
        while self._items and not _is_continued(self._items[-1], left):
            self._items.pop()
        return self._depth(len(self._items))

    def leave(self) -> int:
        """Leave all items, as a heading without a number does, and return the depth: 0."""
        self._items.clear()
        return 0

    def _depth(self, count: int) -> int:
        """Return the depth within the first items, counted from the last that has depth 0."""
        sure = [item.is_sure for item in reversed(self._items[:count])]
        return sure.index(False) + 1 if False in sure else count


def _is_within(item: Item, other: Item) -> bool:
    """Return whether an item is in another, which stands before it."""
    further = item.marker_at - other.marker_at
    if item.sequence != other.sequence:
        return further >= _STEP
    if item.level != other.level:
        return item.level > other.level
    return not item.ordered and further >= _BULLET_STEP


def _is_continued(item: Item, left: int) -> bool:
    """Return whether a paragraph continues an item, which stands before it."""
    hangs = item.text_at > item.marker_at
    return hangs and not item.is_title and left >= item.text_at - _ROUNDING
