"""What is printed before a bullet, a numbered paragraph, an article or a note."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from corpus.characters.numerals import kanji_number
from corpus.segmentation.lines import Line
from corpus.segmentation.sentences import trim

_SPACE = r"[ \t\f\v\u3000\u00a0\u2000-\u200a\u202f]"
_DIGITS = r"[0-9０-９]{1,3}"
_KANJI = r"[一二三四五六七八九十百]{1,4}"
_KANA = r"[ア-ンｱ-ﾝ]"
# A dash or star needs a space behind it; a Japanese bullet does not. "1.5" is no bullet.
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
# These are also plain words or parts of a sentence, so one alone is no marker.
_WEAK = (
    rf"o{_SPACE}+|[イロハニホヘトチリヌルヲワカヨタレソアウエオ](?:[.．、]{_SPACE}*|\u3000+)"
    rf"|{_KANJI}[、．]{_SPACE}*|[０-９]{{1,3}}\u3000+|[ivx]{{2,5}}[.)]{_SPACE}+"
)
_NOTE = (
    rf"\[\^?{_DIGITS}\]:?{_SPACE}*|[¹²³⁰⁴-⁹]{{1,3}}{_SPACE}*|<sup>{_DIGITS}</sup>{_SPACE}*"
    rf"|[(（]?注{_SPACE}*{_DIGITS}?[)）：:]?(?:{_SPACE}+|(?<=[)）：:])){_SPACE}*"
    rf"|[※†‡](?:{_DIGITS})?{_SPACE}*"
)
_MARKER = re.compile(
    rf"(?P<note>{_NOTE})|(?P<weak>{_WEAK})(?=\S)|(?P<symbol>{_SYMBOL})?(?P<number>{_NUMBER})?"
)
_ROMAN = {"i": 1, "v": 5, "x": 10}
_SERIES = ("アイウエオカキクケコサシスセソタチツテト", "イロハニホヘトチリヌルヲワカヨタレソ")


@dataclass(frozen=True, slots=True)
class Marker:
    """A possible marker at the beginning of a line.

    Attributes:
        printed: The marker as it stands, without blanks around it.
        start: First code point of the words behind it.
        kind: Markers of one list have one kind: their numbers are taken out.
        values: The numbers it may stand for; `(i)` may be the first or the ninth.
        weak: Whether it is also a plain word, so that it needs a neighbour of its kind.
        note: Whether it opens a footnote.
    """

    printed: str
    start: int
    kind: str
    values: frozenset[int]
    weak: bool = False
    note: bool = False

    def follows(self, earlier: Marker) -> bool:
        """Whether this may be the next one of a list: of its kind, and the next number if any."""
        if self.kind != earlier.kind:
            return False
        return not self.values or any(value - 1 in earlier.values for value in self.values)


def find_marker(text: str, line: Line) -> Marker | None:
    """The marker at the beginning of a line, if there is one with words behind it."""
    found = _MARKER.match(text, line.start, line.end)
    if not found or found.end() == line.start:
        return None
    body = trim(text, found.end(), line.end)
    if body is None:
        return None
    printed = found.group().strip()
    plain = unicodedata.normalize("NFKC", printed).replace("\\", "")
    return Marker(
        printed,
        body.start,
        _kind(plain),
        _values(plain),
        weak=bool(found["weak"]),
        note=bool(found["note"]),
    )


def _kind(plain: str) -> str:
    plain = re.sub(r"\s", "", plain)
    if plain.startswith("第"):
        return "第0条"
    return re.sub(r"[0-9]+", "0", re.sub(r"[^\W\d_]+", "a", plain)) if plain != "o" else "o"


def _values(plain: str) -> frozenset[int]:
    """The numbers a marker may stand for; none for a symbol."""
    if digits := re.search(r"\d+", plain):
        return frozenset([int(digits.group())])
    letters = re.search(r"[^\W\d_]+", plain.removeprefix("第").split("条")[0])
    if not letters or plain == "o":
        return frozenset()
    word = letters.group()
    values = {series.index(word) + 1 for series in _SERIES if word in series}
    if len(word) == 1 and word.isascii():
        values.add(ord(word.lower()) - ord("a") + 1)
    if set(word.lower()) <= _ROMAN.keys():
        values.add(_roman(word.lower()))
    if number := kanji_number(word):
        values.add(number)
    return frozenset(values)


def _roman(word: str) -> int:
    figures = [_ROMAN[char] for char in word]
    after = [*figures[1:], 0]
    return sum(-one if one < two else one for one, two in zip(figures, after, strict=True))
