"""The steps of folding. Each step finds the parts of a text to replace, for one kind of difference.

Patterns that may match long parts use possessive quantifiers, since backtracking would make the
time grow with the square of the length of a text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from html import unescape
from typing import Any

from corpus.characters.numerals import KANJI_DIGITS, kanji_number
from corpus.characters.scripts import UNSPACED
from corpus.tables import read_table

# Begin, end and replacement: an edit replaces `key[begin:end]`.
Edit = tuple[int, int, str]

_LINK_TARGET = r"\]\((?=[^()\s:/#.]*+[:/#.])[^()\s]*+(?:\s++\"[^\"]*+\")?\)"
_MARKUP = re.compile(
    r"(?P<removed><!--.{0,5000}?-->"
    rf"|!?\[(?=[^\[\]]{{0,500}}{_LINK_TARGET})|{_LINK_TARGET}"  # both ends of [text](url)
    r"|\\(?=[!-/:-@\[-`{-~])|\*+)"  # the backslash in `37\.`; emphasis
    r"|(?P<space></?(?:br|p|div|li|t[dhr]|h[1-6r])\b[^<>]*>|_+)"
    r"|</?[A-Za-z][^<>]*>"
    r"|(?P<character>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});)",
    re.DOTALL | re.IGNORECASE,
)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef]+"
)
# NFKC changes none of these characters unless a combining character follows.
_SIMPLE = "\t-\r -~\u3001-\u3029\u3041-\u3096\u30a1-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_NOT_SIMPLE = re.compile(rf"[{_SIMPLE}]?[^{_SIMPLE}]+")
_BLANK = re.compile(r"\s+")
_BREAK = re.compile(
    r"(?<![^\S\r\n\v\f\x85\u2028\u2029])[^\S\r\n\v\f\x85\u2028\u2029]*+[\r\n\v\f\x85\u2028\u2029]\s*"
)
# In scripts without spaces between words, a line break is only layout. Spaces beside brackets,
# dashes and quotation marks are dropped too, since typographic habits differ there.
_NO_SPACE = UNSPACED + r'()\[\]{}/"\-'
_NO_SPACE_AFTER = re.compile(f"[{_NO_SPACE}]")
_NO_SPACE_BEFORE = re.compile(f"[{_NO_SPACE},.;:!?%]")


def _markup(key: str) -> Iterator[Edit]:
    for match in _MARKUP.finditer(key):
        replacement = " " if match["space"] else unescape(match["character"] or "")
        yield match.start(), match.end(), replacement


def _invisible(key: str) -> Iterator[Edit]:
    return ((match.start(), match.end(), "") for match in _INVISIBLE.finditer(key))


def _signs(key: str) -> Iterator[Edit]:
    pattern, replacements = _sign_table()
    return ((match.start(), match.end(), replacements[match[0]]) for match in pattern.finditer(key))


def _forms(key: str) -> Iterator[Edit]:
    """Replace compatibility forms and compose characters (NFKC), one character at a time."""
    if unicodedata.is_normalized("NFKC", key):
        return
    for match in _NOT_SIMPLE.finditer(key):
        begin, end = match.span()
        while begin < end:
            after = begin + 1
            while after < end and _combines(key[after]):
                after += 1
            singly = [unicodedata.normalize("NFKC", char) for char in key[begin:after]]
            together = unicodedata.normalize("NFKC", key[begin:after])
            if together == "".join(singly):  # no characters were composed
                places = range(begin, after)
                yield from zip(places, range(begin + 1, after + 1), singly, strict=True)
            else:
                yield begin, after, together
            begin = after


@lru_cache(maxsize=4096)
def _combines(char: str) -> bool:
    """Return whether a character may be composed with the character before it."""
    first = unicodedata.normalize("NFKD", char)[0]
    hangul_vowel_or_final = "\u1160" <= first <= "\u11ff"
    return hangul_vowel_or_final or unicodedata.category(first).startswith("M")


def _eras(key: str) -> Iterator[Edit]:
    """Replace years of Japanese eras by years of the Gregorian calendar: 令和五年, Reiwa 5."""
    pattern, eras = _era_table()
    for match in pattern.finditer(key):
        name, digits, kanji = match.groups()
        year_before, last = eras[name.casefold()]
        number = int(digits) if digits else 1 if kanji == "元" else kanji_number(kanji)
        if number and number <= last:
            yield match.start(), match.end(), f"{year_before + number}{'年' if kanji else ''}"


def _breaks(key: str) -> Iterator[Edit]:
    return _spaces(key, _BREAK)


def _blanks(key: str) -> Iterator[Edit]:
    return _spaces(key, _BLANK)


def _spaces(key: str, pattern: re.Pattern[str]) -> Iterator[Edit]:
    """Replace white space by one space, or by nothing at an end or beside certain characters."""
    for match in pattern.finditer(key):
        start, end = match.span()
        inside = start > 0 and end < len(key)
        dropped = _NO_SPACE_AFTER.match(key, start - 1) or _NO_SPACE_BEFORE.match(key, end)
        yield start, end, " " if inside and not dropped else ""


# White space is last, since it depends on the characters beside it. Line breaks are a kind of
# their own, since other white space may have a meaning.
STEPS: dict[str, Callable[[str], Iterator[Edit]]] = {
    "markup": _markup,
    "invisible": _invisible,
    "signs": _signs,
    "forms": _forms,
    "eras": _eras,
    "breaks": _breaks,
    "blanks": _blanks,
}


@cache
def _table() -> dict[str, Any]:
    return read_table(__package__, "folding.json")


@cache
def _sign_table() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return a pattern that matches every sign, and the replacement of each sign."""
    replacements = {sign: folded for folded, signs in _table()["signs"].items() for sign in signs}
    replacements |= dict(_table()["radicals"].split())
    return re.compile(f"[{re.escape(''.join(replacements))}]"), replacements


@cache
def _era_table() -> tuple[re.Pattern[str], dict[str, tuple[int, int]]]:
    """Return a pattern for years of eras, and the figures of each era by its name.

    The figures are the Gregorian year before the era, and the last year of the era.
    """
    eras = {
        name.casefold(): (year_before, last)
        for names, year_before, last in _table()["eras"]
        for name in names
    }
    number = rf"(?:(\d{{1,9}})|([元{KANJI_DIGITS}]{{1,9}})\s*年)"
    return re.compile(rf"({'|'.join(eras)})\s*{number}", re.IGNORECASE), eras
