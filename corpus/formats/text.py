"""Reads a statement file as bytes and an encoding."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from corpus.errors import ShuttenError
from corpus.files import read_bytes
from corpus.formats import detection
from corpus.formats.encodings import describe_unsupported, detect_encoding
from corpus.records import Source

MAX_BYTES, MAX_LINES = 2_000_000, 100_000  # longer files would take minutes and gigabytes
# The scheme of an address has at least two letters; a single letter is a Windows drive.
_ADDRESS = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]+:(?://|[^\s\\/]+@)|data:|www\.[^/\s]+\.\w+(?:/|$)", re.I
)


def local_path(argument: str) -> Path:
    """Return the path that a user typed.

    Raises:
        ShuttenError: The argument is an address. This is checked here, since a `Path` of it would
            lose a slash.
    """
    if argument.lower().startswith("file:"):
        raise ShuttenError(f"{argument}: give the path of the file, without `file:`")
    if _ADDRESS.match(argument) and not Path(argument).exists():
        raise ShuttenError(
            f"{argument}: is an address, and pages are not fetched; save the text of the page as a "
            "plain text file (.txt, UTF-8) and give that file"
        )
    return Path(argument)


def read_source(path: Path, statement_id: str | None = None) -> Source:
    """Read a statement file.

    Args:
        path: A plain text file in one of the encodings of `corpus.formats.encodings.SUPPORTED`.
        statement_id: Id of the statement; made from the file name when omitted.

    Raises:
        ShuttenError: The file is missing, unreadable, empty, too large, not plain text, or in an
            encoding that is unknown or not supported.
    """
    return decode(read_bytes(path, MAX_BYTES), str(path), statement_id or slug(path))


def decode(data: bytes, label: str, statement_id: str) -> Source:
    """Return the text of a file.

    Args:
        data: The file; see `read_source`.
        label: Its name for error messages.
        statement_id: Id of the statement.

    Raises:
        ShuttenError: See `read_source`.
    """
    if not data:
        raise ShuttenError(f"{label}: the file is empty; give a file that holds a statement")
    if len(data) > MAX_BYTES:
        limit = f"{MAX_BYTES // 1_000_000} MB"
        raise ShuttenError(f"{label}: {len(data):,} bytes is over the limit of {limit}; split it")
    if description := detection.describe_binary_format(data):
        raise ShuttenError(f"{label}: {description}")
    encoding = detect_encoding(data)
    if encoding is None:
        description = detection.describe_undecodable_format(data) or describe_unsupported(data)
        raise ShuttenError(f"{label}: {description}")
    source = Source(statement_id, data, encoding)
    require_bounded(source, label)
    if not source.text.strip("\ufeff\x00 \t\r\n\u3000"):
        raise ShuttenError(f"{label}: the file is empty; give a file that holds a statement")
    if description := detection.describe_text_format(source.text):
        raise ShuttenError(f"{label}: {description}")
    return source


def require_bounded(source: Source, label: str) -> None:
    """Raise `ShuttenError` if a text has an id that cannot be shown, or too many lines."""
    if not source.id.isprintable() or not source.id.strip():
        raise ShuttenError(f"{source.id!a}: an id needs printable characters; choose another")
    lines = source.text.count("\n") + source.text.count("\r") - source.text.count("\r\n")
    if lines > MAX_LINES:
        raise ShuttenError(f"{label}: {lines:,} lines is over the limit of {MAX_LINES:,}; split it")


def slug(path: Path) -> str:
    """Return the statement id for a path: the stem, with unusual characters replaced by `-`."""
    stem = unicodedata.normalize("NFC", path.stem)
    return re.sub(r"[^\w.]+", "-", stem).strip("-.") or "statement"
