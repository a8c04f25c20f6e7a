"""Characters in the direction of writing, so that vertical pages are read like horizontal ones.

`along` is where a line runs to: to the right, or down in vertical writing. `across` is where the
next line is: below, or to the left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from corpus.documents import Area
from corpus.formats.pdf.pages import Character, Page
from corpus.segmentation.page_furniture import is_decorated_number, is_plain_number

_STRAIGHT = 3  # degrees by which straight text may be turned
_SAME_LINE = 0.4  # of the size: how far two characters of a line may be apart across
_STEP = 2.0  # of the size: how far two characters of a line may be apart along
_EDGE = 60.0  # points from the upper and lower edge of a page, where its number may be
_MIN_STRAY = 2  # steps in the other direction that are a line of their own
_MIN_STRAY_LENGTH = 1.3  # sizes: a shorter one fits into a line


class Glyph(NamedTuple):
    """A character in the direction of writing. Lengths are points.

    Attributes:
        character: The character on the page.
        text: Its code point.
        size: The size of its font.
        start: Where it begins along the line.
        end: Where it ends along the line.
        low: The edge towards the line before.
        high: The edge towards the next line.
        line: Where its line is across: the baseline, or the middle of a vertical line.
    """

    character: Character
    text: str
    size: float
    start: float
    end: float
    low: float
    high: float
    line: float

    @property
    def middle(self) -> float:
        """Its middle across the line."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Flow:
    """The characters of a page in the direction in which most of it is written.

    Attributes:
        page: The page.
        vertical: Whether lines run from top to bottom, and follow each other from right to left.
        glyphs: The characters of lines, in the order of the file, with blanks.
        strays: Runs of characters in another direction, such as a watermark across the page.
    """

    page: Page
    vertical: bool
    glyphs: tuple[Glyph, ...]
    strays: tuple[tuple[Character, ...], ...]

    @property
    def length(self) -> float:
        """How long a line can be: the width of the page, or its height in vertical writing."""
        return self.page.height if self.vertical else self.page.width

    @property
    def depth(self) -> float:
        """How far lines can follow each other."""
        return self.page.width if self.vertical else self.page.height


def flow_of(page: Page) -> Flow:
    """Return the characters of a page in the direction of its writing."""
    characters = page.characters
    steps = ["", *map(_direction, characters, characters[1:])]
    vertical = steps.count("down") > steps.count("right")
    stray = _stray_runs(characters, steps, vertical)
    if vertical:
        stray = sorted({*stray, *_numbers_at_edges(page)})
    strays = tuple(tuple(characters[start:end]) for start, end in stray)
    places = {place for start, end in stray for place in range(start, end)}
    glyphs = (
        _down(char, page.width) if vertical else _across(char)
        for place, char in enumerate(characters)
        if place not in places
    )
    return Flow(page, vertical, tuple(glyphs), strays)


def area_of(page: int, boxes: Sequence[tuple[float, float, float, float]]) -> Area:
    """Return the rectangle around some rectangles of a page, in tenths of a point."""
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return Area(page, round(left, 1), round(top, 1), round(right, 1), round(bottom, 1))


def _across(char: Character) -> Glyph:
    edges = (char.left, char.right, char.top, char.bottom)
    return Glyph(char, char.text, char.size, *edges, char.baseline)


def _down(char: Character, width: float) -> Glyph:
    low, high = width - char.right, width - char.left
    return Glyph(char, char.text, char.size, char.top, char.bottom, low, high, (low + high) / 2)


def _direction(before: Character, char: Character) -> str:
    """Return where a character is, seen from the one before: `right`, `down`, or elsewhere."""
    if before.blank or char.blank:
        return ""
    size = max(before.size, char.size, 0.1)
    across = ((char.left + char.right) - (before.left + before.right)) / 2 / size
    down = ((char.top + char.bottom) - (before.top + before.bottom)) / 2 / size
    if abs(down) < _SAME_LINE and 0 < across < _STEP:
        return "right"
    if abs(across) < _SAME_LINE and 0 < down < _STEP:
        return "down"
    return ""


def _stray_runs(
    characters: Sequence[Character], steps: Sequence[str], vertical: bool
) -> list[tuple[int, int]]:
    """Return the places of the characters that are turned, or run in the other direction.

    Args:
        characters: The characters.
        steps: Where each is, seen from the one before.
        vertical: Whether lines run from top to bottom.
    """
    runs: list[tuple[int, int]] = []
    other, own = ("right", "down") if vertical else ("down", "right")
    start = 0
    for place in range(1, len(characters) + 1):
        if place < len(characters) and _belongs(characters, steps, place):
            continue
        within = steps[start + 1 : place]
        odd = not _is_straight(characters[start], vertical)
        # Some digits side by side in a vertical line (tate-chu-yoko) belong to that line.
        if odd or (own not in within and _is_stray(characters[start:place], other, within)):
            runs.append((start, place))
        start = place
    return runs


def _numbers_at_edges(page: Page) -> list[tuple[int, int]]:
    """Return the places of the number of a vertical page, if nothing else is at its edge."""
    found = []
    for low, high in ((0.0, _EDGE), (page.height - _EDGE, page.height)):
        places = [
            place
            for place, char in enumerate(page.characters)
            if low <= char.top and char.bottom <= high and not char.blank
        ]
        words = "".join(page.characters[place].text for place in places)
        if words and (is_plain_number(words) or is_decorated_number(words)):
            found += [(place, place + 1) for place in places]
    return found


def _is_stray(run: Sequence[Character], other: str, steps: Sequence[str]) -> bool:
    """Return whether some characters are a line in the other direction."""
    if steps.count(other) < _MIN_STRAY:
        return False
    ends = (run[0].left, run[-1].right) if other == "right" else (run[0].top, run[-1].bottom)
    return ends[1] - ends[0] > _MIN_STRAY_LENGTH * run[0].size


def _belongs(characters: Sequence[Character], steps: Sequence[str], place: int) -> bool:
    """Return whether a character goes on in the run of the one before."""
    before, char = characters[place - 1], characters[place]
    if before.turned != char.turned and {before.turned, char.turned} - {0, 90}:
        return False
    return before.blank or char.blank or bool(steps[place])


def _is_straight(character: Character, vertical: bool) -> bool:
    turned = (character.turned + _STRAIGHT) % 360
    if turned <= 2 * _STRAIGHT:
        return True
    return vertical and abs(turned - 90 - _STRAIGHT) <= _STRAIGHT
