"""From a path to the bytes of a statement and the encoding they are written in."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from corpus.errors import ShuttenError
from corpus.files import read_bytes
from corpus.formats import detection
from corpus.formats.encodings import detect_encoding, why_unread
from corpus.records import Source

MAX_BYTES, MAX_LINES = 2_000_000, 100_000  # longer ones take minutes to read, and gigabytes
# An address has a scheme of two letters or more; one letter is a drive of Windows.
_ADDRESS = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]+:(?://|[^\s\\/]+@)|data:|www\.[^/\s]+\.\w+(?:/|$)", re.I
)


def local_path(given: str) -> Path:
    """The path that was given, as it was typed.

    Raises:
        ShuttenError: It is an address. Made a path, it would lose a slash.
    """
    if given.lower().startswith("file:"):
        raise ShuttenError(f"{given}: give the path of the file, without `file:`")
    if _ADDRESS.match(given) and not Path(given).exists():
        raise ShuttenError(
            f"{given}: is an address, and pages are not fetched; save the text of the page as a "
            "plain text file (.txt, UTF-8) and give that file"
        )
    return Path(given)


def read_source(path: Path, statement_id: str | None = None) -> Source:
    """Read a statement file whole.

    Args:
        path: A file of plain text, in one of the encodings of `corpus.formats.encodings.READ`.
        statement_id: The id to give it; made from the file name when omitted.

    Raises:
        ShuttenError: The file is missing, unreadable, empty, too large, of another format than
            plain text, or in an encoding that cannot be told.
    """
    data = read_bytes(path, MAX_BYTES)
    if not data:
        raise ShuttenError(f"{path}: the file is empty; give a file that holds a statement")
    if other := detection.binary_format(data):
        raise ShuttenError(f"{path}: {other}")
    encoding = detect_encoding(data)
    if encoding is None:
        raise ShuttenError(f"{path}: {detection.unreadable_format(data) or why_unread(data)}")
    source = Source(statement_id or slug(path), data, encoding)
    if not source.id.isprintable() or not source.id.strip():
        raise ShuttenError(f"{source.id!a}: an id needs printable characters; choose another")
    lines = source.text.count("\n") + source.text.count("\r") - source.text.count("\r\n")
    if lines > MAX_LINES:
        raise ShuttenError(f"{path}: {lines:,} lines is over the limit of {MAX_LINES:,}; split it")
    if not source.text.strip("\ufeff\x00 \t\r\n\u3000"):
        raise ShuttenError(f"{path}: the file is empty; give a file that holds a statement")
    if other := detection.text_format(source.text):
        raise ShuttenError(f"{path}: {other}")
    return source


def slug(path: Path) -> str:
    """A statement id from a file name: its stem, with anything unusual replaced by `-`."""
    stem = unicodedata.normalize("NFC", path.stem)
    return re.sub(r"[^\w.]+", "-", stem).strip("-.") or "statement"
