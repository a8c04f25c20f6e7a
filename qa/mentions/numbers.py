"""The numbers of a text, however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, Context, Decimal
from functools import cache
from typing import Any

from corpus.characters.folding import KINDS, fold
from corpus.characters.numerals import KANJI_DIGITS, kanji_number, roman_number
from corpus.language import detect_language
from corpus.tables import read_table

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX)  # rounds no number, and none is too large
# Spaces are kept, because "2023, 5" are two numbers and "2023,5" is one.
_KINDS = tuple(kind for kind in KINDS if kind != "blanks")


def numbers_in(text: str) -> dict[str, None]:
    """Return the numbers of a text in order, as plain digits.

    - Thousands separators are left out.
    - A word for a power of ten counts: 1,000億 and 100 billion are the same number.
    - A month by name counts as its number.
    - Numerals of chapters count, and so do numbers in kanji before what they count.
    """
    return dict.fromkeys(_values(with_digits(text)))


def with_digits(text: str) -> str:
    """Return the key of a text, with months, numerals and numbers in kanji written in digits."""
    key = fold(text, kinds=_KINDS).key
    for name, number in _months(detect_language(text)).items():
        # "May" is a word too, and a month only beside a number.
        beside = rf"(?<=\d ){name}\b|\b{name}(?=,? \d)" if name == "May" else rf"\b{name}\b"
        key = re.sub(beside, str(number), key, flags=0 if name == "May" else re.IGNORECASE)
    patterns = _patterns()
    key = patterns.roman.sub(
        lambda match: f"{match['division']}{roman_number(match['numeral'])}", key
    )
    return patterns.kanji.sub(_kanji_in_digits, key)


@cache
def claim_table() -> dict[str, Any]:
    """Return the table `claims.json`."""
    return read_table(__package__, "claims.json")


def _values(key: str) -> Iterator[str]:
    """Return the numbers of a text in digits, with powers of ten multiplied out."""
    powers = _patterns().powers
    exponents = {word.casefold(): power for word, power in claim_table()["powers"].items()}
    total, end, last_exponent = Decimal(0), -1, 0
    for match in _NUMBER.finditer(key):
        power = powers.match(key, match.end())
        exponent = exponents[power["word"].casefold()] if power else 0
        numbers = _decimals(match[0])
        value = numbers[0].scaleb(exponent, _EXACT)
        if end == match.start() and exponent < last_exponent:  # 1億2,000万 is one number
            total = _EXACT.add(total, value)
        else:
            if end >= 0:
                yield _digits(total)
            total = value
        for number in numbers[1:]:
            yield _digits(total)
            total = number
        end, last_exponent = (power.end() if power else match.end()), exponent
    if end >= 0:
        yield _digits(total)


def _decimals(written: str) -> list[Decimal]:
    """Return a written number as a decimal; for a date such as 26.5.2023, each of its numbers."""
    plain = re.sub(r"[.,](?=\d{3}(?!\d))", "", written).replace(",", ".")
    parts = [plain] if plain.count(".") < 2 else plain.split(".")
    return [Decimal(part) for part in parts]


def _digits(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _kanji_in_digits(match: re.Match[str]) -> str:
    """Return a number in kanji in digits; the text itself if it is no number."""
    number = kanji_number(match["ordinal"] or match["counted"])
    if number is None:
        return match[0]
    return f"第{number}" if match["ordinal"] else str(number)


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Patterns that are made from `claims.json`.

    Attributes:
        roman: A word for a part of a text (`division`), and a Roman numeral (`numeral`).
        kanji: A number in kanji, either `ordinal` or `counted`.
        powers: A word for a power of ten (`word`) behind a number.
    """

    roman: re.Pattern[str]
    kanji: re.Pattern[str]
    powers: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    divisions = "|".join(claim_table()["divisions"])
    counters = "|".join(longest_first(claim_table()["counters"]))
    run = rf"[{KANJI_DIGITS}]+"
    powers = "|".join(
        word if not word.isascii() and len(word) == 1 else rf"{word}\b"
        for word in longest_first(claim_table()["powers"])
    )
    return _Patterns(
        roman=re.compile(
            rf"(?P<division>(?i:\b(?:{divisions}))\s+|第)(?P<numeral>[IVXLC]+)(?![A-Za-z])"
        ),
        kanji=re.compile(
            rf"第(?P<ordinal>{run})|(?<![{KANJI_DIGITS}])(?P<counted>{run})(?=(?:{counters}))"
        ),
        powers=re.compile(rf"[ -]?(?P<word>{powers})", re.IGNORECASE),
    )


def longest_first(words: Iterable[str]) -> list[str]:
    """Return words in an order in which none hides a longer one that begins with it."""
    return sorted(words, key=len, reverse=True)


@cache
def _months(language: str) -> dict[str, int]:
    """Return the numbers of the months by their names in a language; empty if it is unknown."""
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
