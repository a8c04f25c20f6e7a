"""The XML of the parts of a Word file, parsed without entities, other files or the network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol, cast

from lxml import etree

from corpus.formats.docx.archive import DAMAGED
from corpus.formats.reading import UnreadableError

MAX_MARKS = 8_000_000  # tags and attributes of a part; the tree of more does not fit the memory
_NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "o": "urn:schemas-microsoft-com:office:office",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xml": "http://www.w3.org/XML/1998/namespace",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
}
# "Strict Open XML" has other namespaces for the same names.
_STRICT = "http://purl.oclc.org/ooxml/"
_STRICT_NAMESPACES = {
    f"{{{_STRICT}wordprocessingml/main}}": f"{{{_NAMESPACES['w']}}}",
    f"{{{_STRICT}officeDocument/relationships}}": f"{{{_NAMESPACES['r']}}}",
    f"{{{_STRICT}officeDocument/math}}": f"{{{_NAMESPACES['m']}}}",
    f"{{{_STRICT}drawingml/main}}": f"{{{_NAMESPACES['a']}}}",
}
# In any encoding: each character may have bytes of zero around it.
_DOCTYPE = re.compile(b"\0*".join(re.escape(bytes([char])) for char in b"<!DOCTYPE"), re.I)
_OFF = ("0", "false", "off", "none")


class Element(Protocol):
    """What this package uses of an XML element."""

    tag: str
    text: str | None

    def get(self, key: str, /) -> str | None:
        """Return the value of an attribute."""

    def __iter__(self) -> Iterator[Element]: ...

    def __len__(self) -> int: ...

    def __reversed__(self) -> Iterator[Element]: ...

    def iter(self, *tags: str) -> Iterator[Element]:
        """Yield the element and all elements in it that have one of the tags."""

    def iterancestors(self, *tags: str) -> Iterator[Element]:
        """Yield the elements that it is in, the nearest first."""


def name(short: str) -> str:
    """Return the full name of an element or attribute, such as `w:p`."""
    prefix, local = short.split(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


_VALUE = name("w:val")
_CHOICE, _FALLBACK = name("mc:Choice"), name("mc:Fallback")
_WORDS = (name("w:t"), name("w:delText"), name("w:sym"), name("m:t"))


def parse_part(data: bytes) -> Element:
    """Parse the XML of a part.

    Raises:
        UnreadableError: The XML is damaged, nested too deep, too large for the memory, or defines
            entities, which are in no Word file and can unfold to gigabytes.
    """
    if _DOCTYPE.search(data):
        raise UnreadableError("defines XML entities, as no Word file does; save it anew in Word")
    if data.count(b"<") + data.count(b"=") > MAX_MARKS:
        raise UnreadableError("has too much markup to be read; split it into smaller files")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = cast(Element, etree.fromstring(data, parser))
    except etree.XMLSyntaxError as error:
        deep = "depth" in str(error)
        raise UnreadableError(
            "is nested too deep to be read; save it anew in Word" if deep else DAMAGED
        ) from error
    if root.tag.startswith(f"{{{_STRICT}"):
        _rename_strict(root)
    return root


def _rename_strict(root: Element) -> None:
    """Give the elements and attributes of a "Strict Open XML" part their usual names."""
    renamed: dict[str, str] = {}

    def usual(full: str) -> str:
        if full not in renamed:
            space, brace, local = full.rpartition("}")
            renamed[full] = _STRICT_NAMESPACES.get(space + brace, space + brace) + local
        return renamed[full]

    for element in cast(Iterator[etree._Element], root.iter()):
        element.tag = usual(element.tag)
        for key, value in element.attrib.items():
            if key != usual(key):
                del element.attrib[key]
                element.set(usual(key), value)


def child(element: Element | None, tag: str) -> Element | None:
    """Return the first child with a tag."""
    if element is not None:
        for candidate in element:
            if candidate.tag == tag:
                return candidate
    return None


def value(element: Element | None, tag: str) -> str | None:
    """Return the `w:val` of the first child with a tag; None without such a child or value."""
    found = child(element, tag)
    return None if found is None else found.get(_VALUE)


def number(text: str | None) -> int | None:
    """Return a whole number, such as the `1.` of some programs for 1; None for anything else."""
    match = re.fullmatch(r"\s*([+-]?\d{1,9})(?:\.\d*)?(?:pt)?\s*", text or "")
    return int(match[1]) if match else None


def is_on(element: Element) -> bool:
    """Return whether a property is set: it is, unless its value says that it is not."""
    return (element.get(_VALUE) or "").lower() not in _OFF


def branch(alternatives: Element) -> Element | None:
    """Return which child of `mc:AlternateContent` is shown.

    The first choice is for newer programs and the fallback for older ones. They hold the same
    words, unless a choice is drawn by other means.
    """
    choices = [option for option in alternatives if option.tag == _CHOICE]
    fallback = child(alternatives, _FALLBACK)
    for option in choices:
        if next(option.iter(*_WORDS), None) is not None:
            return option
    return fallback if fallback is not None else choices[0] if choices else None
