"""The lists of a Word file as `numbering.xml` defines them (ECMA-376, 17.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.formats.docx.markup import Element, branch, child, is_on, name, number, value
from corpus.formats.docx.styles import NO_INDENT, Indent, read_indent, read_look

LEVELS = 9
_MAX_TEXT = 60  # code points of what is printed before the paragraphs of a level
_ABSTRACT, _ABSTRACT_ID = name("w:abstractNum"), name("w:abstractNumId")
_LIST, _LIST_ID, _OVERRIDE = name("w:num"), name("w:numId"), name("w:lvlOverride")
_LEVEL, _LEVEL_NUMBER, _START_OVERRIDE = name("w:lvl"), name("w:ilvl"), name("w:startOverride")
_START, _FORMAT, _TEXT = name("w:start"), name("w:numFmt"), name("w:lvlText")
_SUFFIX, _LEGAL, _RESTART = name("w:suff"), name("w:isLgl"), name("w:lvlRestart")
_STYLE, _PICTURE = name("w:pStyle"), name("w:lvlPicBulletId")
_STYLE_LINK, _LINK_TO_STYLE = name("w:styleLink"), name("w:numStyleLink")
_PARAGRAPH_LOOK, _RUN_LOOK = name("w:pPr"), name("w:rPr")
_ALTERNATIVES = name("mc:AlternateContent")
_FORMAT_TEXT, _VALUE = name("w:format"), name("w:val")


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list.

    Attributes:
        start: Its first number.
        format: The format of its numbers; see `number_formats`.
        text: What is printed, with `%1` for the number of the first level and so on.
        suffix: What stands after it: `tab`, `space` or `nothing`.
        legal: Whether the numbers of all levels are written in digits.
        restart: The level, from 1, whose paragraphs make this one begin again; 0 for none. None:
            any higher level.
        style: Id of the style whose paragraphs are of this level.
        picture: Whether the bullet is a picture.
        indent: Indent of its paragraphs.
        font: Font of the text, in lower case, if it is a font of symbols.
    """

    start: int = 0
    format: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    legal: bool = False
    restart: int | None = None
    style: str = ""
    picture: bool = False
    indent: Indent = NO_INDENT
    font: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """A list.

    Attributes:
        sequence: What its numbers are counted in. Lists with the same sequence continue each other.
        levels: Its levels by their numbers, from 0.
        starts: The numbers with which it begins to count anew, by level.
    """

    sequence: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int] = field(default_factory=dict)

    def start(self, level: int) -> int:
        """Return the first number of a level."""
        return self.starts.get(level, self.levels[level].start if level in self.levels else 1)

    def level_of_style(self, style_id: str) -> int | None:
        """Return the level that belongs to a style of paragraphs."""
        levels = (number for number, level in self.levels.items() if level.style == style_id)
        return next(levels, None) if style_id else None


def read_lists(part: Element | None) -> dict[int, List]:
    """Return the lists of the part `numbering.xml` by their ids.

    Args:
        part: The part; None if the file has none.
    """
    elements = list(part) if part is not None else []
    abstract = {
        element.get(_ABSTRACT_ID) or "": element for element in elements if element.tag == _ABSTRACT
    }
    by_style = {
        style: key
        for key, element in abstract.items()
        if (style := value(element, _STYLE_LINK)) is not None
    }
    levels: dict[str, dict[int, Level]] = {}
    lists: dict[int, List] = {}
    for element in elements:
        list_id = number(element.get(_LIST_ID)) if element.tag == _LIST else None
        key = value(element, _ABSTRACT_ID) or ""
        if list_id is None or key not in abstract:
            continue
        # A list may say that another list defines its levels: that of a style of lists.
        linked = value(abstract[key], _LINK_TO_STYLE)
        key = by_style.get(linked, key) if linked is not None else key
        if key not in levels:
            levels[key] = _read_levels(abstract[key])
        lists[list_id] = _read_list(element, key, levels[key])
    return lists


def _read_list(element: Element, sequence: str, levels: Mapping[int, Level]) -> List:
    """Return a list with what it changes in the levels that it shares with others."""
    changed, starts = dict(levels), {}
    for override in element:
        level = number(override.get(_LEVEL_NUMBER)) if override.tag == _OVERRIDE else None
        if level is None:
            continue
        changed |= _read_levels(override)
        start = number(value(override, _START_OVERRIDE))
        if start is not None:
            starts[level] = max(0, start)
    return List(sequence, changed, starts)


def _read_levels(parent: Element) -> dict[int, Level]:
    levels = {}
    for element in parent:
        level = number(element.get(_LEVEL_NUMBER)) if element.tag == _LEVEL else None
        if level is not None and 0 <= level < LEVELS:
            levels[level] = _read_level(element)
    return levels


def _read_level(element: Element) -> Level:
    legal, restart = child(element, _LEGAL), number(value(element, _RESTART))
    return Level(
        start=max(0, number(value(element, _START)) or 0),
        format=_read_format(element),
        text=(value(element, _TEXT) or "")[:_MAX_TEXT],
        suffix=value(element, _SUFFIX) or "tab",
        legal=legal is not None and is_on(legal),
        restart=restart,
        style=value(element, _STYLE) or "",
        picture=child(element, _PICTURE) is not None,
        indent=read_indent(child(element, _PARAGRAPH_LOOK)),
        font=read_look(child(element, _RUN_LOOK)).font or "",
    )


def _read_format(level: Element) -> str:
    """Return the format of a level; newer ones are one of two alternatives."""
    element = child(level, _FORMAT)
    alternatives = child(level, _ALTERNATIVES)
    if element is None and alternatives is not None:
        for option in alternatives:
            custom = child(option, _FORMAT)
            if custom is not None and custom.get(_FORMAT_TEXT):
                return custom.get(_FORMAT_TEXT) or ""
        element = child(branch(alternatives), _FORMAT)
    if element is None:
        return "decimal"
    return element.get(_FORMAT_TEXT) or element.get(_VALUE) or "decimal"
