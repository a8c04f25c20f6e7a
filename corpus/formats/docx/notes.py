"""The footnotes and endnotes of a Word file, and their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from corpus.formats.docx.markup import Element, name, number, value

NoteKind = Literal["footnote", "endnote"]
REFERENCES: dict[str, NoteKind] = {
    name("w:footnoteReference"): "footnote",
    name("w:endnoteReference"): "endnote",
}
_ID = name("w:id")
_REMOVED = (name("w:del"), name("w:moveFrom"))
_NOTES = (name("w:footnote"), name("w:endnote"))
_PROPERTIES: dict[NoteKind, str] = {
    "footnote": name("w:footnotePr"),
    "endnote": name("w:endnotePr"),
}
_START, _RESTART, _FORMAT = name("w:numStart"), name("w:numRestart"), name("w:numFmt")
SUPERSCRIPTS = str.maketrans("0123456789０１２３４５６７８９", "⁰¹²³⁴⁵⁶⁷⁸⁹" * 2)


@dataclass(frozen=True, slots=True)
class Note:
    """A note that the text refers to.

    Attributes:
        kind: Whether it is a footnote or an endnote.
        element: Its paragraphs.
        mark: Its number in superscript digits; empty if its text begins with a mark of its own.
        path: Where it stands in the file, such as `footnote 1`.
    """

    kind: NoteKind
    element: Element
    mark: str
    path: str


@dataclass
class Notes:
    """The notes in the order in which the text refers to them."""

    _elements: dict[tuple[NoteKind, str], Element] = field(default_factory=dict)
    _starts: dict[NoteKind, int] = field(default_factory=dict)
    _used: dict[tuple[NoteKind, str], Note] = field(default_factory=dict)
    _left_out: set[tuple[NoteKind, str]] = field(default_factory=set)
    _numbered: Counter[NoteKind] = field(default_factory=Counter)
    _placed: Counter[NoteKind] = field(default_factory=Counter)

    def add_part(self, kind: NoteKind, part: Element | None, start: int) -> None:
        """Add the notes of a part such as `footnotes.xml`.

        Args:
            kind: The kind of all of them.
            part: The part; None if the file has none.
            start: The number of the first.
        """
        self._starts[kind] = start
        for element in part if part is not None else ():
            note_id = element.get(_ID)
            if element.tag in _NOTES and note_id is not None:
                self._elements[kind, note_id] = element

    def leave_out(self, reference: Element) -> Element | None:
        """Return the note of a reference that is not in the text; None if it was returned before.

        Args:
            reference: An element with a tag of `REFERENCES`.
        """
        key = (REFERENCES[reference.tag], reference.get(_ID) or "")
        if key in self._left_out:
            return None
        self._left_out.add(key)
        return self._elements.get(key)

    def refer(self, reference: Element, own_mark: bool) -> str:
        """Take up the note of a reference, and return its mark.

        Args:
            reference: An element with a tag of `REFERENCES`.
            own_mark: Whether the text has a mark of its own for it, such as a star.
        """
        kind = REFERENCES[reference.tag]
        key = (kind, reference.get(_ID) or "")
        if key in self._used:
            return self._used[key].mark
        if key not in self._elements:
            return ""
        mark = ""
        if not own_mark:
            mark = str(self._starts[kind] + self._numbered[kind]).translate(SUPERSCRIPTS)
            self._numbered[kind] += 1
        self._placed[kind] += 1
        path = f"{kind} {self._placed[kind]}"
        self._used[key] = Note(kind, self._elements[key], mark, path)
        return mark

    def __iter__(self) -> Iterator[Note]:
        """Yield the notes that the text refers to: footnotes first, each kind in order.

        A footnote may refer to an endnote while it is read.
        """
        for kind in _PROPERTIES:
            yield from [note for note in self._used.values() if note.kind == kind]


def references(kind: NoteKind, body: Element) -> int:
    """Return how many references to notes of a kind are in the text of a body."""
    found = (element for tag in REFERENCES if REFERENCES[tag] == kind for element in body.iter(tag))
    return sum(next(element.iterancestors(*_REMOVED), None) is None for element in found)


def first_number(kind: NoteKind, settings: Element | None, body: Element) -> int:
    """Return the number of the first note of a kind."""
    starts = (number(value(element, _START)) for element in _properties(kind, settings, body))
    return next((start for start in starts if start is not None and start > 0), 1)


def is_numbered_otherwise(kind: NoteKind, settings: Element | None, body: Element) -> bool:
    """Return whether Word writes other numbers than 1, 2, 3 through the whole file."""
    for element in _properties(kind, settings, body):
        if value(element, _RESTART) in ("eachSect", "eachPage"):
            return True
        if (value(element, _FORMAT) or "decimal") != "decimal":
            return True
    return False


def _properties(kind: NoteKind, settings: Element | None, body: Element) -> Iterator[Element]:
    """Yield what a file sets for the notes of a kind, for one section or for all."""
    yield from body.iter(_PROPERTIES[kind])
    if settings is not None:
        yield from settings.iter(_PROPERTIES[kind])
