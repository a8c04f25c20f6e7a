"""The place of a passage, as a reader would cite it: by the printed number if there is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from corpus.records import Passage, Statement
from corpus.tables import read_table
from qa.answers.original import OriginalPlace

# Signs beside a printed number that are no part of it: bullets, stops, escapes, brackets.
_ORNAMENT = re.compile(r"\A[^\w(（\[]+|[.．、:：\\\s]+\Z")
_MAX_HEADING = 60  # code points of a heading that can name a place
_NOTE_SIGNS = re.compile(r"[\[\]()（）^<>/:：\s]|sup|注")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands in the layout of its statement.

    Attributes:
        kind: Kind of the passage; see `Passage`.
        section: Number of the list; see `Passage`.
        number: Position within the section; see `Passage`.
        labels: The number that is printed at each bullet around the passage, from the outermost
            bullet to the passage itself, such as `51` or `(3)`; empty for a bullet without one.
        unique: Whether the outermost printed number stands at one bullet only.
        heading: Text of the heading that introduces the list, such as `Article 2`, if it is short.
        pages: Numbers of the pages of the original file, from 1; empty without pages.
        recognised: Whether the words were recognised in a picture (OCR).
    """

    kind: str
    section: int
    number: tuple[int, ...]
    labels: tuple[str, ...] = ()
    unique: bool = False
    heading: str = ""
    pages: tuple[int, ...] = ()
    recognised: bool = False

    @classmethod
    def of(
        cls, statement: Statement, passage: Passage, original: OriginalPlace | None = None
    ) -> Place:
        """Return the place of a passage of a statement.

        Args:
            statement: The statement.
            passage: The passage.
            original: Where the words that are meant stand in the original file.
        """
        labels = tuple(map(printed_number, _markers(statement, passage)))
        return cls(
            kind=passage.kind,
            section=passage.section,
            number=passage.number,
            labels=labels,
            unique=bool(labels and labels[0]) and _is_unique(statement, labels[0]),
            heading=_heading(statement, passage),
            pages=original.pages if original else (),
            recognised=bool(original and original.recognised),
        )

    def describe(self, language: str) -> str:
        """Return the place in words: in Japanese for `ja`, otherwise in English."""
        texts = _texts(language)
        return texts["parts"].join([self._in_layout(texts), *self._in_original(texts)])

    def _in_layout(self, texts: dict[str, str]) -> str:
        if self.kind in ("heading", "note"):
            return texts[self.kind].format(label="".join(self.labels)).strip()
        if self.kind == "paragraph":
            text = texts["opening"] if self.section == 0 else texts["after"]
            return text.format(section=self.section, number=self.number[0])
        return texts["comma"].join(self._levels(texts))

    def _in_original(self, texts: dict[str, str]) -> Iterator[str]:
        """Yield the pages, and that the words were recognised in a picture."""
        if len(self.pages) == 1:
            yield texts["page"].format(page=self.pages[0])
        elif self.pages:
            yield texts["pages"].format(first=min(self.pages), last=max(self.pages))
        if self.recognised:
            yield texts["ocr"]

    def _levels(self, texts: dict[str, str]) -> Iterator[str]:
        """Yield the list, the bullet and the items around the passage in words, outermost first.

        A printed number that stands at one bullet only needs no list before it.
        """
        label = self.labels[0] if self.labels else ""
        if not self.unique:
            heading = self.heading if label else ""
            yield heading or texts["list"].format(section=self.section)
            yield label or texts["bullet"].format(number=self.number[0])
        elif label[0].isalnum() and not label.startswith("第"):
            yield texts["numbered"].format(label=label)
        else:
            yield label
        for number, item_label in zip(self.number[1:], self.labels[1:], strict=False):
            yield item_label or texts["item"].format(number=number)


def printed_number(marker: str) -> str:
    """Return the number in a printed marker, with its brackets; empty if there is no number."""
    number = _ORNAMENT.sub("", marker)
    if not number.startswith(("(", "（", "[")):
        number = number.rstrip(")）")
    return number if any(char.isalnum() for char in number) else ""


def _is_unique(statement: Statement, label: str) -> bool:
    """Whether exactly one bullet of a statement has this printed number."""
    bullets = {
        (passage.section, passage.number)
        for passage in statement.passages
        if passage.kind == "bullet" and printed_number(passage.marker) == label
    }
    return len(bullets) == 1


def _heading(statement: Statement, passage: Passage) -> str:
    """Return the heading that introduces a list in one line; empty if it is long or missing."""
    lead_ins = (item for item in statement.passages if item.id == passage.lead_in)
    lead_in = next(lead_ins, None)
    if lead_in is None or lead_in.kind != "heading" or len(lead_in.sentences) > 1:
        return ""
    heading = " ".join(lead_in.span.of(statement.source.text).split())
    return heading if len(heading) <= _MAX_HEADING else ""


def _markers(statement: Statement, passage: Passage) -> list[str]:
    """Return the markers of the bullets around a passage, the outermost first, its own last."""
    if passage.kind == "note":
        return [_NOTE_SIGNS.sub("", passage.marker)]
    markers: list[str] = []
    current: Passage | None = passage
    while current and current.number and current.kind in ("bullet", "item"):
        markers.insert(0, current.marker)
        current = statement.parent(current)
    return markers


@cache
def _texts(language: str) -> dict[str, str]:
    table = read_table(__package__, "places.json")
    texts: dict[str, str] = table.get(language, table["en"])
    return texts
