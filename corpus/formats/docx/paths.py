"""Finds the place in a Word file that a path leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from corpus.formats.docx.markup import Element, name
from corpus.formats.docx.notes import REFERENCES
from corpus.formats.docx.package import Package
from corpus.formats.docx.plain import plain_text, walk

_PATH = re.compile(
    r"(?P<kind>paragraph|text box|footnote|endnote|comment|header|footer) (?P<number>[1-9]\d*)"
    r"|table (?P<table>[1-9]\d*), row (?P<row>[1-9]\d*)"
)
_PARAGRAPH, _TABLE, _ROW = name("w:p"), name("w:tbl"), name("w:tr")
_BOX, _SECTION = name("w:txbxContent"), name("w:sectPr")
_ID, _LINK = name("w:id"), name("r:id")
_REMOVED = (name("w:del"), name("w:moveFrom"))
_NOT_READ = (*_REMOVED, name("w:rt"), _BOX)


def text_at(data: bytes, path: str) -> str:
    """Return the words at a place of a Word file, as the file holds them.

    The numbers of lists and notes are not among them, nor are deleted words, readings above the
    line, and text boxes and tables within the place.

    Args:
        data: The file.
        path: The path of the place, such as `paragraph 12`, `table 2, row 3` or `footnote 1`.

    Raises:
        KeyError: There is no such place.
        UnreadableError: The file cannot be read.
    """
    match = _PATH.fullmatch(path)
    if not match:
        raise KeyError(path)
    package = Package(data)
    number = int(match["number"] or match["table"])
    found = _nth(_places(package, match["kind"] or "table"), number)
    if found is not None and match["row"]:
        rows = (part for part in walk(found, (_TABLE, _BOX)) if part.tag == _ROW)
        found = _nth(rows, int(match["row"]))
    if found is None:
        raise KeyError(path)
    inner = (*_NOT_READ, _TABLE) if match["table"] else _NOT_READ
    return plain_text(found, inner)


def _nth(elements: Iterator[Element], number: int) -> Element | None:
    return next(islice(elements, number - 1, None), None)


def _places(package: Package, kind: str) -> Iterator[Element]:
    """Yield the elements of a kind, in the order of their numbers."""
    if kind in ("header", "footer"):
        yield from _running_headers(package, kind)
    elif kind in REFERENCES.values():
        yield from _notes(package, kind)
    elif kind == "comment":
        comments = package.related("comments")
        yield from comments if comments is not None else ()
    else:
        tag = {"paragraph": _PARAGRAPH, "table": _TABLE, "text box": _BOX}[kind]
        closed = {"paragraph": (_TABLE, _BOX), "table": (_BOX,), "text box": ()}[kind]
        yield from (part for part in walk(package.body, closed) if part.tag == tag)


def _notes(package: Package, kind: str) -> Iterator[Element]:
    part = package.related(f"{kind}s")
    notes = {note.get(_ID): note for note in part} if part is not None else {}
    references = (
        part.get(_ID) for part in walk(package.body, _REMOVED) if REFERENCES.get(part.tag) == kind
    )
    return (notes[note_id] for note_id in dict.fromkeys(references) if note_id in notes)


def _running_headers(package: Package, kind: str) -> Iterator[Element]:
    links = (
        reference.get(_LINK)
        for section in package.body.iter(_SECTION)
        for reference in section
        if reference.tag == name(f"w:{kind}Reference")
    )
    parts = (package.linked(link) for link in dict.fromkeys(links))
    return (part for part in parts if part is not None)
