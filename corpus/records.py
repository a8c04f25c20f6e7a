"""Frozen values for a statement. Every offset counts code points of `Source.text`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from corpus.errors import ShuttenError

PassageKind = Literal["heading", "paragraph", "bullet", "item", "note"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `[start, end)` of code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"impossible span {self.start}:{self.end}")

    def of(self, text: str) -> str:
        """The slice of `text` this span stands for."""
        return text[self.start : self.end]

    def holds(self, other: Span) -> bool:
        """Whether `other` lies wholly within this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True)
class Source:
    """The bytes of a statement and the encoding that turns them into text, once and for all."""

    id: str
    data: bytes = field(repr=False)
    encoding: str = "utf-8"

    @cached_property
    def text(self) -> str:
        """The decoded file, byte order mark and CRLF kept, so that offsets hold on disk."""
        return self.data.decode(self.encoding)

    @cached_property
    def sha256(self) -> str:
        """Checksum of the bytes, in hex."""
        return hashlib.sha256(self.data).hexdigest()

    def byte_span(self, span: Span) -> Span:
        """The bytes of the file that hold `span`, which is in code points.

        In every encoding that is read, a character is written in as many bytes as it was read
        from, even where there are two ways to write it; the one exception is the three-byte
        tilde of EUC-JP.
        """
        start = len(self.text[: span.start].encode(self.encoding))
        return Span(start, start + len(span.of(self.text).encode(self.encoding)))


def passage_id(wording: str) -> str:
    """An id made from the wording alone: 12 hex digits of its SHA-256."""
    return hashlib.sha256(wording.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Passage:
    """A bullet, a sub-item, a paragraph, or the heading lines as one.

    Attributes:
        id: Made from the passage's own text alone, so edits elsewhere leave it as it is.
        kind: What the passage is in the layout of the statement.
        span: Where it stands, without its marker and without surrounding white space.
        sentences: Whole sentences in order; together they hold every visible character.
        marker: The bullet as printed, such as `-` or `(1)`; empty for paragraphs and headings.
        section: 0 before the first list, then the number of the list (or of the prose after it).
        number: Position within the section: `(2,)` the second bullet, `(2, 1)` its first item;
            paragraphs are counted separately, headings have none.
        parent: Id of the bullet an item hangs from.
        lead_in: Id of the paragraph that introduces the list, or of the heading above.
    """

    id: str
    kind: PassageKind
    span: Span
    sentences: tuple[Span, ...]
    marker: str = ""
    section: int = 0
    number: tuple[int, ...] = ()
    parent: str | None = None
    lead_in: str | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is known about a statement besides its text; unknown fields are empty.

    Attributes:
        title: As it stands there.
        title_en: In English.
        date: Of the statement, `YYYY-MM-DD`.
        language: Code of the language that it is written in.
        status: What kind of text it is, such as 仮訳 (a provisional translation).
        status_en: The same in English.
        issuers: Who made the statement.
        venue: Where.
        url: Address of the issuer's own page; begins with `https://`.
    """

    title: str = ""
    title_en: str = ""
    date: str = ""
    language: str = ""
    status: str = ""
    status_en: str = ""
    issuers: tuple[str, ...] = ()
    venue: str = ""
    url: str = ""


@dataclass(frozen=True)
class Statement:
    """A parsed statement."""

    source: Source
    provenance: Provenance
    passages: tuple[Passage, ...]

    @property
    def id(self) -> str:
        """The statement's id: its source's."""
        return self.source.id

    def passage(self, name: str) -> Passage:
        """A passage by its id.

        Raises:
            ShuttenError: There is none.
        """
        found = self._by_id.get(name)
        if found is None:
            raise ShuttenError(f"{self.id} has no passage {name!r}; take the id from a quote")
        return found

    def introduction(self, passage: Passage) -> tuple[Span, ...]:
        """What one has read when coming to a passage: title, end of the lead-in, parent bullet."""
        if passage.kind == "heading":
            return ()
        spans = [one.span for one in self.passages[:1] if one.kind == "heading"]
        lead_in, parent = (self._by_id.get(one or "") for one in (passage.lead_in, passage.parent))
        if lead_in and lead_in.span not in spans:
            spans.append(lead_in.sentences[-1])
        if parent:
            spans.append(parent.span)
        return tuple(spans)

    def parent(self, passage: Passage) -> Span | None:
        """The bullet that an item hangs from.

        An item such as 「ASEANへのアウトリーチ」 says only there what it is about.
        """
        found = self._by_id.get(passage.parent or "")
        return found.span if found else None

    @cached_property
    def _by_id(self) -> dict[str, Passage]:
        return {one.id: one for one in self.passages}
