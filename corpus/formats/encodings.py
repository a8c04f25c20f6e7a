"""Detects the encoding of a text file."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# The order matters: the UTF-32 byte order mark begins with the UTF-16 one.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf_32_le"),
    (codecs.BOM_UTF32_BE, "utf_32_be"),
    (codecs.BOM_UTF16_LE, "utf_16_le"),
    (codecs.BOM_UTF16_BE, "utf_16_be"),
)
_UNSUPPORTED_MARKS = ("utf_32_le", "utf_32_be")
# Encodings that use ASCII bytes only, so their files are also valid UTF-8.
_ASCII_ONLY = ("iso2022", "iso-2022", "hz", "utf-7")
_SAMPLE = 300_000  # bytes that a guess is based on
_MIN_CONFIDENCE_TO_NAME = 0.15  # for an unsupported encoding in an error message


@dataclass(frozen=True, slots=True)
class _Codec:
    """The codec for a guessed encoding, and the conditions under which the guess is accepted.

    Attributes:
        encoding: Name of the codec. It encodes each character to as many bytes as it was decoded
            from.
        script: Letters that the text must have. Other codecs do not decode the same bytes to them.
        min_share: Smallest share of `script` among the characters beyond Latin-1.
        min_confidence: Smallest confidence of the guess.
    """

    encoding: str
    script: re.Pattern[str]
    min_share: float
    min_confidence: float


_KANA = re.compile("[\u3041-\u30ff\uff66-\uff9f]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_HAN = re.compile("[\u4e00-\u9fff]")
_SHIFT_JIS = _Codec("cp932", _KANA, 0.1, 0.15)
_EUC_JP = _Codec("euc_jp", _KANA, 0.1, 0.15)
_KOREAN = _Codec("cp949", _HANGUL, 0.5, 0.35)
_SIMPLIFIED = _Codec("gb18030", _HAN, 0.5, 0.35)
_TRADITIONAL = _Codec("cp950", _HAN, 0.5, 0.35)
_CODECS = {
    "cp932": _SHIFT_JIS,
    "shift_jis": _SHIFT_JIS,
    "shift_jis_2004": _SHIFT_JIS,
    "euc_jp": _EUC_JP,
    "euc_jis_2004": _EUC_JP,
    "cp949": _KOREAN,
    "euc_kr": _KOREAN,
    "gb18030": _SIMPLIFIED,
    "gbk": _SIMPLIFIED,
    "gb2312": _SIMPLIFIED,
    "big5": _TRADITIONAL,
    "cp950": _TRADITIONAL,
    "big5hkscs": _TRADITIONAL,
}
_NAMES = {
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "iso2022_jp_2": "ISO-2022-JP",
    "iso2022_kr": "ISO-2022-KR",
    "utf_16_le": "UTF-16",
    "utf_16_be": "UTF-16",
    "utf_32_le": "UTF-32",
    "utf_32_be": "UTF-32",
    "cp932": "Shift_JIS",
    "euc_jp": "EUC-JP",
    "cp949": "EUC-KR",
    "gb18030": "GB18030",
    "cp950": "Big5",
}
SUPPORTED = "UTF-8, UTF-16, Shift_JIS, EUC-JP, EUC-KR, GB18030 and Big5"


def display_name(encoding: str) -> str:
    """Return the usual name of an encoding."""
    if encoding.startswith("cp125"):
        return f"Windows-{encoding[2:]}"
    return _NAMES.get(encoding, encoding.replace("_", "-").upper())


def detect_encoding(data: bytes) -> str | None:
    """Return the name of the codec that decodes `data` to text, or None if none is certain."""
    if marked := _marked(data):
        return (
            marked if marked not in _UNSUPPORTED_MARKS and decodes_to_text(data, marked) else None
        )
    if decodes_to_text(data, "utf-8"):
        return None if data.isascii() and _guess(data)[0].startswith(_ASCII_ONLY) else "utf-8"
    guess, confidence = _guess(data)
    if guess.startswith("utf-16"):
        name = guess.replace("-", "_")
        return name if decodes_to_text(data, name) else None
    codec = _CODECS.get(guess)
    if not codec or confidence < codec.min_confidence or not decodes_to_text(data, codec.encoding):
        return None
    return codec.encoding if _has_script(data.decode(codec.encoding), codec) else None


def is_guessed(data: bytes, encoding: str) -> bool:
    """Return whether `encoding` is a guess: not UTF-8 and not named by a byte order mark."""
    return encoding != "utf-8" and _marked(data) != encoding


def describe_unsupported(data: bytes) -> str:
    """Return the error message for a file whose encoding is not supported or not certain."""
    advice = "save it as UTF-8 and add it again"
    if marked := _marked(data):
        trouble = (
            "which is not read" if marked in _UNSUPPORTED_MARKS else "but damaged or cut short"
        )
        return f"is marked as {display_name(marked)}, {trouble}; {advice}"
    if _is_damaged_utf8(data):
        return f"is UTF-8 with damaged characters; get a sound copy, or {advice}"
    guess, confidence = _guess(data)
    codec = _CODECS.get(guess)
    if (
        (confidence < _MIN_CONFIDENCE_TO_NAME and not codec)
        or not guess
        or not decodes_to_text(data, guess)
    ):
        return f"not a text file in {SUPPORTED}; {advice}"
    if codec:
        name = display_name(codec.encoding)
        return f"may be in {name}, but that is not certain; {advice}"
    return f"seems to be in {display_name(guess)}, which is not read; {advice}"


def decodes_to_text(data: bytes, encoding: str) -> bool:
    """Return whether `data` decodes with few control and unassigned characters, unlike a binary."""
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    odd = sum(unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs") for char in text)
    odd -= sum(text.count(char) for char in "\t\r\n\f")
    return odd <= len(text) // 100


def _is_damaged_utf8(data: bytes) -> bool:
    """Return whether most characters beyond ASCII are valid UTF-8. Other encodings have few."""
    valid = sum(char > "\x7f" for char in data.decode("utf-8", "ignore"))
    invalid = data.decode("utf-8", "replace").count("\ufffd")
    return 0 < invalid < valid / 4


def _marked(data: bytes) -> str | None:
    """Return the encoding that the byte order mark names, if there is a mark."""
    return next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)


@lru_cache(maxsize=1)
def _guess(data: bytes) -> tuple[str, float]:
    """Return the most likely encoding, empty if there is none, and its confidence, 0..1."""
    import chardet

    # The line ends keep the first letters of a text from being taken for a file signature.
    guess = chardet.detect(b"\n" * 2 + data[:_SAMPLE], compat_names=False)
    return guess["encoding"] or "", guess["confidence"]


def _has_script(text: str, codec: _Codec) -> bool:
    """Return whether enough of a text is in the script that the codec requires.

    Korean or Chinese text that was decoded as Japanese has no kana. Japanese text that was decoded
    as Chinese keeps its kana.
    """
    beyond_latin = sum(char > "\xff" for char in text)
    if not beyond_latin:
        return False
    if codec.script is _HAN and len(_KANA.findall(text)) > beyond_latin / 10:
        return False
    return len(codec.script.findall(text)) / beyond_latin >= codec.min_share
