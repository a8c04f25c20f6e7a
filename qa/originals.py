"""Proves the text of a statement against the file that it was read from, by reading it again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from corpus.documents import Document
from corpus.formats.documents import reader_name
from corpus.formats.isolation import read_isolated
from corpus.formats.reading import UnreadableError
from corpus.records import Source

# - "": the text itself is the file;
# - proved: the kept file gives this text, at the same places of its pages;
# - not_kept: the file is not kept;
# - other_reader: the file gives another text, but another version of the reader gave this one;
# - differs: the file gives another text, or cannot be read.
OriginalFinding = Literal["", "proved", "not_kept", "other_reader", "differs"]
_MAX_KEPT = 512  # findings that are kept, because a file takes up to a minute to read


def prove_original(source: Source, file: bytes | None) -> OriginalFinding:
    """Return whether the kept file of a statement gives the text that is quoted.

    Args:
        source: The text.
        file: The file that it was read from; None if it is not kept.
    """
    if source.document is None:
        return ""
    if file is None:
        return "not_kept"
    if hashlib.sha256(file).hexdigest() != source.document.sha256:
        return "differs"
    return _finding(_Reread(file, source.data, source.document))


@dataclass(frozen=True)
class _Reread:
    """A file that is read again. Its bytes are told by the checksum in the document."""

    file: bytes = field(repr=False, compare=False)
    text: bytes = field(repr=False)
    document: Document


@lru_cache(_MAX_KEPT)
def _finding(reread: _Reread) -> OriginalFinding:
    document = reread.document
    ocr = document.details.recognised.partition("(")[2].rstrip(")")
    try:
        read = read_isolated(reread.file, document.format, ocr=ocr)
    except UnreadableError:
        return "differs"
    if read.text.encode() == reread.text and read.document.packed == document.packed:
        return "proved"
    return "differs" if reader_name(document.format) == document.reader else "other_reader"
