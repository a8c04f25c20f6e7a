"""Recognises documents by their content, and gives each to the reader of its format."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from corpus.documents import Document, Format
from corpus.formats.detection import begins_like_html, is_html, zip_type
from corpus.formats.encodings import detect_encoding
from corpus.formats.reading import Reading, UnreadableError

MAX_TEXT = 2_000_000  # code points that are read from a document
_PDF = re.compile(rb"[\s\S]{0,1024}?%PDF-\d\.\d")
_MHTML = re.compile(
    rb"(?:[A-Z][A-Za-z-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){0,40}?"
    rb"(?:From: <Saved by|Snapshot-Content-Location:|Content-Type: multipart/related)"
)
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# The container of Word files before DOCX, and of encrypted ones, and what tells these.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_WORD = tuple(name.encode("utf-16-le") for name in ("EncryptedPackage", "WordDocument"))
_HEAD = 65_536  # bytes at the beginning that tell the format


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document that was read.

    Attributes:
        text: Its text.
        document: What is known of the file, with the map from the text to it.
    """

    text: str
    document: Document


def document_format(data: bytes) -> Format | None:
    """Return the format of a document by its content; None if it is a text or something else."""
    if _PDF.match(data[:_HEAD]):
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx" if zip_type(data) == _DOCX else None
    if data.startswith(_OLE) and any(name in data for name in _OLD_WORD):
        return "docx"  # its reader says what to do with an old or an encrypted one
    if _MHTML.match(data[:_HEAD]):
        return "html"
    if begins_like_html(data[:_HEAD].removeprefix(b"\xef\xbb\xbf").decode("latin-1")):
        return "html"
    encoding = detect_encoding(data) if b"<" in data[:_HEAD] else None
    if encoding is None:
        return None
    head = data[:_HEAD].decode(encoding, "ignore").removeprefix("\ufeff")
    return "html" if begins_like_html(head) or is_html(head) else None


def read_document(data: bytes, format_: Format, *, ocr: str = "") -> ReadDocument:
    """Read a document in this process.

    A damaged file can crash the libraries that read it, so `corpus.formats.isolation` calls this
    in a process of its own.

    Args:
        data: The file.
        format_: Its format; see `document_format`.
        ocr: Languages in which the words in pictures are recognised, as tesseract names them, such
            as `jpn+eng`. Empty: a file of pictures is refused.

    Raises:
        UnreadableError: The file cannot be read; the message says why, and follows the path.
    """
    reader, reading = _read(data, format_, ocr)
    if not reading.text.strip():
        raise UnreadableError("holds no text; give a file that holds a statement")
    if (length := len(reading.text)) > MAX_TEXT:
        raise UnreadableError(
            f"holds {length:,} characters of text, the limit is {MAX_TEXT:,}; split it"
        )
    sha256 = hashlib.sha256(data).hexdigest()
    return ReadDocument(reading.text, Document(format_, sha256, reader, reading.details.to_bytes()))


def reader_name(format_: Format) -> str:
    """Return the name and version of the reader of a format."""
    return f"{format_} {_VERSIONS[format_]}"


# Raise one when its reader gives another text or map for the same file.
_VERSIONS = {"pdf": 1, "html": 1, "docx": 1}


def _read(data: bytes, format_: Format, ocr: str) -> tuple[str, Reading]:
    name = reader_name(format_)
    if format_ == "pdf":
        from corpus.formats.pdf.reader import read_pdf

        return name, read_pdf(data, ocr)
    if format_ == "docx":
        from corpus.formats.docx.reader import read_docx

        return name, read_docx(data)
    from corpus.formats.html.reader import read_html, read_mhtml

    return name, (read_mhtml if _MHTML.match(data[:_HEAD]) else read_html)(data)
