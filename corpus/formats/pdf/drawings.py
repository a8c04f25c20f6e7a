"""Finds what is drawn on a page of a PDF: rules, pictures, and dots that may be bullets."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from corpus.formats.pdf.pages import Box, Rule

_MAX_RULE = 3.0  # points: a drawn line is not thicker
_MAX_DRAWINGS = 4000  # shapes of a page that are looked at
_MAX_DEPTH = 2  # forms within forms
_MIN_DOT, _MAX_DOT = 1.5, 9.0  # points: the size of a bullet
_ROUND = 1.2  # how much wider than high a bullet may be, or higher than wide
_SQUARE = 6  # parts of the outline of a square at most, which has no curves


@dataclass(frozen=True, slots=True)
class Dot:
    """A small drawn shape that may be a bullet.

    Attributes:
        sign: The character that looks like it.
        box: Its rectangle on the page as shown.
    """

    sign: str
    box: Box


@dataclass(slots=True)
class Drawings:
    """What is drawn on a page.

    Attributes:
        rules: The rules.
        dots: The small shapes.
        pictures: Square points that pictures cover.
    """

    rules: list[Rule] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    pictures: float = 0.0


def read_drawings(page: Any, shown: Callable[[float, float, float, float], Box]) -> Drawings:
    """Return what is drawn on a page.

    Args:
        page: The page, as PDFium's raw functions take it.
        shown: Returns where a rectangle of the page (left, bottom, right, top) is shown.
    """
    import pypdfium2.raw as pdfium

    found = Drawings()
    for number, (shape, kind) in enumerate(_shapes(page)):
        if number >= _MAX_DRAWINGS:
            break
        box = shown(*_bounds(shape))
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            found.pictures += (box[2] - box[0]) * (box[3] - box[1])
        elif _may_be_bullet(box):
            found.dots.append(Dot(_sign(shape), box))
        else:
            found.rules += _rules_of(*box)
    return found


def _shapes(page: Any) -> Iterator[tuple[Any, int]]:
    """Yield the paths and pictures of a page with their kinds, and those in forms."""
    import pypdfium2.raw as pdfium

    count, item = pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject
    within = pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject
    stack = [(count, item, page, 0, 0)]
    while stack:
        count, item, parent, first, depth = stack.pop()
        for place in range(first, count(parent)):
            shape = item(parent, place)
            kind = pdfium.FPDFPageObj_GetType(shape)
            if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH):
                yield shape, kind
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
                stack += [(count, item, parent, place + 1, depth), (*within, shape, 0, depth + 1)]
                break


def _bounds(shape: Any) -> Box:
    import pypdfium2.raw as pdfium

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(shape, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


def _may_be_bullet(box: Box) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    if not (_MIN_DOT <= width <= _MAX_DOT and _MIN_DOT <= height <= _MAX_DOT):
        return False
    return width < _ROUND * height and height < _ROUND * width


def _sign(shape: Any) -> str:
    """Return the character that looks like a small shape, as browsers draw bullets."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(shape, fill, stroke)
    if not fill.value:
        return "◦"
    return "▪" if pdfium.FPDFPath_CountSegments(shape) <= _SQUARE else "•"


def _rules_of(left: float, top: float, right: float, bottom: float) -> Iterator[Rule]:
    """Yield the rules that a drawn shape with these edges may be: itself, or its four sides."""
    wide, high = right - left > _MAX_RULE, bottom - top > _MAX_RULE
    if wide and high:
        yield Rule(left, top, right, top)
        yield Rule(left, bottom, right, bottom)
        yield Rule(left, top, left, bottom)
        yield Rule(right, top, right, bottom)
    elif wide or high:
        yield Rule(left, top, right, bottom)
