"""The markers that a browser shows before the items of lists, and how deep the lists are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.formats.html.elements import elements
from corpus.formats.html.landmarks import Landmarks
from corpus.formats.html.omissions import Omissions
from corpus.formats.html.runs import SUPERSCRIPTS
from corpus.formats.html.styles import LIST_TYPES
from corpus.formats.html.tree import Node, Page

BULLET = "- "
# A marker that is written as text, such as (1), １．, ① or ・.
_PRINTED = re.compile(
    r"[\s\u3000]*(?:[(（\[［〔]?(?:[0-9０-９]{1,3}|[a-zａ-ｚA-ZＡ-Ｚ]|[ivxIVX]{1,5}|[一二三四五六七八九十]{1,3}|[ア-ン])"
    r"(?:[)）\]］〕．、]|[.:](?=[\s\u3000]))|[0-9０-９]{1,3}\u3000|[①-⑳⑴-⒇❶-❿㈠-㈩]|第[0-9０-９一二三四五六七八九十]{1,4}条"
    r"|[・･●○◯◦◆◇■□▪▫▶►▸※•‣]|[-‐–—−＊*]\s)"
)
_INTEGER = re.compile(r"\s*([+-]?\d{1,9})")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MAX_ROMAN = 3999
_FIRST_CHARACTERS = 30


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element stands in lists.

    Attributes:
        depth: How many lists are around it.
        item: Index of the innermost item of a list around it, or its own; -1 for none.
    """

    depth: int = 0
    item: int = -1


@dataclass
class Lists:
    """The lists of a page."""

    page: Page
    omissions: Omissions
    marks: Landmarks
    _places: dict[int, Place] = field(default_factory=dict)
    _markers: dict[int, str] = field(default_factory=dict)

    def place(self, index: int) -> Place:
        """Return where an element stands in lists."""
        missing = []
        while index >= 0 and index not in self._places:
            missing.append(index)
            index = self.page.nodes[index].parent
        place = self._places.get(index, Place())
        for element in reversed(missing):
            node = self.page.nodes[element]
            if node.tag in elements("lists"):
                place = Place(place.depth + 1, place.item)
            elif node.tag == "li":
                place = Place(max(place.depth, 1), element)
            self._places[element] = place
        return place

    def marker(self, item: int) -> str:
        """Return the marker of an item with the blank after it; empty if it has none."""
        if item not in self._markers:
            parent = self.page.nodes[item].parent
            if self.page.nodes[parent].tag in elements("lists"):
                self._markers.update(self._of_list(parent))
        return self._markers.get(item, BULLET)

    def _of_list(self, index: int) -> dict[int, str]:
        node = self.page.nodes[index]
        items = [
            child
            for child in self.page.children(index)
            if self.page.nodes[child].tag == "li" and not self._is_hidden(child)
        ]
        printed = [self._prints_marker(item) for item in items]
        unmarked = node.style.unmarked or all(self.page.nodes[i].style.unmarked for i in items)
        if unmarked or (all(printed) and len(items) > 1):
            return {item: "" if own else BULLET for item, own in zip(items, printed, strict=True)}
        if node.tag != "ol":
            return dict.fromkeys(items, BULLET)
        kind = LIST_TYPES.get(node.style.list_type) or node.attributes.get("type", "1").strip()
        numbers = _numbers(node, [self.page.nodes[item] for item in items])
        if kind == "1" and all(self._is_note(item) for item in items):
            return {
                item: f"{number} ".translate(SUPERSCRIPTS)
                for item, number in zip(items, numbers, strict=True)
            }
        return {
            item: f"{_numeral(number, kind)}. " for item, number in zip(items, numbers, strict=True)
        }

    def _is_hidden(self, item: int) -> bool:
        omission = self.omissions.at(item)
        return omission is not None and omission.reason == "hidden"

    def _is_note(self, item: int) -> bool:
        """Return whether an item is a note that a mark in the text leads to."""
        return self.marks.has_notes(item, self.page.nodes[item].end)

    def _prints_marker(self, item: int) -> bool:
        """Return whether the text of an item begins with a marker of its own."""
        end = self.page.nodes[item].end
        return bool(_PRINTED.match(self.page.text(item, end, _FIRST_CHARACTERS)))


def _numbers(node: Node, items: Sequence[Node]) -> list[int]:
    """Return the numbers of the items of a numbered list, as the standard counts them."""
    step = -1 if "reversed" in node.attributes else 1
    start = _integer(node.attributes.get("start", ""))
    number = start if start is not None else len(items) if step < 0 else 1
    numbers = []
    for item in items:
        value = _integer(item.attributes.get("value", ""))
        number = number if value is None else value
        numbers.append(number)
        number += step
    return numbers


def _integer(text: str) -> int | None:
    found = _INTEGER.match(text)
    return int(found[1]) if found else None


def _numeral(number: int, kind: str) -> str:
    """Return a number in digits, letters or Roman numerals."""
    if kind in ("a", "A") and number > 0:
        word = _letters(number)
    elif kind in ("i", "I") and 0 < number <= _MAX_ROMAN:
        word = _roman(number)
    else:
        return str(number)
    return word.upper() if kind.isupper() else word


def _letters(number: int) -> str:
    """Return a, b ... z, aa, ab ..."""
    word = ""
    while number:
        number, rest = divmod(number - 1, 26)
        word = chr(ord("a") + rest) + word
    return word


def _roman(number: int) -> str:
    word = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        word += letters * count
    return word
