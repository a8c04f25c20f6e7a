"""Where a passage stands, as a reader would cite it: by the printed number where there is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from corpus.records import Passage, Statement
from corpus.tables import read_table

# What is printed around a number without being part of it: bullets, stops, escapes, brackets.
_ORNAMENT = re.compile(r"\A[^\w(（\[]+|[.．、:：\\\s]+\Z")
_LONGEST_HEADING = 60  # code points of a heading that is named in a place
_NOTE_SIGNS = re.compile(r"[\[\]()（）^<>/:：\s]|sup|注")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands in the layout of its statement.

    Attributes:
        kind: What the passage is; see `Passage`.
        section: Number of the list; see `Passage`.
        number: Position within the section; see `Passage`.
        labels: For each bullet that it stands in, itself last, the number printed there, such as
            `51` or `(3)`; empty for a bullet without a number.
        unique: Whether no other list of the statement has the outermost printed number.
        heading: Words of a short heading that leads the list in, such as `Article 2`.
    """

    kind: str
    section: int
    number: tuple[int, ...]
    labels: tuple[str, ...] = ()
    unique: bool = False
    heading: str = ""

    @classmethod
    def of(cls, statement: Statement, passage: Passage) -> Place:
        """The place of one of a statement's passages."""
        labels = tuple(map(label, _markers(statement, passage)))
        same = {
            (one.section, one.number)
            for one in statement.passages
            if one.kind == "bullet" and labels and label(one.marker) == labels[0]
        }
        unique = bool(labels and labels[0]) and len(same) == 1
        return cls(
            *(passage.kind, passage.section, passage.number, labels, unique),
            _heading(statement, passage),
        )

    def describe(self, language: str) -> str:
        """In words, in Japanese or else in English."""
        words = _words(language)
        if self.kind in ("heading", "note"):
            return words[self.kind].format(label="".join(self.labels)).strip()
        if self.kind == "paragraph":
            name = words["opening"] if self.section == 0 else words["after"]
            return name.format(section=self.section, number=self.number[0])
        return words["comma"].join(self._parts(words))

    def _parts(self, words: dict[str, str]) -> Iterator[str]:
        outer = self.labels[0] if self.labels else ""
        if not self.unique:
            named = self.heading if outer else ""
            yield named or words["list"].format(section=self.section)
            yield outer or words["bullet"].format(number=self.number[0])
        elif outer[0].isalnum() and not outer.startswith("第"):
            yield words["numbered"].format(label=outer)
        else:
            yield outer
        for number, printed in zip(self.number[1:], self.labels[1:], strict=False):
            yield printed or words["item"].format(number=number)


def label(marker: str) -> str:
    """The number in a printed marker, with its brackets; empty where the marker has none."""
    bare = _ORNAMENT.sub("", marker)
    if not bare.startswith(("(", "（", "[")):
        bare = bare.rstrip(")）")
    return bare if any(char.isalnum() for char in bare) else ""


def _heading(statement: Statement, passage: Passage) -> str:
    """The heading above a list, white space folded, where it is short enough to be named."""
    above = next((one for one in statement.passages if one.id == passage.lead_in), None)
    if above is None or above.kind != "heading" or len(above.sentences) > 1:
        return ""
    words = " ".join(above.span.of(statement.source.text).split())
    return words if len(words) <= _LONGEST_HEADING else ""


def _markers(statement: Statement, passage: Passage) -> list[str]:
    """The markers of the bullets that a passage stands in, the outermost first."""
    if passage.kind == "note":
        return [_NOTE_SIGNS.sub("", passage.marker)]
    by_id = {one.id: one for one in statement.passages}
    markers: list[str] = []
    current: Passage | None = passage
    while current and current.number and current.kind in ("bullet", "item"):
        markers.insert(0, current.marker)
        current = by_id.get(current.parent or "")
    return markers


@cache
def _words(language: str) -> dict[str, str]:
    table = read_table(__package__, "places.json")
    words: dict[str, str] = table.get(language, table["en"])
    return words
