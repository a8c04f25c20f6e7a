"""The records of a statement: its bytes, its passages and sentences, and its provenance.

All records are frozen. Every offset counts code points of `Source.text`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from corpus.documents import Document
from corpus.errors import ShuttenError
from corpus.spans import Span, merge_spans

__all__ = [
    "LIST_FACTS",
    "Passage",
    "PassageKind",
    "Provenance",
    "Source",
    "Span",
    "Statement",
    "merge_spans",
    "passage_id",
]

PassageKind = Literal["heading", "paragraph", "bullet", "item", "note"]


@dataclass(frozen=True)
class Source:
    """The bytes of a text, and the encoding that decodes them.

    Attributes:
        id: Id of the statement.
        data: The file as it is on disk, or the text that was read from a document.
        encoding: Name of a Python codec.
        document: The file that the text was read from; None if the text itself is the file.
    """

    id: str
    data: bytes = field(repr=False)
    encoding: str = "utf-8"
    document: Document | None = None

    @cached_property
    def text(self) -> str:
        """The decoded file. The byte order mark and CRLF are kept, so offsets fit the file."""
        return self.data.decode(self.encoding)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 checksum of the bytes, in hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()

    def byte_span(self, span: Span) -> Span:
        """Return the range of bytes of the file that `span` (in code points) comes from.

        The text is encoded again to count its bytes. In every encoding that is supported, a
        character is encoded to as many bytes as it was decoded from, even where two encoded forms
        exist. The only exception is the three-byte tilde of EUC-JP.
        """
        start = len(self.text[: span.start].encode(self.encoding))
        return Span(start, start + len(span.of(self.text).encode(self.encoding)))


def passage_id(wording: str) -> str:
    """Return the id of a passage with these words: 12 hexadecimal digits of their SHA-256."""
    return hashlib.sha256(wording.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Passage:
    """A bullet, an item below a bullet, a paragraph, a footnote, or a heading.

    All heading lines at the top of a statement are one passage.

    Attributes:
        id: Depends on the text of this passage only, so edits elsewhere do not change it.
        kind: What the passage is in the layout of the statement.
        span: Its range, without the marker and without surrounding white space.
        sentences: Its sentences in order. Together they hold every visible character.
        marker: The bullet as printed, such as `-` or `(1)`; empty for paragraphs and headings.
        section: 0 before the first list, then the number of the latest list.
        number: Position within the section: `(2,)` is the second bullet, `(2, 1)` its first item.
            Paragraphs are counted separately. Headings and notes have none.
        parent: Id of the bullet that this item belongs to.
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

    def holds_whole_sentences(self, span: Span) -> bool:
        """Return whether `span` is one sentence of this passage, or several in a row."""
        starts = {sentence.start for sentence in self.sentences}
        ends = {sentence.end for sentence in self.sentences}
        return span.start in starts and span.end in ends


@dataclass(frozen=True, slots=True)
class Provenance:
    """The facts of a statement, recorded beside its text or read from it. Unknown ones are empty.

    Attributes:
        title: Title in the language of the statement.
        title_en: Title in English.
        date: Date of the statement, `YYYY-MM-DD`.
        language: Code of the language of the statement.
        status: Status of the text, such as 仮訳 (a provisional translation).
        status_en: Status in English.
        issuers: Names of those who issued the statement.
        venue: Place where the statement was issued.
        url: Address of the issuer's own page. It begins with `https://`.
        number: Number of the meeting in its series, or of the anniversary, in digits.
        parties: Codes of the countries (ISO 3166) and organisations (acronyms) that speak.
        kind: Kind of statement, such as `joint statement` or `communiqué`.
        signatories: The leaders or ministers who speak, each with the office, as it is written.
        occasion: The occasion of the statement, such as an anniversary.
        pair: Id of the statement that is this one in another language.
        origins: Where each fact was found; see `corpus.facts.reading.complete`.
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
    number: str = ""
    parties: tuple[str, ...] = ()
    kind: str = ""
    signatories: tuple[str, ...] = ()
    occasion: str = ""
    pair: str = ""
    origins: Mapping[str, str] = field(default_factory=dict, hash=False)


# The fields of a provenance that are lists of names. All others but `origins` are texts.
LIST_FACTS = ("issuers", "parties", "signatories")


@dataclass(frozen=True)
class Statement:
    """A statement that was cut into passages."""

    source: Source
    provenance: Provenance
    passages: tuple[Passage, ...]

    @property
    def id(self) -> str:
        """Id of the statement."""
        return self.source.id

    def passage(self, passage_id: str) -> Passage:
        """Return the passage with this id.

        Raises:
            ShuttenError: No passage has this id.
        """
        passage = self._by_id.get(passage_id)
        if passage is None:
            raise ShuttenError(f"{self.id} has no passage {passage_id!r}; take the id from a quote")
        return passage

    def context_spans(self, passage: Passage) -> tuple[Span, ...]:
        """Return what a reader needs to have read before a passage.

        These are the title, the last sentence of the lead-in and the parent bullet, as far as the
        passage has them. A heading has no context.
        """
        if passage.kind == "heading":
            return ()
        spans = [first.span for first in self.passages[:1] if first.kind == "heading"]
        lead_in = self._by_id.get(passage.lead_in or "")
        if lead_in and lead_in.span not in spans:
            spans.append(lead_in.sentences[-1])
        if parent := self.parent_span(passage):
            spans.append(parent)
        return tuple(spans)

    def parent(self, passage: Passage) -> Passage | None:
        """Return the bullet that an item belongs to, or None for other passages."""
        return self._by_id.get(passage.parent or "")

    def parent_span(self, passage: Passage) -> Span | None:
        """Return the span of the bullet that an item belongs to, or None for other passages.

        An item such as 「ASEANへのアウトリーチ」 is clear only together with its bullet.
        """
        parent = self.parent(passage)
        return parent.span if parent else None

    @cached_property
    def _by_id(self) -> dict[str, Passage]:
        return {passage.id: passage for passage in self.passages}
