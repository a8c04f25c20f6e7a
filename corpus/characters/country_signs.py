"""One-character names of countries in Japanese: 日米韓, 対露. The rules are in `countries.json`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from corpus.characters.scripts import HAN
from corpus.tables import read_table

TABLE = "countries.json"
# A text without kana may be Chinese, where the same characters are parts of other names.
_KANA = re.compile("[\u3040-\u30ff]")
_DAY = r"(?<=[\d一二三四五六七八九十])日"  # a day of the month, not Japan


def country_positions(text: str) -> list[int]:
    """Return the code points at which a single character surely stands for a country, ascending.

    Pairs that the model knows without their full names are left out.
    """
    patterns = _patterns()
    if patterns.sign.search(text) is None or _KANA.search(text) is None:
        return []
    masked = _without(text, patterns.other_words, patterns.known_pairs)
    positions = {place for run in patterns.run.finditer(masked) for place in range(*run.span())}
    for pattern in patterns.single:
        positions |= {match.start(1) for match in pattern.finditer(masked)}
    return sorted(positions)


def country_runs(text: str) -> Iterator[tuple[int, str]]:
    """Yield the code point and the territory code of each country in a run such as 日米韓.

    A character before another name counts too: 米イラク, 日EU, 米・太平洋島嶼国.
    """
    patterns, codes = _patterns(), territory_codes()
    masked = _without(text, patterns.other_words)
    for pattern in (patterns.run, patterns.before_name):
        for match in pattern.finditer(masked):
            for place in range(*match.span()):
                yield place, codes[text[place]]


def territory_codes() -> dict[str, str]:
    """Return the code of each country by its character."""
    codes: dict[str, str] = _table()["signs"]
    return codes


def _without(text: str, *masks: re.Pattern[str]) -> str:
    """Return a text with blanks in the place of some words."""
    for words in masks:
        text = words.sub(lambda word: " " * len(word[0]), text)
    return text


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The rules of `countries.json` as patterns.

    Attributes:
        sign: A character that may stand for a country.
        other_words: Words in which such a character means something else.
        known_pairs: Pairs of countries that the model knows without their full names.
        run: Two or more such characters in a row, which stand for countries.
        before_name: One such character before a name in katakana or capitals, or a middle dot.
        single: One such character, as group 1, where the words around it show that it stands for a
            country.
    """

    sign: re.Pattern[str]
    other_words: re.Pattern[str]
    known_pairs: re.Pattern[str]
    run: re.Pattern[str]
    before_name: re.Pattern[str]
    single: tuple[re.Pattern[str], ...]


@cache
def _table() -> dict[str, Any]:
    return read_table(__package__, TABLE)


@cache
def _patterns() -> _Patterns:
    table = _table()
    sign = "[" + "".join(table["signs"]) + "]"
    other_words = sorted(table["never"], key=len, reverse=True)  # the longest is tried first
    known_pairs = [f"(?<!{sign}){pair}(?!{sign})" for pair in table["known"]]
    return _Patterns(
        sign=re.compile(sign),
        other_words=re.compile("|".join([_DAY, *other_words])),
        known_pairs=re.compile("|".join(known_pairs)),
        run=re.compile(sign + "{2,}"),
        # 中 means "in" before most names.
        before_name=re.compile(rf"(?<![{HAN}])(?!中){sign}(?=[・ァ-ヶA-ZＡ-Ｚ])"),
        single=(
            re.compile(rf"[{table['before']}]({sign})"),
            re.compile(rf"(?<![{HAN}])({sign})(?={'|'.join(table['after'])})"),
        ),
    )
