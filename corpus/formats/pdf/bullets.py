"""Adds the bullets that browsers draw as small shapes, and do not write as characters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from corpus.formats.pdf.drawings import Dot
from corpus.formats.pdf.pages import Character

_MAX_DOTS = 300  # on a page; more are a drawing
_CELL = 6.0  # points: the side of the squares in which characters are looked up
_MAX_SIZE = 0.6  # of the size of the text: how large a bullet is
_GAP, _MAX_GAP = 0.05, 2.5  # sizes between a bullet and its text
_FREE = 3.0  # sizes before a bullet in which nothing else of the line is

_Grid = Mapping[tuple[int, int], int]  # the place of the leftmost character in each square


def with_bullets(characters: list[Character], dots: Sequence[Dot]) -> list[Character]:
    """Return characters with a bullet before each of them that has a dot in front of its line."""
    if not dots or len(dots) > _MAX_DOTS:
        return characters
    grid = _grid(characters)
    bullets = {}
    for dot in dots:
        place = _text_of(dot, characters, grid)
        if place is not None:
            bullets[place] = _bullet(dot, characters[place])
    found: list[Character] = []
    for place, character in enumerate(characters):
        if place in bullets:
            found.append(bullets[place])
        found.append(character)
    return found


def _grid(characters: Sequence[Character]) -> _Grid:
    grid: dict[tuple[int, int], int] = {}
    for place, char in enumerate(characters):
        if char.blank or char.turned:
            continue
        key = int(char.left // _CELL), int((char.top + char.bottom) / 2 // _CELL)
        if key not in grid or char.left < characters[grid[key]].left:
            grid[key] = place
    return grid


def _text_of(dot: Dot, characters: Sequence[Character], grid: _Grid) -> int | None:
    """Return the place of the character that a dot is in front of; None if there is none."""
    left, top, right, bottom = dot.box
    places = sorted(
        _near(grid, right - _FREE * _CELL, right + 10 * _CELL, (top + bottom) / 2),
        key=lambda place: characters[place].left,
    )
    on_line = [place for place in places if _is_on_line(dot, characters[place])]
    after = next((place for place in on_line if characters[place].left >= right), None)
    if after is None:
        return None
    char = characters[after]
    if not _GAP * char.size <= char.left - right <= _MAX_GAP * char.size:
        return None
    free = left - _FREE * char.size
    before = _near(grid, free - 2 * char.size, left, (top + bottom) / 2)
    taken = any(
        free < characters[place].right and characters[place].left < left
        for place in before
        if _is_on_line(dot, characters[place])
    )
    return None if taken else after


def _near(grid: _Grid, left: float, right: float, middle: float) -> Iterator[int]:
    row = int(middle // _CELL)
    for column in range(int(left // _CELL), int(right // _CELL) + 1):
        for each in range(row - 2, row + 3):
            if (column, each) in grid:
                yield grid[column, each]


def _is_on_line(dot: Dot, character: Character) -> bool:
    """Return whether a dot is as high as the small letters of a line, and small enough."""
    _, top, _, bottom = dot.box
    size, middle = character.size, (top + bottom) / 2
    if bottom - top > _MAX_SIZE * size:
        return False
    return character.baseline - 0.8 * size < middle < character.baseline


def _bullet(dot: Dot, character: Character) -> Character:
    left, _, right, _ = dot.box
    return character._replace(
        text=dot.sign, left=left, right=right, ink=dot.box, unknown=False, blank=False
    )
