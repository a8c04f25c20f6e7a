"""Which encoding a file of text is written in."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Named by the file itself, in this order: the mark of UTF-32 begins with that of UTF-16.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf_32_le"),
    (codecs.BOM_UTF32_BE, "utf_32_be"),
    (codecs.BOM_UTF16_LE, "utf_16_le"),
    (codecs.BOM_UTF16_BE, "utf_16_be"),
)
_UNREAD = ("utf_32_le", "utf_32_be")
# These are written in ASCII bytes alone, so that they would pass for UTF-8.
_SHIFTED = ("iso2022", "iso-2022", "hz", "utf-7")
_MOST = 300_000  # bytes that are looked at for a guess
_NAMED = 0.15  # an encoding that is not read is named from this confidence on


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a guess is read, and what makes it certain enough.

    Attributes:
        encoding: The codec. It writes each character in as many bytes as it was read from.
        script: The letters of the language, none of which another reading of the bytes has.
        share: At least this part of the characters beyond Latin must be in `script`.
        confidence: The least confidence of the guess.
    """

    encoding: str
    script: re.Pattern[str]
    share: float
    confidence: float


_KANA = re.compile("[\u3041-\u30ff\uff66-\uff9f]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_HAN = re.compile("[\u4e00-\u9fff]")
_SHIFT_JIS = _Reading("cp932", _KANA, 0.1, 0.15)
_EUC_JP = _Reading("euc_jp", _KANA, 0.1, 0.15)
_KOREAN = _Reading("cp949", _HANGUL, 0.5, 0.35)
_SIMPLIFIED = _Reading("gb18030", _HAN, 0.5, 0.35)
_TRADITIONAL = _Reading("cp950", _HAN, 0.5, 0.35)
_READ = {
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
READ = "UTF-8, UTF-16, Shift_JIS, EUC-JP, EUC-KR, GB18030 and Big5"


def display_name(encoding: str) -> str:
    """The usual name of an encoding."""
    if encoding.startswith("cp125"):
        return f"Windows-{encoding[2:]}"
    return _NAMES.get(encoding, encoding.replace("_", "-").upper())


def detect_encoding(data: bytes) -> str | None:
    """The encoding under which `data` is text, or None when none is certain."""
    if marked := _marked(data):
        return marked if marked not in _UNREAD and reads_as_text(data, marked) else None
    if reads_as_text(data, "utf-8"):
        return None if data.isascii() and _guess(data)[0].startswith(_SHIFTED) else "utf-8"
    guess, confidence = _guess(data)
    if guess.startswith("utf-16"):
        name = guess.replace("-", "_")
        return name if reads_as_text(data, name) else None
    reading = _READ.get(guess)
    if not reading or confidence < reading.confidence or not reads_as_text(data, reading.encoding):
        return None
    return reading.encoding if _in_script(data.decode(reading.encoding), reading) else None


def is_guessed(data: bytes, encoding: str) -> bool:
    """Whether nothing but a guess says that `data` is in `encoding`."""
    return encoding != "utf-8" and _marked(data) != encoding


def why_unread(data: bytes) -> str:
    """What is known of the encoding of a text that is not read, and what to do."""
    advice = "save it as UTF-8 and add it again"
    if marked := _marked(data):
        trouble = "which is not read" if marked in _UNREAD else "but damaged or cut short"
        return f"is marked as {display_name(marked)}, {trouble}; {advice}"
    if _is_damaged_utf8(data):
        return f"is UTF-8 with damaged characters; get a sound copy, or {advice}"
    guess, confidence = _guess(data)
    reading = _READ.get(guess)
    if (confidence < _NAMED and not reading) or not guess or not reads_as_text(data, guess):
        return f"not a text file in {READ}; {advice}"
    if reading:
        name = display_name(reading.encoding)
        return f"may be in {name}, but that is not certain; {advice}"
    return f"seems to be in {display_name(guess)}, which is not read; {advice}"


def reads_as_text(data: bytes, encoding: str) -> bool:
    """Whether `data` decodes, and not into the controls and unassigned characters of a binary."""
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    odd = sum(unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs") for char in text)
    odd -= sum(text.count(char) for char in "\t\r\n\f")
    return odd <= len(text) // 100


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether most of the characters beyond ASCII are whole: in no other encoding they are."""
    whole = sum(char > "\x7f" for char in data.decode("utf-8", "ignore"))
    broken = data.decode("utf-8", "replace").count("\ufffd")
    return 0 < broken < whole / 4


def _marked(data: bytes) -> str | None:
    return next((name for bom, name in _BOMS if data.startswith(bom)), None)


@lru_cache(maxsize=1)
def _guess(data: bytes) -> tuple[str, float]:
    """The likeliest encoding of all that are known, and how sure that is, 0..1."""
    import chardet

    # A line end before it keeps text from being taken for a file that begins with its letters.
    found = chardet.detect(b"\n" * 2 + data[:_MOST], compat_names=False)
    return found["encoding"] or "", found["confidence"]


def _in_script(text: str, reading: _Reading) -> bool:
    """Whether a text is in the script of its encoding.

    Korean or Chinese read as Japanese has no kana; Japanese read as Chinese keeps its kana.
    """
    beyond_latin = sum(char > "\xff" for char in text)
    if not beyond_latin:
        return False
    if reading.script is _HAN and len(_KANA.findall(text)) > beyond_latin / 10:
        return False
    return len(reading.script.findall(text)) / beyond_latin >= reading.share
