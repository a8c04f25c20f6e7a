"""Numbers written in kanji, and Roman numerals."""

from __future__ import annotations

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100, "千": 1000}
KANJI_DIGITS = "".join([*_DIGITS, *_UNITS])
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_MAX_LENGTH = 100  # characters; Python refuses to read or print numbers of thousands of digits


def kanji_number(text: str) -> int | None:
    """Return the number written in kanji, such as 二十五 or 一九八九; None if there is none."""
    if len(text) > _MAX_LENGTH:
        return None
    if not any(char in _UNITS for char in text):
        digits = [_DIGITS.get(char) for char in text]
        if not text or None in digits:
            return None
        return int("".join(map(str, digits)))
    total, digit, smallest_unit = 0, 0, 10_000
    for char in text:
        if char in _DIGITS and not digit:
            digit = _DIGITS[char]
        elif (unit := _UNITS.get(char, smallest_unit)) < smallest_unit:
            total, digit, smallest_unit = total + (digit or 1) * unit, 0, unit
        else:
            return None
    return total + digit


def roman_number(numeral: str) -> int:
    """Return the number that a Roman numeral stands for.

    Args:
        numeral: Some of the letters I, V, X, L and C, in upper or lower case.
    """
    values = [_ROMAN[letter] for letter in numeral.upper()]
    following = [*values[1:], 0]
    return sum(
        -value if value < next_value else value
        for value, next_value in zip(values, following, strict=True)
    )
