"""The styles of a Word file: what a paragraph or run inherits from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from corpus.formats.docx.markup import Element, child, is_on, name, number, value
from corpus.formats.docx.symbols import is_symbol_font

_STYLE, _STYLE_ID, _BASED_ON = name("w:style"), name("w:styleId"), name("w:basedOn")
_KIND, _DEFAULT, _VALUE = name("w:type"), name("w:default"), name("w:val")
_PARAGRAPH_LOOK, _RUN_LOOK = name("w:pPr"), name("w:rPr")
_VANISH, _ALIGN, _FONTS = name("w:vanish"), name("w:vertAlign"), name("w:rFonts")
_RISE, _SIZE = name("w:position"), name("w:sz")
_DEFAULTS, _RUN_DEFAULTS = name("w:docDefaults"), name("w:rPrDefault")
_USUAL_SIZE = 20  # half points; that of a file that sets none
_FONT_NAMES = (name("w:ascii"), name("w:hAnsi"))
_NUMBERING, _LEVEL, _LIST = name("w:numPr"), name("w:ilvl"), name("w:numId")
_INDENT, _OUTLINE = name("w:ind"), name("w:outlineLvl")
_LEFT, _START = name("w:left"), name("w:start")
_LEFT_CHARACTERS, _START_CHARACTERS = name("w:leftChars"), name("w:startChars")
_HANGING, _FIRST = name("w:hanging"), name("w:firstLine")
_HANGING_CHARACTERS, _FIRST_CHARACTERS = name("w:hangingChars"), name("w:firstLineChars")
_CHARACTER = 210  # twips; the width of a character in the usual size of Japanese text, 10.5 points
_MAX_INDENTS = 30  # of styles that are based on each other
_BODY_LEVEL = 9  # the outline level of text that is no heading


class Look(NamedTuple):
    """What a run looks like. None: not set here, but inherited.

    Attributes:
        hidden: Whether its text is not shown.
        superscript: Whether its text is superscript.
        rise: How much it is raised, in half points.
        size: Its size, in half points.
        font: Its font in lower case, if that is a font of symbols; empty for any other.
    """

    hidden: bool | None = None
    superscript: bool | None = None
    rise: int | None = None
    size: int | None = None
    font: str | None = None

    def over(self, other: Look) -> Look:
        """Return this look with what it leaves open taken from another."""
        return Look(
            other.hidden if self.hidden is None else self.hidden,
            other.superscript if self.superscript is None else self.superscript,
            other.rise if self.rise is None else self.rise,
            other.size if self.size is None else self.size,
            other.font if self.font is None else self.font,
        )


class Indent(NamedTuple):
    """Where the lines of a paragraph begin, in twips (1/20 point). None: inherited.

    Attributes:
        left: Where its lines begin.
        first: How much further right its first line begins; negative if it hangs to the left.
    """

    left: int | None = None
    first: int | None = None

    def over(self, other: Indent) -> Indent:
        """Return this indent with what it leaves open taken from another."""
        return Indent(
            other.left if self.left is None else self.left,
            other.first if self.first is None else self.first,
        )


class Numbered(NamedTuple):
    """The list of a paragraph. None: inherited.

    Attributes:
        list_id: Id of the list; 0 for none.
        level: Level in the list, from 0.
    """

    list_id: int | None = None
    level: int | None = None


NO_LOOK, NO_INDENT, NOT_NUMBERED = Look(), Indent(), Numbered()


@dataclass(frozen=True, slots=True)
class Style:
    """A style together with those that it is based on.

    Attributes:
        id: Its id.
        look: The look of its runs.
        numbered: The list of its paragraphs.
        indents: Indents from the outermost style to this one, each with whether that style also
            sets a list: the indent of the list then counts before that of the style.
        heading: Whether its paragraphs are headings.
    """

    id: str = ""
    look: Look = NO_LOOK
    numbered: Numbered = NOT_NUMBERED
    indents: tuple[tuple[bool, Indent], ...] = ()
    heading: bool = False


class Styles:
    """The styles of a file by their ids."""

    def __init__(self, part: Element | None) -> None:
        """Take the styles of the part `styles.xml`; None if the file has none."""
        self._elements: dict[str, Element] = {}
        self._resolved: dict[str, Style] = {}
        self._default = ""
        defaults = child(child(part, _DEFAULTS), _RUN_DEFAULTS)
        self._size = read_look(child(defaults, _RUN_LOOK)).size or _USUAL_SIZE
        for element in part if part is not None else ():
            if element.tag != _STYLE:
                continue
            style_id = element.get(_STYLE_ID) or ""
            self._elements[style_id] = element
            default = (element.get(_DEFAULT) or "0").lower() in ("1", "true", "on")
            if default and element.get(_KIND) == "paragraph":
                self._default = style_id

    def paragraph(self, style_id: str | None) -> Style:
        """Return the style of a paragraph; None stands for the default."""
        known = style_id if style_id in self._elements else None
        return self._style(self._default if known is None else known)

    def run(self, paragraph: Style, style_id: str | None, direct: Look) -> Look:
        """Return the look of a run.

        Args:
            paragraph: The style of its paragraph.
            style_id: Id of its own style.
            direct: What it sets itself.
        """
        if not style_id and direct == NO_LOOK:
            return paragraph.look
        own = self._style(style_id).look if style_id else NO_LOOK
        look = direct.over(own.over(paragraph.look))
        # Two styles that both hide a run show it again (ECMA-376, 17.7.3).
        if direct.hidden is None and own.hidden and paragraph.look.hidden:
            return look._replace(hidden=False)
        return look

    def size(self, look: Look) -> int:
        """Return the size of text with a look, in half points."""
        return look.size or self._size

    def _style(self, style_id: str) -> Style:
        """Return a style. Those that it is based on are kept too, so each is read once."""
        chain: dict[str, Element] = {}
        based_on: str | None = style_id
        while based_on in self._elements and not (based_on in self._resolved or based_on in chain):
            chain[based_on] = self._elements[based_on]
            based_on = value(chain[based_on], _BASED_ON)
        style = self._resolved.get(based_on or "", Style())
        for key, element in reversed(chain.items()):
            style = self._resolved[key] = _derived(style, element)
        return style


def _derived(base: Style, element: Element) -> Style:
    """Return the style of an element, based on another."""
    properties = child(element, _PARAGRAPH_LOOK)
    numbered, own = base.numbered, read_numbered(properties)
    if own.list_id is not None or own.level is not None:
        list_id = numbered.list_id if own.list_id is None else own.list_id
        numbered = Numbered(list_id, numbered.level if own.level is None else own.level)
    return Style(
        element.get(_STYLE_ID) or "",
        read_look(child(element, _RUN_LOOK)).over(base.look),
        numbered,
        (*base.indents, (own.list_id is not None, read_indent(properties)))[-_MAX_INDENTS:],
        is_heading(properties, base.heading),
    )


def read_look(properties: Element | None) -> Look:
    """Return what the properties of a run (`w:rPr`) set."""
    hidden = superscript = rise = size = font = None
    for element in properties if properties is not None else ():
        if element.tag == _VANISH:
            hidden = is_on(element)
        elif element.tag == _ALIGN:
            superscript = element.get(_VALUE) == "superscript"
        elif element.tag == _RISE:
            rise = number(element.get(_VALUE))
        elif element.tag == _SIZE:
            size = number(element.get(_VALUE))
        elif element.tag == _FONTS:
            fonts = [(element.get(key) or "").lower() for key in _FONT_NAMES]
            symbols = next(filter(is_symbol_font, fonts), "")
            font = symbols if symbols or any(fonts) else None
    return Look(hidden, superscript, rise, size, font)


def read_numbered(properties: Element | None) -> Numbered:
    """Return the list that the properties of a paragraph (`w:pPr`) set."""
    element = child(properties, _NUMBERING)
    if element is None:
        return NOT_NUMBERED
    return Numbered(number(value(element, _LIST)), number(value(element, _LEVEL)))


def read_indent(properties: Element | None) -> Indent:
    """Return the indent that the properties of a paragraph (`w:pPr`) set."""
    element = child(properties, _INDENT)
    if element is None:
        return NO_INDENT
    hanging = _distance(element, (_HANGING,), (_HANGING_CHARACTERS,))
    first = _distance(element, (_FIRST,), (_FIRST_CHARACTERS,)) if not hanging else -hanging
    left = _distance(element, (_LEFT, _START), (_LEFT_CHARACTERS, _START_CHARACTERS))
    return Indent(left, hanging if first is None else first)


def is_heading(properties: Element | None, inherited: bool) -> bool:
    """Return whether the properties of a paragraph (`w:pPr`) make it a heading."""
    level = number(value(properties, _OUTLINE))
    return inherited if level is None else level < _BODY_LEVEL


def _distance(
    element: Element, keys: tuple[str, ...], character_keys: tuple[str, ...]
) -> int | None:
    """Return a distance in twips. One in hundredths of a character counts before one in twips."""
    for key in character_keys:
        if characters := number(element.get(key)):
            return characters * _CHARACTER // 100
    return next((found for key in keys if (found := number(element.get(key))) is not None), None)
