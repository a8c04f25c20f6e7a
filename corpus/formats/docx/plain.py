"""The plain words of an element, for what is left out of the text and for comparison with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from corpus.formats.docx.fields import drawn
from corpus.formats.docx.markup import Element, branch, child, name
from corpus.formats.docx.pieces import BLANKS
from corpus.formats.docx.styles import read_look
from corpus.formats.docx.symbols import shown_in, symbol

_PARAGRAPH, _TABLE, _BOX = name("w:p"), name("w:tbl"), name("w:txbxContent")
_WORDS = (name("w:t"), name("w:delText"), name("m:t"))
_SYMBOL, _FONT, _CODE = name("w:sym"), name("w:font"), name("w:char")
_SIGNS = {
    **dict.fromkeys((name("w:tab"), name("w:ptab")), "\t"),
    **dict.fromkeys((name("w:br"), name("w:cr")), "\n"),
    name("w:noBreakHyphen"): "\u2011",
}
_RUN, _LOOK, _FIELD_CODE = name("w:r"), name("w:rPr"), name("w:instrText")
_PROPERTIES = (name("w:pPr"), _LOOK)
_ALTERNATIVES = name("mc:AlternateContent")


def plain_text(element: Element, skipped: Collection[str] = ()) -> str:
    """Return the words of an element, a line for each paragraph.

    Args:
        element: The element.
        skipped: Names of elements whose words do not count.
    """
    words: list[str] = []
    stack: list[tuple[Element | str, str]] = [(element, "")]
    while stack:
        part, font = stack.pop()
        if isinstance(part, str):
            words.append(part)
        elif part.tag not in skipped or part is element:
            words.append(_own_words(part, font))
            if part.tag == _RUN:
                font = read_look(child(part, _LOOK)).font or ""
            if part.tag == _PARAGRAPH:
                stack.append(("\n", ""))
            stack += [(inner, font) for inner in reversed(shown_children(part))]
    lines = (line.strip(BLANKS) for line in "".join(words).split("\n"))
    return "\n".join(filter(None, lines))


def _own_words(part: Element, font: str) -> str:
    """Return the words that stand in an element itself."""
    if part.tag in _WORDS:
        return shown_in(font, part.text or "")
    if part.tag == _FIELD_CODE:
        field = drawn(part.text or "")
        return field.text if field else ""
    if part.tag == _SYMBOL:
        return symbol(part.get(_FONT), part.get(_CODE))
    return _SIGNS.get(part.tag, "")


def shown_children(element: Element) -> list[Element]:
    """Return the children of an element, without its properties and those for other programs."""
    if element.tag == _ALTERNATIVES:
        shown = branch(element)
        return [] if shown is None else list(shown)
    return [part for part in element if part.tag not in _PROPERTIES]


def walk(element: Element, closed: Collection[str] = ()) -> Iterator[Element]:
    """Yield what is shown in an element, in order.

    Args:
        element: The element.
        closed: Names of elements that are yielded, but not what is in them.
    """
    stack = [*reversed(shown_children(element))]
    while stack:
        part = stack.pop()
        yield part
        if part.tag not in closed:
            stack += reversed(shown_children(part))


def counted(element: Element) -> tuple[int, int, int]:
    """Return how many paragraphs, tables and text boxes an element holds, itself included.

    Paragraphs and tables in a text box do not count, nor do paragraphs in a table.
    """
    paragraphs = tables = boxes = 0
    stack = [(element, False, False)]
    while stack:
        part, in_table, in_box = stack.pop()
        paragraphs += part.tag == _PARAGRAPH and not in_table and not in_box
        tables += part.tag == _TABLE and not in_box
        boxes += part.tag == _BOX
        in_table, in_box = in_table or part.tag == _TABLE, in_box or part.tag == _BOX
        stack += [(inner, in_table, in_box) for inner in shown_children(part)]
    return paragraphs, tables, boxes
