"""Decodes the bytes of a web page."""

from __future__ import annotations

import codecs
import re

from corpus.formats.encodings import describe_unsupported, detect_encoding
from corpus.formats.reading import UnreadableError

_HEAD = 4096  # bytes at the beginning that may name the encoding
_NAMED = re.compile(
    rb"""<meta\b[^>]{0,500}?\bcharset\s*=\s*["']?\s*([\w.:-]{2,40})"""
    rb"""|\A\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A browser takes these names for a larger encoding, and Python does not.
_LARGER = {
    "ascii": "cp1252",
    "big5": "cp950",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "utf-16": "utf-8",
    "utf-16-be": "utf-8",
    "utf-16-le": "utf-8",
}
_ALIASES = {"x-sjis": "cp932", "windows-31j": "cp932", "ks_c_5601-1987": "cp949"}
_STATEFUL = ("iso2022", "hz")  # their bytes are ASCII, so they pass as UTF-8
_DAMAGED, _MAX_DAMAGED = 10, 0.001  # characters that may be damaged in any page, and their share


def decode_page(data: bytes, named: str = "") -> tuple[str, tuple[str, ...]]:
    """Return the characters of a page, and warnings.

    Args:
        data: The page.
        named: The encoding that was named where the page came from; empty if it is not known.

    Raises:
        UnreadableError: No encoding fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    encoding = _codec(named) or _codec(_named_in(data))
    if not (encoding.startswith(_STATEFUL) or data.isascii()) and _decodes(data, "utf-8"):
        # Programs that save a page as UTF-8 leave the former name in it.
        return data.decode("utf-8"), ()
    if encoding and _decodes(data, encoding):
        return data.decode(encoding), ()
    if detected := detect_encoding(data):
        return data.decode(detected), ()
    if encoding:
        return _decoded(data, encoding)
    raise UnreadableError(describe_unsupported(data))


def _named_in(data: bytes) -> str:
    found = _NAMED.search(data[:_HEAD])
    return (found[1] or found[2]).decode("ascii") if found else ""


def _codec(label: str) -> str:
    """Return the name of the codec for the name of an encoding; empty if there is none."""
    label = label.strip().lower()
    try:
        name = codecs.lookup(_ALIASES.get(label, label)).name
    except (LookupError, ValueError):
        return ""
    return _LARGER.get(name, name)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return False
    return True


def _decoded(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    """Decode a page in which a few characters may be damaged."""
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    damaged = text.count("\ufffd")
    if damaged > max(_MAX_DAMAGED * len(text), _DAMAGED):
        raise UnreadableError(describe_unsupported(data))
    if not damaged:
        return text, ()
    count = "a character" if damaged == 1 else f"{damaged:,} characters"
    return text, (f"{count} of the page cannot be decoded and stand as \ufffd in the text",)
