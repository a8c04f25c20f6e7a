"""Reads the runs of a paragraph: characters, line ends, symbols, ruby, fields and changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from corpus.documents import CutReason
from corpus.formats.docx import formulas
from corpus.formats.docx.fields import Fields
from corpus.formats.docx.findings import Findings
from corpus.formats.docx.markup import Element, branch, child, is_on, name, value
from corpus.formats.docx.notes import REFERENCES, SUPERSCRIPTS, Notes
from corpus.formats.docx.pieces import LINE_END, Content
from corpus.formats.docx.plain import plain_text
from corpus.formats.docx.styles import NO_LOOK, Look, Style, Styles, read_look
from corpus.formats.docx.symbols import shown_in, symbol

_RUN, _PROPERTIES, _RUN_STYLE = name("w:r"), name("w:rPr"), name("w:rStyle")
_TEXTS = (name("w:t"), name("w:delText"), name("m:t"))
_CODES = (name("w:instrText"), name("w:delInstrText"))
_SIGNS = {
    **dict.fromkeys((name("w:tab"), name("w:ptab")), "\t"),
    **dict.fromkeys((name("w:br"), name("w:cr")), LINE_END),
    name("w:noBreakHyphen"): "\u2011",
}
_REMOVED = (name("w:del"), name("w:moveFrom"))
_CHANGES = (*_REMOVED, name("w:ins"), name("w:moveTo"))
_SPACE, _OWN_MARK = name("xml:space"), name("w:customMarkFollows")
_SYMBOL, _FONT, _CODE = name("w:sym"), name("w:font"), name("w:char")
_CONTROL, _CONTROL_PROPERTIES = name("w:sdt"), name("w:sdtPr")
_PLACEHOLDER = name("w:showingPlcHdr")
_GRAPHIC, _URI = name("a:graphicData"), "uri"
_UNREAD_GRAPHICS = ("/chart", "/chartex", "/diagram")
# Elements without words of the text, or whose words are not shown.
_SKIPPED = frozenset(
    [
        *(name("w:pPr"), _PROPERTIES, _CONTROL_PROPERTIES, name("w:sdtEndPr"), name("w:rubyPr")),
        *(name("w:annotationRef"), name("w:footnoteRef"), name("w:endnoteRef"), name("m:rPr")),
    ]
)
_SIGNED = re.compile(r"[-+\u2212](?=[0-9０-９])")
_SUPERSCRIPT_SIGNS = {"-": "⁻", "\u2212": "⁻", "+": "⁺"}
_XML_BLANKS = re.compile(r"[\r\n]+")


class _Context(NamedTuple):
    """What holds at a place of a paragraph.

    Attributes:
        look: How the text looks there.
        cut: Why it is not in the text; None if it is.
        raised: Whether it is raised, as a superscript or in a formula.
    """

    look: Look = NO_LOOK
    cut: CutReason | None = None
    raised: bool = False


_Item = tuple["Element | str", _Context]


@dataclass
class RunReader:
    """Reads the runs of paragraphs, one paragraph after the other.

    Attributes:
        styles: The styles of the file.
        notes: Its notes, in which those that are referred to are counted.
        findings: What was met.
        fields: The fields of the story that is read.
    """

    styles: Styles
    notes: Notes
    findings: Findings
    fields: Fields
    _style: Style = field(default_factory=Style)
    _size: int = 0  # of the text before the place that is read, but for raised text
    _content: Content = field(default_factory=lambda: Content(""))

    def __post_init__(self) -> None:
        self._readers: dict[str, Callable[[Element, _Context], Iterable[_Item]]] = {
            **dict.fromkeys(_TEXTS, self._text),
            **dict.fromkeys(_CODES, self._code),
            **dict.fromkeys(_SIGNS, self._sign),
            **dict.fromkeys(_SKIPPED, self._nothing),
            **dict.fromkeys(_CHANGES, self._change),
            **dict.fromkeys(REFERENCES, self._reference),
            **dict.fromkeys(formulas.FORMULAS, self._formula),
            **dict.fromkeys(formulas.RAISED, self._raised),
            _RUN: self._run,
            _SYMBOL: self._symbol,
            _GRAPHIC: self._graphic,
            _CONTROL: self._control,
            name("w:fldChar"): self._field_character,
            name("o:OLEObject"): self._foreign,
            name("w:rt"): self._reading,
            name("w:txbxContent"): self._box,
            name("mc:AlternateContent"): self._alternatives,
        }

    def read(self, paragraph: Element, style: Style, where: str) -> Content:
        """Return the content of a paragraph.

        Args:
            paragraph: The paragraph.
            style: Its style.
            where: Its path.
        """
        self._style, self._content = style, Content(where)
        self._size = self.styles.size(style.look)
        stack: list[_Item] = [(paragraph, _Context())]
        while stack:
            element, context = stack.pop()
            if isinstance(element, str):
                self._write(element, context, None)
                continue
            reader = self._readers.get(element.tag, self._children)
            stack.extend(reversed(tuple(reader(element, context))))
        return self._content

    def _children(self, element: Element, context: _Context) -> Iterable[_Item]:
        return [(part, context) for part in element]

    def _nothing(self, _element: Element, _context: _Context) -> Iterable[_Item]:
        return ()

    def _run(self, run: Element, context: _Context) -> Iterable[_Item]:
        properties = child(run, _PROPERTIES)
        direct = read_look(properties)
        look = self.styles.run(self._style, value(properties, _RUN_STYLE), direct)
        cut: CutReason | None = context.cut or ("hidden" if look.hidden else None)
        raised = context.raised or self._is_raised(look)
        return self._children(run, _Context(look, cut, raised))

    def _is_raised(self, look: Look) -> bool:
        """Return whether a run is superscript, or raised and smaller than the text before it."""
        size = self.styles.size(look)
        if look.superscript or ((look.rise or 0) > 0 and size < self._size):
            return True
        self._size = size
        return False

    def _text(self, element: Element, context: _Context) -> Iterable[_Item]:
        text = element.text or ""
        if element.get(_SPACE) != "preserve":
            text = text.strip(" \t\r\n")
        self._write_shown(_XML_BLANKS.sub(" ", text), context)
        return ()

    def _write_shown(self, text: str, context: _Context) -> None:
        """Write text of the file as its look shows it."""
        text = shown_in(context.look.font or "", text)
        if context.raised:
            if _SIGNED.match(text):
                text = _SUPERSCRIPT_SIGNS[text[0]] + text[1:]
            text = text.translate(SUPERSCRIPTS)
        self._write(text, context, self._content.where)

    def _write(self, text: str, context: _Context, where: str | None) -> None:
        if self.fields.in_code:
            return
        if context.cut:
            self._content.cut(" " if text == LINE_END else text, context.cut)
        else:
            self._content.add(text, where)

    def _sign(self, element: Element, context: _Context) -> Iterable[_Item]:
        sign = _SIGNS[element.tag]
        self._write(sign, context, None if sign == LINE_END else self._content.where)
        return ()

    def _symbol(self, element: Element, context: _Context) -> Iterable[_Item]:
        self._write_shown(symbol(element.get(_FONT), element.get(_CODE)), context)
        return ()

    def _code(self, element: Element, _context: _Context) -> Iterable[_Item]:
        self.fields.add_code(element.text or "")
        return ()

    def _field_character(self, element: Element, context: _Context) -> Iterable[_Item]:
        drawn = self.fields.pass_character(element)
        if drawn is None:
            return ()
        self.findings.formulas |= not drawn.text
        if drawn.reading and not context.cut:
            self._content.cut(drawn.reading, "ruby")
        self._write(drawn.text, context, self._content.where)
        return ()

    def _change(self, element: Element, context: _Context) -> Iterable[_Item]:
        self.findings.changes = True
        removed = element.tag in _REMOVED
        return self._children(element, context._replace(cut="deleted") if removed else context)

    def _reading(self, element: Element, context: _Context) -> Iterable[_Item]:
        return self._children(element, context._replace(cut=context.cut or "ruby"))

    def _control(self, control: Element, context: _Context) -> Iterable[_Item]:
        if is_placeholder(control):
            context = context._replace(cut=context.cut or "form")
        return self._children(control, context)

    def _reference(self, element: Element, context: _Context) -> Iterable[_Item]:
        if context.cut:
            note = self.notes.leave_out(element)
            self._content.cut("" if note is None else f" {plain_text(note)}", context.cut)
        else:
            own_mark = (element.get(_OWN_MARK) or "0").lower() in ("1", "true", "on")
            self._write(self.notes.refer(element, own_mark), context, None)
        return ()

    def _formula(self, element: Element, context: _Context) -> Iterable[_Item]:
        return [(part, context) for part in formulas.as_line(element)]

    def _raised(self, element: Element, context: _Context) -> Iterable[_Item]:
        return self._children(element, context._replace(raised=True))

    def _box(self, element: Element, context: _Context) -> Iterable[_Item]:
        self._content.boxes.append((element, context.cut))
        return ()

    def _foreign(self, _element: Element, _context: _Context) -> Iterable[_Item]:
        self.findings.unread = True
        return ()

    def _graphic(self, element: Element, context: _Context) -> Iterable[_Item]:
        kind = element.get(_URI) or ""
        self.findings.unread |= kind.endswith(_UNREAD_GRAPHICS)
        return self._children(element, context)

    def _alternatives(self, element: Element, context: _Context) -> Iterable[_Item]:
        shown = branch(element)
        return () if shown is None else self._children(shown, context)


def is_placeholder(control: Element) -> bool:
    """Return whether a content control shows only the hint to fill it in."""
    hint = child(child(control, _CONTROL_PROPERTIES), _PLACEHOLDER)
    return hint is not None and is_on(hint)
