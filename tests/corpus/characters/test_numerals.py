"""Numbers written in kanji, and Roman numerals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.characters.numerals import KANJI_DIGITS, kanji_number, roman_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("五", 5),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("六十四", 64),
        ("百五", 105),
        ("千九百八十九", 1989),
        ("一九八九", 1989),
        ("二〇二三", 2023),
        ("〇", 0),
        ("", None),
        ("元", None),
        ("五元", None),
        ("五六十", None),
        ("十十", None),
        ("十百", None),
        ("人", None),
    ],
)
def test_number_in_kanji(text: str, number: int | None) -> None:
    assert kanji_number(text) == number


@given(st.integers(1, 9999))
def test_every_number_is_read(number: int) -> None:
    text, left = "", number
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, left = divmod(left, size)
        if digit:
            text += ("" if digit == 1 and unit else "〇一二三四五六七八九"[digit]) + unit
    assert kanji_number(text) == number
    assert (
        kanji_number("".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))) == number
    )


@given(st.text(KANJI_DIGITS + "元a", max_size=8))
def test_any_text_gives_a_number_or_none(text: str) -> None:
    number = kanji_number(text)
    assert number is None or number >= 0


@pytest.mark.parametrize(
    ("numeral", "number"),
    [("I", 1), ("iv", 4), ("IX", 9), ("xiv", 14), ("XLIX", 49), ("XC", 90), ("CXVIII", 118)],
)
def test_roman_number(numeral: str, number: int) -> None:
    assert roman_number(numeral) == number
