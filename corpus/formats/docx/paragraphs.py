"""The properties of a paragraph: its style, its number and its indent."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.formats.docx.counting import Counter, Number
from corpus.formats.docx.markup import Element, child, name, value
from corpus.formats.docx.numbering import LEVELS, Level, List
from corpus.formats.docx.outline import Item
from corpus.formats.docx.styles import (
    NO_INDENT,
    NOT_NUMBERED,
    Indent,
    Numbered,
    Style,
    Styles,
    is_heading,
    read_indent,
    read_look,
    read_numbered,
)

_PROPERTIES, _STYLE, _MARK_LOOK = name("w:pPr"), name("w:pStyle"), name("w:rPr")
_SECTION, _FRAME, _DROP_CAP = name("w:sectPr"), name("w:framePr"), name("w:dropCap")
_REMOVED = (name("w:del"), name("w:moveFrom"))
_HIDDEN = name("w:vanish")
_CHANGES = (*_REMOVED, name("w:ins"), name("w:moveTo"))
_LONG = 60  # code points; a longer item is no title
_CONTINUING = "。．.!?！？｡;；:：,、，"


@dataclass(frozen=True, slots=True)
class Properties:
    """The properties of a paragraph.

    Attributes:
        style: Its style.
        numbered: The list that it sets itself.
        indent: The indent that it sets itself.
        heading: Whether it is a heading.
        joined: Whether the next paragraph continues it: its end is deleted or hidden, or it is the
            large first letter of the next.
        changed: Whether its end is a tracked change.
        section: The properties of the section that ends with it.
    """

    style: Style
    numbered: Numbered = NOT_NUMBERED
    indent: Indent = NO_INDENT
    heading: bool = False
    joined: bool = False
    changed: bool = False
    section: Element | None = None


def read_properties(paragraph: Element, styles: Styles) -> Properties:
    """Return the properties of a paragraph."""
    element = child(paragraph, _PROPERTIES)
    if element is None:
        style = styles.paragraph(None)
        return Properties(style, heading=style.heading)
    style = styles.paragraph(value(element, _STYLE))
    mark = child(element, _MARK_LOOK)
    tags = {part.tag for part in mark} if mark is not None else set()
    hidden = read_look(mark).hidden if _HIDDEN in tags else style.look.hidden
    return Properties(
        style,
        read_numbered(element),
        read_indent(element),
        is_heading(element, style.heading),
        bool(hidden) or not tags.isdisjoint(_REMOVED) or _is_drop_cap(element),
        not tags.isdisjoint(_CHANGES),
        child(element, _SECTION),
    )


def _is_drop_cap(properties: Element) -> bool:
    frame = child(properties, _FRAME)
    return frame is not None and frame.get(_DROP_CAP) in ("drop", "margin")


def place_in_list(properties: Properties, counter: Counter) -> tuple[List, int, int] | None:
    """Return the list of a paragraph, with its id and the level of the paragraph.

    Returns:
        None if the paragraph is in no list.
    """
    own, inherited = properties.numbered, properties.style.numbered
    list_id = inherited.list_id if own.list_id is None else own.list_id
    list_ = counter.lists.get(list_id or 0)
    if not list_id or list_ is None:
        return None
    level = own.level
    if level is None and own.list_id is None:  # the list of a style knows the level of the style
        level = list_.level_of_style(properties.style.id)
    if level is None:
        level = inherited.level
    return list_, list_id, min(max(level or 0, 0), LEVELS - 1)


def indent_of(properties: Properties, level: Level | None) -> Indent:
    """Return the whole indent of a paragraph.

    Args:
        properties: Its properties.
        level: Its level in a list; None if it is in none. The indent of the level counts before
            that of the styles, and after what a style that sets the list sets itself.
    """
    listed = NO_INDENT if level is None else level.indent
    indent = NO_INDENT
    for sets_list, own in properties.style.indents:
        indent = own.over(listed.over(indent) if sets_list else indent)
    if properties.numbered.list_id is not None:
        indent = listed.over(indent)
    return properties.indent.over(indent)


def item_of(
    properties: Properties, number: Number, place: tuple[List, int, int], text: str
) -> Item:
    """Return a numbered paragraph with what tells its depth.

    Args:
        properties: Its properties.
        number: Its number.
        place: Its list, the id of that, and its level.
        text: Its text.
    """
    list_, _, level = place
    left, first = indent_of(properties, list_.levels.get(level, Level()))
    text_at = left or 0
    goes_on = text.rstrip().endswith(tuple(_CONTINUING)) or len(text) > _LONG
    return Item(
        list_.sequence,
        level,
        text_at + (first or 0),
        text_at,
        number.ordered,
        number.is_sure,
        properties.heading or not goes_on,
    )
