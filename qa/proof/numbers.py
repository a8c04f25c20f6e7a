"""The numbers of a text, however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import MAX_EMAX, MAX_PREC, Context, Decimal
from functools import cache
from typing import Any

from corpus.characters.folding import KINDS, fold
from corpus.characters.numerals import KANJI_DIGITS, kanji_number
from corpus.tables import read_table
from qa.questions.language import detect_language

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX)  # no number is rounded, nor too large
# A space tells "2023, 5" from "2023,5".
_KINDS = tuple(kind for kind in KINDS if kind != "blanks")


def figures(text: str) -> dict[str, None]:
    """The numbers of a text in order, as plain digits.

    Separators count for nothing, and words for powers of ten are reckoned with: 1,000億 and 100
    billion are one number. Months by name count as their number, so do the numerals of chapters
    and what kanji count.
    """
    return dict.fromkeys(_values(in_digits(text)))


def in_digits(text: str) -> str:
    """The key of a text with months, the numerals of chapters, and what kanji count, as digits."""
    key = fold(text, kinds=_KINDS).key
    for name, number in _months(detect_language(text)).items():
        # "May" is also a word: it is a month only beside a number.
        beside = rf"(?<=\d ){name}\b|\b{name}(?=,? \d)" if name == "May" else rf"\b{name}\b"
        key = re.sub(beside, str(number), key, flags=0 if name == "May" else re.IGNORECASE)
    roman, kanji, _ = _patterns()
    key = roman.sub(lambda found: f"{found[1]}{_roman(found[2])}", key)
    return kanji.sub(_plain, key)


@cache
def table() -> dict[str, Any]:
    """What `claims.json` says."""
    return read_table(__package__, "claims.json")


def _values(key: str) -> Iterator[str]:
    _, _, powers = _patterns()
    exponents = {word.casefold(): power for word, power in table()["powers"].items()}
    total, at, last = Decimal(0), -1, 0
    for found in _NUMBER.finditer(key):
        behind = powers.match(key, found.end())
        exponent = exponents[behind[1].casefold()] if behind else 0
        numbers = _decimals(found[0])
        if at == found.start() and exponent < last:  # 1億2,000万 is one number
            total = _EXACT.add(total, numbers[0].scaleb(exponent, _EXACT))
        else:
            if at >= 0:
                yield _digits(total)
            total = numbers[0].scaleb(exponent, _EXACT)
        for number in numbers[1:]:
            yield _digits(total)
            total = number
        at, last = (behind.end() if behind else found.end()), exponent
    if at >= 0:
        yield _digits(total)


def _decimals(written: str) -> list[Decimal]:
    """A number as it is written; of a date such as 26.5.2023 each of its numbers."""
    plain = re.sub(r"[.,](?=\d{3}(?!\d))", "", written).replace(",", ".")
    parts = [plain] if plain.count(".") < 2 else plain.split(".")
    return [Decimal(part) for part in parts]


def _digits(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _roman(numeral: str) -> str:
    values = [_ROMAN[char] for char in numeral]
    following = [*values[1:], 0]
    return str(sum(-a if a < b else a for a, b in zip(values, following, strict=True)))


def _plain(found: re.Match[str]) -> str:
    number = kanji_number(found["ordinal"] or found["counted"])
    return found[0] if number is None else f"{'第' if found['ordinal'] else ''}{number}"


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Numerals of chapters; numbers in kanji; words for powers of ten."""
    words = "|".join(table()["divisions"])
    roman = re.compile(rf"((?i:\b(?:{words}))\s+|第)([IVXLC]+)(?![A-Za-z])")
    counters = "|".join(sorted(table()["counters"], key=len, reverse=True))
    run = rf"[{KANJI_DIGITS}]+"
    kanji = re.compile(
        rf"第(?P<ordinal>{run})|(?<![{KANJI_DIGITS}])(?P<counted>{run})(?=(?:{counters}))"
    )
    by_length = sorted(table()["powers"], key=len, reverse=True)
    spoken = "|".join(
        word if not word.isascii() and len(word) == 1 else rf"{word}\b" for word in by_length
    )
    return roman, kanji, re.compile(rf"[ -]?({spoken})", re.IGNORECASE)


@cache
def _months(language: str) -> dict[str, int]:
    from babel import Locale, UnknownLocaleError
    from babel.dates import get_month_names

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return {}
    names = {
        name.rstrip("."): number
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, "format", locale).items()
    }
    # A name with digits in it (「9月」) is read as a number anyway.
    return {name: number for name, number in names.items() if name.isalpha()}
