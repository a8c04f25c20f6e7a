"""The files that texts are read from: PDF, HTML and DOCX, and where each word stands in them.

The text that was read is a value of its own, in which all offsets count. A map leads from each
stretch of it to the lines on the pages of a PDF, or to the elements of a web page or a Word file.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

from corpus.spans import Span

Format = Literal["pdf", "html", "docx"]
CutReason = Literal[
    "page number",
    "line number",
    "running header",
    "ruby",
    "watermark",
    "hidden",
    "deleted",
    "comment",
    "navigation",
    "link list",
    "form",
    "notice",
    "aside",
    "script",
]
_UNITS = 10  # stored numbers are tenths of a point


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on a page as it is shown, in points (1/72 inch) from its top left corner.

    Attributes:
        page: Number of the page in the file, from 1.
        left: Left edge.
        top: Top edge.
        right: Right edge.
        bottom: Bottom edge.
    """

    page: int
    left: float
    top: float
    right: float
    bottom: float

    def to_json(self) -> dict[str, Any]:
        """Return the rectangle as every interface gives it."""
        return {"page": self.page, "box": [self.left, self.top, self.right, self.bottom]}


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """The characters of a stretch of text in one line of a page.

    Attributes:
        area: The rectangle around all of them.
        edges: Where each character begins, and where the last one ends, in points: from the left
            edge of the page, or from its top if the line is vertical. One more than characters.
        vertical: Whether the line runs from top to bottom.
    """

    area: Area
    edges: tuple[float, ...]
    vertical: bool = False

    def part(self, start: int, end: int) -> Area:
        """Return the rectangle around the characters `start` to `end`, counted in this line."""
        low, high = sorted((self.edges[start], self.edges[end]))
        area = self.area
        if self.vertical:
            return Area(area.page, area.left, low, area.right, high)
        return Area(area.page, low, area.top, high, area.bottom)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the text, and where it stands in the file.

    Attributes:
        start: Offset of the first code point in the text.
        end: Offset after the last code point.
        where: The line of a PDF, or the path of an element, such as `body/main/p[3]`, or of a
            paragraph of a Word file, such as `paragraph 12`.
    """

    start: int
    end: int
    where: PrintedLine | str


@dataclass(frozen=True)
class TextMap:
    """Where the stretches of a text stand in the file that it was read from.

    Offsets between two stretches belong to white space and marks that the reader wrote.

    Attributes:
        stretches: The stretches, in the order of the text. None overlap.
    """

    stretches: tuple[Stretch, ...] = ()

    @cached_property
    def _starts(self) -> list[int]:
        return [stretch.start for stretch in self.stretches]

    def within(self, span: Span) -> Iterator[Stretch]:
        """Yield the stretches that have code points of a span."""
        first = max(bisect_right(self._starts, span.start) - 1, 0)
        for stretch in self.stretches[first:]:
            if stretch.start >= span.end:
                return
            if stretch.end > span.start:
                yield stretch

    def areas(self, span: Span) -> tuple[Area, ...]:
        """Return the rectangles that hold exactly the characters of a span, one for each line."""
        return tuple(
            stretch.where.part(
                max(span.start, stretch.start) - stretch.start,
                min(span.end, stretch.end) - stretch.start,
            )
            for stretch in self.within(span)
            if isinstance(stretch.where, PrintedLine)
        )

    def pages(self, span: Span) -> tuple[int, ...]:
        """Return the numbers of the pages that a span stands on, in the order of the text."""
        lines = (stretch.where for stretch in self.within(span))
        return tuple(
            dict.fromkeys(line.area.page for line in lines if isinstance(line, PrintedLine))
        )

    def elements(self, span: Span) -> tuple[str, ...]:
        """Return the paths of the elements that a span stands in, in the order of the text."""
        paths = (stretch.where for stretch in self.within(span))
        return tuple(dict.fromkeys(path for path in paths if isinstance(path, str)))


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of the file that is not in the text.

    Attributes:
        reason: Why it is not.
        text: Its words.
        where: Its rectangle on a page, or the path of its element.
    """

    reason: CutReason
    text: str
    where: Area | str


@dataclass(frozen=True)
class Details:
    """What a reader found in a file beside the text.

    Attributes:
        map: Where the text stands in the file.
        cuts: What is not in the text.
        facts: What the file tells about itself outside the text: values by the names that a front
            matter may have, such as `title`, `date`, `url` and `language`.
        warnings: What a reader of the text should know, a line each.
        sizes: Width and height of each page as it is shown, in points; empty without pages.
        recognised: Name of the program that recognised the text in pictures (OCR); empty if the
            file itself has the text.
    """

    map: TextMap = field(default_factory=TextMap)
    cuts: tuple[Cut, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)
    warnings: tuple[str, ...] = ()
    sizes: tuple[tuple[float, float], ...] = ()
    recognised: str = ""

    @property
    def pages(self) -> int:
        """Number of pages; 0 for a file without pages."""
        return len(self.sizes)

    def to_bytes(self) -> bytes:
        """Return the details as they are stored: JSON, compressed."""
        packed = {
            "map": [_packed_stretch(stretch) for stretch in self.map.stretches],
            "cuts": [[cut.reason, cut.text, _packed_place(cut.where)] for cut in self.cuts],
            "facts": dict(self.facts),
            "warnings": self.warnings,
            "sizes": self.sizes,
            "recognised": self.recognised,
        }
        return zlib.compress(json.dumps(packed, separators=(",", ":")).encode())

    @classmethod
    def from_bytes(cls, data: bytes) -> Details:
        """Return the details that `to_bytes` wrote.

        Raises:
            ValueError: The bytes are damaged.
        """
        try:
            packed = json.loads(zlib.decompress(data))
            return cls(
                TextMap(tuple(_unpacked_stretch(*row) for row in packed["map"])),
                tuple(Cut(reason, text, _place(where)) for reason, text, where in packed["cuts"]),
                packed["facts"],
                tuple(packed["warnings"]),
                tuple((width, height) for width, height in packed["sizes"]),
                packed["recognised"],
            )
        except (zlib.error, ValueError, TypeError, KeyError, IndexError) as error:
            raise ValueError("no details of a document") from error


@dataclass(frozen=True)
class Document:
    """The file that a text was read from, if it is not the text itself.

    Attributes:
        format: Its format.
        sha256: Checksum of its bytes, in hexadecimal digits.
        reader: Name and version of the reader; another version may read another text.
        packed: What the reader found beside the text; see `Details.to_bytes`.
    """

    format: Format
    sha256: str
    reader: str
    packed: bytes = field(repr=False)

    @cached_property
    def details(self) -> Details:
        """What the reader found beside the text.

        Raises:
            ValueError: They are damaged.
        """
        return Details.from_bytes(self.packed)

    def check(self) -> None:
        """Raise `ValueError` if the details are damaged. This is quicker than to read them."""
        try:
            zlib.decompress(self.packed)
        except (zlib.error, TypeError) as error:
            raise ValueError("no details of a document") from error


def _packed_stretch(stretch: Stretch) -> list[Any]:
    """Return a stretch as JSON. Edges are stored as differences, which compress well."""
    length = stretch.end - stretch.start
    line = stretch.where
    if isinstance(line, str):
        return [stretch.start, length, line]
    edges = [round(edge * _UNITS) for edge in line.edges]
    steps = [edges[0], *(after - before for before, after in pairwise(edges))]
    return [stretch.start, length, _packed_place(line.area), steps, int(line.vertical)]


def _unpacked_stretch(start: int, length: int, where: Any, *line: Any) -> Stretch:
    place = _place(where)
    if isinstance(place, str):
        return Stretch(start, start + length, place)
    steps, vertical = line
    edges, edge = [], 0
    for step in steps:
        edge += step
        edges.append(edge / _UNITS)
    if len(edges) != length + 1:
        raise ValueError("edges of another length")
    return Stretch(start, start + length, PrintedLine(place, tuple(edges), bool(vertical)))


def _packed_place(place: Area | str) -> list[int] | str:
    if isinstance(place, str):
        return place
    sides = (place.left, place.top, place.right, place.bottom)
    return [place.page, *(round(side * _UNITS) for side in sides)]


def _place(packed: list[int] | str) -> Area | str:
    if isinstance(packed, str):
        return packed
    page, *sides = packed
    left, top, right, bottom = (side / _UNITS for side in sides)
    return Area(page, left, top, right, bottom)
