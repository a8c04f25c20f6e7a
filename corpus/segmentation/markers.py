"""Finds markers: what is printed before a bullet, a numbered paragraph, an article or a note."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from corpus.characters.numerals import kanji_number, roman_number
from corpus.segmentation.lines import Line
from corpus.segmentation.sentences import trim

_SPACE = r"[ \t\f\v\u3000\u00a0\u2000-\u200a\u202f]"
_DIGITS = r"[0-9０-９]{1,3}"
_KANJI = r"[一二三四五六七八九十百]{1,4}"
_KANA = r"[ア-ンｱ-ﾝ]"
# A dash or star needs a space after it, and a Japanese bullet does not. "1.5" is no marker.
_SYMBOL = (
    rf"[-‐‑–—−－*＊+]{_SPACE}+"
    rf"|[・･·•●○◯◦◆◇■□▪▫▶►▸➢➤➔⇒→❖✓✔✗✦☐☑‣⁃\uf0a7\uf0b7\uf0d8\uf0fc\uf06c\uf06e\uf076]{_SPACE}*"
)
_NUMBER = (
    rf"[(（](?:{_DIGITS}|[a-zA-Zａ-ｚＡ-Ｚ]|{_KANA}|{_KANJI}|[ivxIVX]{{1,5}})[)）]{_SPACE}*"
    rf"|{_DIGITS}(?:\\?[.)]{_SPACE}+|[．）](?![0-9０-９]){_SPACE}*)"
    rf"|[a-zａ-ｚ](?:[.)]{_SPACE}+|[．）]{_SPACE}*)"
    rf"|[①-⑳⑴-⒇❶-❿㈠-㈩]{_SPACE}*"
    rf"|第(?:{_DIGITS}|{_KANJI})条(?:の(?:{_DIGITS}|{_KANJI}))?(?:{_SPACE}+|(?=[（(]))"
)
# These may also be words of a sentence, so one of them alone is no marker.
_AMBIGUOUS = (
    rf"o{_SPACE}+|[イロハニホヘトチリヌルヲワカヨタレソアウエオ](?:[.．、]{_SPACE}*|\u3000+)"
    rf"|{_KANJI}[、．]{_SPACE}*|[０-９]{{1,3}}\u3000+|[ivx]{{2,5}}[.)]{_SPACE}+"
)
_NOTE = (
    rf"\[\^?{_DIGITS}\]:?{_SPACE}*|[¹²³⁰⁴-⁹]{{1,3}}{_SPACE}*|<sup>{_DIGITS}</sup>{_SPACE}*"
    rf"|[(（]?注{_SPACE}*{_DIGITS}?[)）：:]?(?:{_SPACE}+|(?<=[)）：:])){_SPACE}*"
    rf"|[※†‡](?:{_DIGITS})?{_SPACE}*"
)
_MARKER = re.compile(
    rf"(?P<note>{_NOTE})|(?P<ambiguous>{_AMBIGUOUS})(?=\S)|(?P<symbol>{_SYMBOL})?(?P<number>{_NUMBER})?"
)
_ROMAN = frozenset("ivx")
_KANA_ORDERS = ("アイウエオカキクケコサシスセソタチツテト", "イロハニホヘトチリヌルヲワカヨタレソ")


@dataclass(frozen=True, slots=True)
class Marker:
    """A possible marker at the beginning of a line.

    Attributes:
        printed: The marker as printed, without white space around it.
        start: Offset of the first visible character after it.
        kind: The marker with its numbers replaced. Markers of one list have the same kind.
        values: The numbers it may stand for: `(i)` may be the first or the ninth item. Symbols
            have none.
        ambiguous: Whether it may also be a word, so that it needs another marker of its list.
        note: Whether it is the mark of a footnote.
    """

    printed: str
    start: int
    kind: str
    values: frozenset[int]
    ambiguous: bool = False
    note: bool = False

    def follows(self, earlier: Marker) -> bool:
        """Return whether this may be the next marker of a list after `earlier`."""
        if self.kind != earlier.kind:
            return False
        return not self.values or any(value - 1 in earlier.values for value in self.values)


def find_marker(text: str, line: Line) -> Marker | None:
    """Return the marker at the beginning of a line, or None. A marker without text is none."""
    match = _MARKER.match(text, line.start, line.end)
    if not match or match.end() == line.start:
        return None
    body = trim(text, match.end(), line.end)
    if body is None:
        return None
    printed = match.group().strip()
    normalized = unicodedata.normalize("NFKC", printed).replace("\\", "")
    return Marker(
        printed,
        body.start,
        _kind(normalized),
        _values(normalized),
        ambiguous=bool(match["ambiguous"]),
        note=bool(match["note"]),
    )


def _kind(normalized: str) -> str:
    """Replace letters by `a` and digits by `0`."""
    normalized = re.sub(r"\s", "", normalized)
    if normalized.startswith("第"):
        return "第0条"
    if normalized == "o":  # the letter is the symbol of a list
        return "o"
    return re.sub(r"[0-9]+", "0", re.sub(r"[^\W\d_]+", "a", normalized))


def _values(normalized: str) -> frozenset[int]:
    """Return the numbers that a marker may stand for; none for a symbol."""
    if digits := re.search(r"\d+", normalized):
        return frozenset([int(digits.group())])
    letters = re.search(r"[^\W\d_]+", normalized.removeprefix("第").split("条")[0])
    if not letters or normalized == "o":
        return frozenset()
    word = letters.group()
    values = {order.index(word) + 1 for order in _KANA_ORDERS if word in order}
    if len(word) == 1 and word.isascii():
        values.add(ord(word.lower()) - ord("a") + 1)
    if _ROMAN.issuperset(word.lower()):
        values.add(roman_number(word))
    if number := kanji_number(word):
        values.add(number)
    return frozenset(values)
