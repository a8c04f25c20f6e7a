"""Dates in a text, in the languages of `corpus.facts.cldr`: days, months and years, also of eras.

The names of months come from the Unicode CLDR.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from corpus.characters.folding import KINDS, Folded, fold
from corpus.characters.numerals import kanji_number
from corpus.facts.cldr import month_names
from corpus.facts.overlaps import without_overlaps
from corpus.records import Span

# Blanks are kept, because "May 5 2023" and "May 52023" are different.
_KINDS = tuple(kind for kind in KINDS if kind not in ("blanks", "markup"))
_YEAR = r"(?<!\d)(?P<year>(?:19|20)\d{2})(?!\d)"
_LETTERS = re.compile(r"[^\W\d_\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True, order=True)
class DateMention:
    """A date that a text mentions. What the text leaves out is 0.

    Attributes:
        span: The words that name the date, in code points of the text.
        year: 1900 to 2099, or 0.
        month: 1 to 12, or 0.
        day: 1 to 31, or 0. Of a range of days such as "19-21 May" it is the last one.
    """

    span: Span
    year: int = 0
    month: int = 0
    day: int = 0

    @property
    def is_day(self) -> bool:
        """Whether the mention gives a day of the calendar."""
        if not (self.year and self.month and self.day):
            return False
        try:
            date(self.year, self.month, self.day)
        except ValueError:
            return False
        return True

    @property
    def iso(self) -> str:
        """The known beginning of `YYYY-MM-DD`; empty without a year."""
        parts = (self.year, self.month, self.day)
        known = parts[: parts.index(0)] if 0 in parts else parts
        return "-".join(f"{part:02d}" for part in known)

    def agrees(self, day: str) -> bool:
        """Return whether a date, `YYYY-MM-DD`, is within what is mentioned."""
        pairs = zip((self.year, self.month, self.day), map(int, day.split("-")), strict=True)
        return all(mentioned in (0, actual) for mentioned, actual in pairs)


def find_dates(text: str) -> list[DateMention]:
    """Return the dates that a text mentions, in order. Years of eras count: 令和5年, Reiwa 5."""
    folded = fold(text, kinds=_KINDS)
    return without_overlaps(_mentions(folded)) if _may_have_dates(folded.key) else []


def parse_day(text: str) -> str:
    """Return the one day that a text names, as `YYYY-MM-DD`; empty if there is none, or several."""
    days = {mention.iso for mention in find_dates(text) if mention.is_day}
    return days.pop() if len(days) == 1 else ""


def _may_have_dates(key: str) -> bool:
    """Return whether a text has a digit, 「月」, 「월」 or the name of a month.

    Most questions have none, and then the patterns need not be compiled, which takes longer than
    everything else that is read in a question.
    """
    if any(sign.isdigit() or sign in "月월" for sign in key):
        return True
    return any(word.casefold() in _month_names() for word in _LETTERS.findall(key))


def _mentions(folded: Folded) -> Iterator[DateMention]:
    for pattern in _patterns():
        for match in pattern.finditer(folded.key):
            groups = match.groupdict()
            month = _month(groups.get("month"))
            day = int(groups.get("day") or 0)
            if (groups.get("month") and not month) or day > 31:
                continue
            yield DateMention(folded.span(*match.span()), int(groups.get("year") or 0), month, day)


def _month(name: str | None) -> int:
    """Return the number of a month by its name or number; 0 if there is no such month."""
    if not name:
        return 0
    plain = name.casefold().rstrip(".")
    number = int(plain) if plain.isdigit() else kanji_number(plain) or _month_names().get(plain, 0)
    return number if 1 <= number <= 12 else 0


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of dates. Of two that overlap, the one that begins first is taken."""
    names = sorted(_month_names(), key=len, reverse=True)
    month = "(?P<month>" + "|".join(map(re.escape, names)) + r")\b\.?"
    earlier = r"(?:\d{1,2}\s*[-/]\s*|\d{1,2}\S{0,2} (?:and|et|und|y|e) )?"  # "4 and 5 April"
    day = earlier + r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º)?"
    of = r",?\s*(?:(?:of|de|del|di|năm)\s+)?"
    number, kanji = r"\d{1,2}", "[一二三四五六七八九十]{1,3}"
    return tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            rf"{_YEAR}\s*[年년]\s*(?P<month>{number}|{kanji})\s*[月월]"
            rf"(?:\s*(?:\d{{1,2}}\s*[-~]\s*)?(?P<day>\d{{1,2}})\s*[日일])?",
            rf"(?<!\d)(?P<month>{number})\s*[月월]\s*(?:\d{{1,2}}\s*[-~]\s*)?(?P<day>\d{{1,2}})\s*[日일]",
            rf"{_YEAR}\s*[年년]",
            rf"{_YEAR}[-/.](?P<month>\d{{1,2}})(?:[-/.](?P<day>\d{{1,2}}))?(?!\d)",
            rf"(?<![\d.])(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}",
            rf"\b{day}\s+(?:day of |of |de )?{month}(?:{of}{_YEAR})?",
            rf"\b{month}\s+{day}(?:,?\s+{_YEAR})?\b",
            rf"\b{month}{of}{_YEAR}",
            rf"{_YEAR}\s+{month}",
            rf"\b(?:tháng|thg)\s+(?P<month>\d{{1,2}})(?:/|{of}){_YEAR}",
            rf"(?<![\d.,$€£¥]){_YEAR}(?![\d.,]*\d|\s*(?:%|percent|million|billion))",
            r"(?<!\d)(?P<month>\d{1,2})\s*[月월](?!\d)",
            r"\b(?P<month>" + "|".join(name for name in names if len(name) > 3) + r")\b",
        )
    )


@cache
def _month_names() -> dict[str, int]:
    # A name with digits (「9月」, "tháng 9") and one in kanji are matched as numbers.
    return {name: number for name, number in month_names().items() if _LETTERS.fullmatch(name)}
