"""Pages of a PDF made of words and their places, for tests of what is read from characters."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus.formats.pdf.furniture import find_furniture
from corpus.formats.pdf.glyphs import flow_of
from corpus.formats.pdf.lines import printed_text
from corpus.formats.pdf.pages import Character, Page
from corpus.formats.pdf.placement import PageRows
from corpus.formats.pdf.rows import Row, rows_of
from corpus.formats.pdf.text import write_text

WIDTH, HEIGHT = 600.0, 800.0
SIZE, PITCH = 10.0, 12.0
LEFT, TOP = 60.0, 120.0


class Words(NamedTuple):
    """Words on a line. Letters are half as wide as high, kana and kanji as wide as high.

    Attributes:
        text: The words.
        left: Where they begin.
        baseline: Where they stand.
        size: Size of the font.
        font: Name of the font.
        apart: How far its characters are apart, in sizes.
        blanks: Whether the file holds the blanks, or only leaves gaps.
        raised: How far what is printed is above the baseline, in sizes.
    """

    text: str
    left: float = LEFT
    baseline: float = TOP
    size: float = SIZE
    font: str = ""
    apart: float = 0.0
    blanks: bool = True
    raised: float = 0.0


def characters(words: Words) -> Iterator[Character]:
    """Yield the characters of words."""
    left, size, base = words.left, words.size, words.baseline
    for text in words.text:
        width = size if unicodedata.east_asian_width(text) in "WF" else size / 2
        ink_base = base - words.raised * size
        ink = (left + 0.5, ink_base - 0.7 * size, left + width - 0.5, ink_base)
        edges = (left, base - 0.88 * size, left + width, base + 0.12 * size)
        if words.blanks or not text.isspace():
            blank = text.isspace()
            yield Character(text, *edges, ink, base, size, blank=blank, font=words.font)
        left += width + words.apart * size


def page(*lines: Words, number: int = 1, pictures: float = 0.0) -> Page:
    """Return a page of lines, in the order of the file."""
    found = tuple(character for words in lines for character in characters(words))
    return Page(number, WIDTH, HEIGHT, found, pictures)


def vertical_page(*lines: str, number: int = 1) -> Page:
    """Return a page of vertical lines, from the right to the left."""
    found = [
        Character(
            text,
            *(box := (right - SIZE, TOP + SIZE * place, right, TOP + SIZE * (place + 1))),
            box,
            box[3],
            SIZE,
        )
        for line, words in enumerate(lines)
        for right in [WIDTH - LEFT - 2 * SIZE * line]
        for place, text in enumerate(words)
    ]
    return Page(number, WIDTH, HEIGHT, tuple(found))


def page_rows(shown: Page) -> PageRows:
    """Return the rows of a page without ruby."""
    flow = flow_of(shown)
    return PageRows(flow, tuple(rows_of(flow.glyphs)[0]))


def rows(*lines: Words) -> list[Row]:
    """Return the rows of a page of lines, without ruby."""
    return list(page_rows(page(*lines)).rows)


def column(
    text: str, left: float = LEFT, top: float = TOP, width: int = 40, pitch: float = PITCH
) -> list[Words]:
    """Return the lines of a paragraph that is as wide as some letters."""
    lines = textwrap.wrap(text, width, break_on_hyphens=False)
    return [Words(line, left, top + pitch * number) for number, line in enumerate(lines)]


def lines_below(*texts: str, left: float = LEFT, top: float = TOP) -> list[Words]:
    """Return lines one below another. Blanks before one indent it."""
    return [
        Words(text.lstrip(" "), left + SIZE / 2 * indent, top + PITCH * number)
        for number, text in enumerate(texts)
        for indent in [len(text) - len(text.lstrip(" "))]
    ]


def read(*shown: Page) -> list[str]:
    """Return the blocks of the text of some pages, without their furniture."""
    pages = [page_rows(each) for each in shown]
    furniture = find_furniture(pages)
    kept = [
        PageRows(
            each.flow,
            tuple(row for number, row in enumerate(each.rows) if (place, number) not in furniture),
        )
        for place, each in enumerate(pages)
    ]
    return write_text(printed_text(kept)).reading().text.strip().split("\n\n")


def texts(found: Sequence[Row]) -> list[str]:
    """Return the text of each row."""
    return [row.text for row in found]
