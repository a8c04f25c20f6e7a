"""Counts the numbered paragraphs of a Word file, and writes their numbers as Word does."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.formats.docx.number_formats import formatted, is_known
from corpus.formats.docx.numbering import LEVELS, Level, List
from corpus.formats.docx.symbols import shown_in

_PLACEHOLDER = re.compile(r"%([1-9])")
_MAX_MARKER = 60  # code points; a longer one would make the text much larger than the file
_BULLET = "•"  # for a bullet that has no character in Unicode
_CIRCLE = "◦"  # Word draws the bullets of second levels with the letter o
_IDEOGRAPHIC_SPACE = "\u3000"
_PRIVATE_USE = "Co"
_DIGITS, _KANJI = "[0-9０-９]{1,3}", "[一二三四五六七八九十百]{1,4}"
_SURE = re.compile(
    rf"[(（](?:{_DIGITS}|[a-zA-Zａ-ｚＡ-Ｚ]|[ア-ンｱ-ﾝ]|{_KANJI}|[ivxIVX]{{1,5}})[)）]"
    rf"|(?:{_DIGITS}|[a-zａ-ｚ])[.)．）]|[ivx]{{2,5}}[.)]|第(?:{_DIGITS}|{_KANJI})条"
    r"|[①-⑳⑴-⒇❶-❿㈠-㈩]|[-‐‑–—−－*＊+・･·•●○◯◦◆◇■□▪▫▶►▸➢➤➔⇒→❖✓✔✗✦☐☑‣⁃]"
)


@dataclass(frozen=True, slots=True)
class Number:
    """The printed number or bullet of a paragraph.

    Attributes:
        text: What is printed; empty if nothing is.
        space: White space between it and the text of the paragraph.
        ordered: Whether it is a number and no bullet.
    """

    text: str
    space: str
    ordered: bool

    @property
    def is_sure(self) -> bool:
        """Whether it can only be a marker, as `(1)` can. `1.2` and `一` may also be words."""
        return bool(_SURE.fullmatch(self.text))

    @property
    def marker(self) -> str:
        """The number with the white space after it."""
        return self.text + self.space if self.text else ""


@dataclass
class Counter:
    """The numbers that the lists of a file have reached.

    Attributes:
        lists: The lists by their ids.
        unknown_formats: The formats that were met and are not known.
    """

    lists: Mapping[int, List]
    unknown_formats: set[str] = field(default_factory=set)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[tuple[int, int]] = field(default_factory=set)

    def next_number(self, list_id: int, level: int) -> Number:
        """Count a paragraph, and return its number.

        Args:
            list_id: Id of a list in `lists`.
            level: A level of the list, from 0.
        """
        list_ = self.lists[list_id]
        counts = self._counts.setdefault(list_.sequence, [None] * LEVELS)
        count, begun = counts[level], (list_id, level) in self._begun
        self._begun.add((list_id, level))
        if count is None or (level in list_.starts and not begun):
            counts[level] = list_.start(level)
        else:
            counts[level] = count + 1
        # A higher level without a paragraph of its own counts as begun, as in Word since 6.0.
        for higher in range(level):
            if counts[higher] is None:
                counts[higher] = list_.start(higher)
        for deeper in range(level + 1, LEVELS):
            if _restarts(list_.levels.get(deeper), deeper, level):
                counts[deeper] = None
        return self._written(list_, level, counts)

    def _written(self, list_: List, number: int, counts: list[int | None]) -> Number:
        level = list_.levels.get(number, Level())
        if level.format == "bullet":
            text = shown_bullet(level)
            return Number(text, _space_after(text, level.suffix), ordered=False)

        def count_of(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            form = list_.levels.get(place, Level()).format
            if not is_known(form):
                self.unknown_formats.add(form)
            if level.legal and formatted(1, form):
                form = "decimal"
            count = counts[place]
            return "" if count is None else formatted(count, form)

        text = shown_in(level.font, _PLACEHOLDER.sub(count_of, level.text)).strip()[:_MAX_MARKER]
        ordered = bool(_PLACEHOLDER.search(level.text))
        return Number(text, _space_after(text, level.suffix), ordered)


def shown_bullet(level: Level) -> str:
    """Return the bullet of a level as a character of Unicode; nothing if none is printed."""
    text = shown_in(level.font, level.text).strip()
    if level.picture or any(unicodedata.category(char) == _PRIVATE_USE for char in text):
        return _BULLET
    return _CIRCLE if text == "o" else text


def _restarts(level: Level | None, number: int, used: int) -> bool:
    """Return whether a level begins again after a paragraph of a higher level."""
    restart = level.restart if level else None
    return used < (number if restart is None else restart)


def _space_after(text: str, suffix: str) -> str:
    """Return the white space after a printed number.

    After a character as wide as a kanji stands a space of that width, as Japanese texts have it.
    Word shows a tab there, or nothing.
    """
    last = text[-1:]
    if suffix == "nothing" and not last.isascii():
        return ""
    wide = bool(last) and unicodedata.east_asian_width(last) in "WF" and last.isalnum()
    return _IDEOGRAPHIC_SPACE if wide else " "
