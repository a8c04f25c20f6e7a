"""Where a quote stands in the file that its statement was read from: pages, boxes, elements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corpus.documents import Area, Format
from corpus.records import Source, Span


@dataclass(frozen=True, slots=True)
class OriginalPlace:
    """The place of some words in the file that their statement was read from.

    Attributes:
        format: Format of the file.
        sha256: Checksum of the file.
        pages: Numbers of the pages, from 1; empty for a file without pages.
        areas: The rectangles that hold exactly the words, one for each line.
        elements: Paths of the elements of a web page, or names of the paragraphs of a Word file.
        recognised: Name of the program that recognised the words in a picture (OCR), or empty.
    """

    format: Format
    sha256: str
    pages: tuple[int, ...]
    areas: tuple[Area, ...]
    elements: tuple[str, ...]
    recognised: str

    @classmethod
    def of(cls, source: Source, span: Span) -> OriginalPlace | None:
        """Return the place of a span of a text; None if the text itself is the file."""
        if source.document is None:
            return None
        document, details = source.document, source.document.details
        return cls(
            document.format,
            document.sha256,
            details.map.pages(span),
            details.map.areas(span),
            details.map.elements(span),
            details.recognised,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the place as every interface gives it."""
        return {
            "format": self.format,
            "sha256": self.sha256,
            "pages": list(self.pages),
            "boxes": [area.to_json() for area in self.areas],
            "elements": list(self.elements),
            "ocr": self.recognised,
        }
