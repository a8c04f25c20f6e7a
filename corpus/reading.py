"""From a path to the bytes of a statement and the encoding they are written in."""

from __future__ import annotations

import codecs
import re
import unicodedata
from pathlib import Path

from corpus.errors import ShuttenError
from corpus.records import Source

MAX_BYTES = 20_000_000
_JAPANESE = ("euc_jp", "cp932")
_UTF16 = ("utf_16_le", "utf_16_be")
_BOMS = ((codecs.BOM_UTF16_LE, "utf_16_le"), (codecs.BOM_UTF16_BE, "utf_16_be"))


def read_source(path: Path, statement_id: str | None = None) -> Source:
    """Read a statement file whole.

    Args:
        path: A text file in UTF-8, UTF-16, Shift_JIS or EUC-JP.
        statement_id: The id to give it; made from the file name when omitted.

    Raises:
        ShuttenError: The file is missing, unreadable, empty, too large, binary, or in an
            encoding that cannot be told.
    """
    data = _read(path)
    encoding = detect_encoding(data)
    if encoding is None:
        tried = "UTF-8, UTF-16, Shift_JIS and EUC-JP"
        raise ShuttenError(f"{path}: not a text file in {tried}; save it as UTF-8 and add it again")
    source = Source(statement_id or slug(path), data, encoding)
    if not source.id.isprintable() or not source.id.strip():
        raise ShuttenError(f"{source.id!a}: an id needs printable characters; choose another")
    if not source.text.strip("\ufeff\x00 \t\r\n\u3000"):
        raise ShuttenError(f"{path}: the file is empty; give a file that holds a statement")
    return source


def slug(path: Path) -> str:
    """A statement id from a file name: its stem, with anything unusual replaced by `-`."""
    stem = unicodedata.normalize("NFC", path.stem)
    return re.sub(r"[^\w.]+", "-", stem).strip("-.") or "statement"


def detect_encoding(data: bytes) -> str | None:
    """The encoding under which `data` is text, or None when it looks like no text at all."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return name if _reads_as_text(data, name) else None
    if _reads_as_text(data, "utf-8"):
        return "utf-8"
    from charset_normalizer import from_bytes

    # Text in UTF-16 has line ends, and they have NUL bytes; in the others there is none.
    candidates = _UTF16 if b"\x00" in data else _JAPANESE
    readable = [name for name in candidates if _reads_as_text(data, name)]
    if len(readable) < 2:
        return readable[0] if readable else None
    best = from_bytes(data, cp_isolation=readable).best()
    return next((name for name in readable if best and name == best.encoding), readable[0])


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ShuttenError(f"{path}: is a folder; give the statement files themselves")
        size = path.stat().st_size
        if size > MAX_BYTES:
            limit = MAX_BYTES // 1_000_000
            raise ShuttenError(f"{path}: {size:,} bytes is over the limit of {limit} MB; split it")
        data = path.read_bytes()
    except FileNotFoundError:
        raise ShuttenError(f"{path}: no such file; check the path") from None
    except OSError as error:
        raise ShuttenError(f"{path}: cannot be read ({error.strerror}); make it readable") from None
    if not data:
        raise ShuttenError(f"{path}: the file is empty; give a file that holds a statement")
    return data


def _reads_as_text(data: bytes, encoding: str) -> bool:
    """Binary data decodes as UTF-16 now and then; then it is full of controls and unassigned."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return False
    odd = sum(unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs") for char in text)
    odd -= sum(text.count(char) for char in "\t\r\n\f")
    return odd <= len(text) // 100
