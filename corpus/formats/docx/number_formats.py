"""The formats in which Word writes the numbers of lists: 1, a, iv, ①, ア, 一 and others."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from corpus.tables import read_table

NO_NUMBER = ("none", "bullet")
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_MAX_ROMAN = 4999
_MAX_REPEATS = 30  # of a letter; Word itself writes no more
_CUSTOM = re.compile(r"(0+)1, ")  # the beginning of a custom format: `001, 002, 003, ...`


@cache
def _table() -> dict[str, Any]:
    return read_table(__package__, "number_formats.json")


@lru_cache(maxsize=256)
def is_known(form: str) -> bool:
    """Return whether `formatted` writes numbers of a format as Word does."""
    if form in ("lowerRoman", "upperRoman", "decimalZero", "numberInDash", "ordinal", *NO_NUMBER):
        return True
    return bool(_CUSTOM.match(form)) or any(form in formats for formats in _table().values())


def formatted(count: int, form: str) -> str:
    """Return a number as Word writes it.

    Args:
        count: The number.
        form: Name of the format in ECMA-376, 17.18.59, or a custom format such as `001, 002`.

    Returns:
        The number; nothing for a format without a number; in digits if the format is not known or
        has no such number.
    """
    if form in NO_NUMBER:
        return ""
    if custom := _CUSTOM.match(form):
        return str(count).zfill(len(custom[1]) + 1)
    if form in ("lowerRoman", "upperRoman"):
        return _roman(count) if form == "lowerRoman" else _roman(count).upper()
    if form in _STYLED:
        return _styled(count, form)
    return _from_table(count, form) or str(count)


def _from_table(count: int, form: str) -> str:
    """Return a number in a format of the table; nothing if it has no such number."""
    table = _table()
    if digits := table["digits"].get(form):
        return "".join(digits[int(digit)] for digit in str(count))
    if letters := table["letters"].get(form):
        repeats, index = divmod(count - 1, len(letters))
        return letters[index] * (repeats + 1) if 0 <= repeats < _MAX_REPEATS else ""
    if rule := table["counting"].get(form):
        return _counted(count, rule["digits"], rule["units"], rule["one"])
    sequence: str = table["sequences"].get(form, "")
    return sequence[count - 1] if 0 < count <= len(sequence) else ""


_STYLED = ("decimalZero", "numberInDash", "ordinal")


def _styled(count: int, form: str) -> str:
    if form == "decimalZero":
        return f"{count:02d}"
    if form == "numberInDash":
        return f"- {count} -"
    tens, ones = divmod(count % 100, 10)
    return f"{count}{'th' if tens == 1 else {1: 'st', 2: 'nd', 3: 'rd'}.get(ones, 'th')}"


def _roman(count: int) -> str:
    if not 0 < count <= _MAX_ROMAN:
        return str(count)
    letters = []
    for size, letter in _ROMAN:
        times, count = divmod(count, size)
        letters.append(letter * times)
    return "".join(letters)


def _counted(count: int, digits: str, units: str, one: int) -> str:
    """Return a number in words of digits and units, such as 二十三; nothing beyond 9,999.

    Args:
        count: The number.
        digits: The words for 1 to 9.
        units: The words for 10, 100 and 1000.
        one: The smallest unit before which a one is written.
    """
    if not 0 < count < 10 ** (len(units) + 1):
        return ""
    words = []
    for power in reversed(range(len(units) + 1)):
        digit, size = count // 10**power % 10, 10**power
        if digit > 1 or (digit == 1 and (power == 0 or size >= one)):
            words.append(digits[digit - 1])
        if digit and power:
            words.append(units[power - 1])
    return "".join(words)
