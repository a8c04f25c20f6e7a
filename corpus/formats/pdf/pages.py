"""What is printed on a page of a PDF: characters and rules, each with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

Box = tuple[float, float, float, float]  # left, top, right, bottom


class Character(NamedTuple):
    """A printed character. Lengths are points from the top left corner of the page as shown.

    Attributes:
        text: The character, a code point.
        left: Left edge of its em box, or of its advance.
        top: Upper edge.
        right: Right edge.
        bottom: Lower edge.
        ink: The rectangle of what is printed.
        baseline: Height of the baseline; for a turned character the place of its baseline.
        size: Size of the font.
        turned: Degrees by which it is turned clockwise, 0 to 359.
        unknown: Whether the file does not tell which character it is.
        blank: Whether it is white space.
        font: Name of its font; empty if it has none.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    ink: Box
    baseline: float
    size: float
    turned: int = 0
    unknown: bool = False
    blank: bool = False
    font: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line or a thin box on a page, in points from its top left corner.

    Attributes:
        left: Left edge.
        top: Upper edge.
        right: Right edge.
        bottom: Lower edge.
    """

    left: float
    top: float
    right: float
    bottom: float

    @property
    def horizontal(self) -> bool:
        """Whether it is wider than high."""
        return self.right - self.left >= self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its characters, in the order of the file.

    Attributes:
        number: Its number, from 1.
        width: Its width in points, as it is shown.
        height: Its height.
        characters: Its characters, without blanks that the file does not hold.
        pictures: Share of the page that pictures cover, 0 to 1.
        rules: The rules on the page, such as those around the cells of a table.
        recognised: Whether its words were recognised in a picture (OCR).
    """

    number: int
    width: float
    height: float
    characters: tuple[Character, ...]
    pictures: float = 0.0
    rules: tuple[Rule, ...] = ()
    recognised: bool = False
