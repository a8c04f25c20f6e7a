"""How long two statements lie apart, as a question says it: "nine months later", 翌年."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from corpus.facts.mentions import word_table

# The days of a unit, and how many days more or less are called so: "a year later" is said of 13
# months too.
_DAYS = {"day": (1, 0), "week": (7, 4), "month": (30, 20), "year": (365, 120)}


@dataclass(frozen=True, slots=True)
class Interval:
    """How long two statements lie apart.

    Attributes:
        unit: `day`, `week`, `month` or `year`, or `next_year` for any time of the next year.
        count: How many of them.
    """

    unit: str
    count: int

    def agrees(self, one: date, other: date) -> bool:
        """Return whether two days lie so far apart."""
        if self.unit == "next_year":
            return abs(one.year - other.year) == 1
        days, slack = _DAYS[self.unit]
        return abs(abs((one - other).days) - self.count * days) <= slack


def find_intervals(text: str) -> list[Interval]:
    """Return how long two statements lie apart, as far as a question says it."""
    return [
        Interval(unit, _count(match.groups()))
        for unit, pattern in _patterns().items()
        for match in pattern.finditer(text)
    ]


def _count(groups: Iterable[str | None]) -> int:
    written = next((group for group in groups if group), "1")
    if written.isdigit():
        return int(written)
    return next((count for count, words in _numbers() if words.fullmatch(written)), 1)


@cache
def _numbers() -> list[tuple[int, re.Pattern[str]]]:
    numbers = word_table()["numbers"]
    return [(count, re.compile(words, re.IGNORECASE)) for count, words in enumerate(numbers, 1)]


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    # 令和5年前半 is half a year, and "prior" is no part of "priorities".
    numbers = "|".join(word_table()["numbers"])
    number = rf"(?<![A-Za-zÀ-ÿ\d〇一二三四五六七八九十百-])(\d{{1,2}}|{numbers})"
    return {
        unit: re.compile(
            rf"(?:{'|'.join(re.sub('NUMBER', lambda _: number, phrase) for phrase in phrases)})"
            r"(?![A-Za-zÀ-ÿ]|半|後|期)",
            re.IGNORECASE,
        )
        for unit, phrases in word_table()["intervals"].items()
    }
