"""Ordinal numbers of meetings in a text: 第2回, "the fourth ministerial meeting", "3e réunion"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from corpus.characters.folding import KINDS, fold
from corpus.characters.numerals import kanji_number
from corpus.records import Span
from corpus.tables import read_table

_KINDS = tuple(kind for kind in KINDS if kind not in ("blanks", "eras"))


@dataclass(frozen=True, slots=True, order=True)
class OrdinalMention:
    """The number of a meeting or an anniversary that a text mentions.

    Attributes:
        span: The words that name the number, in code points of the text.
        number: The number, from 1 on.
    """

    span: Span
    number: int


def find_ordinals(text: str) -> list[OrdinalMention]:
    """Return the ordinal numbers of meetings and anniversaries that a text mentions, in order."""
    folded = fold(text, kinds=_KINDS)
    mentions = {
        folded.span(start, end): number for start, end, number in _mentions(folded.key) if number
    }
    return [OrdinalMention(span, number) for span, number in sorted(mentions.items())]


def _mentions(key: str) -> Iterator[tuple[int, int, int]]:
    patterns = _patterns()
    for match in patterns.numbered.finditer(key):
        yield *match.span(), _value(next(filter(None, match.groups())))
    for match in patterns.inaugural.finditer(key):
        yield *match.span(), 1
    for words in patterns.words:
        for match in words.finditer(key):
            number = next(place for place, group in enumerate(match.groups(), 1) if group)
            yield *match.span(), number


def _value(written: str) -> int:
    return int(written) if written.isdigit() else kanji_number(written) or 0


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The table `ordinals.json` as patterns.

    Attributes:
        numbered: An ordinal in digits or kanji; one group holds the number.
        inaugural: A word for a first meeting.
        words: Ordinals as words of a language before a word for a meeting; group n is number n.
    """

    numbered: re.Pattern[str]
    inaugural: re.Pattern[str]
    words: tuple[re.Pattern[str], ...]


@cache
def _patterns() -> _Patterns:
    table: dict[str, Any] = read_table(__package__, "ordinals.json")
    meetings = table["meetings"]
    # At most three words may stand between: "the fourth Ministerial TTC meeting".
    before_meeting = rf"(?=\s*(?:[^\s.,;]+\s+){{0,3}}?(?:{meetings}))"
    numbered = "|".join((table["numbered"].replace("MEETINGS", meetings), table["kanji"]))
    return _Patterns(
        re.compile(numbered, re.IGNORECASE),
        re.compile("|".join(table["inaugural"]), re.IGNORECASE),
        (
            re.compile(rf"(?<!\w){table['years']}", re.IGNORECASE),
            *(
                re.compile(
                    r"(?<!\w)(?:"
                    + "|".join(f"({word})" for word in words.split("|"))
                    + r")(?!\w)"
                    + before_meeting,
                    re.IGNORECASE,
                )
                for words in table["words"].values()
            ),
        ),
    )
