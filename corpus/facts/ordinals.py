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

_MAX_WORDS = 10  # of a phrase, between an ordinal and the word for a meeting
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


def number_in_title(title: str) -> int | None:
    """Return the number of the meeting or anniversary that a title names.

    The word for the meeting may be far from the ordinal if it ends the same phrase: "Third
    High-Level Economic and Security Dialogue".

    Returns:
        The number; 0 if the title has an ordinal of its own of which this is not certain; None if
        it has none.
    """
    key, patterns = fold(title, kinds=_KINDS).key, _title_patterns()
    numbers = {mention.number for mention in find_ordinals(title)}
    numbers |= {_number(match) for far in patterns.far for match in far.finditer(key)}
    if len(numbers) == 1:
        return numbers.pop()
    return 0 if numbers or any(leading.match(key) for leading in patterns.leading) else None


def _mentions(key: str) -> Iterator[tuple[int, int, int]]:
    patterns = _patterns()
    for match in patterns.numbered.finditer(key):
        yield *match.span(), _value(next(filter(None, match.groups())))
    for match in patterns.inaugural.finditer(key):
        yield *match.span(), 1
    for words in patterns.words:
        for match in words.finditer(key):
            yield *match.span(), _number(match)


def _number(match: re.Match[str]) -> int:
    """Return the number of an ordinal in digits, or as a word of which group n is number n."""
    place, written = next((n, group) for n, group in enumerate(match.groups(), 1) if group)
    return int(written) if written.isdigit() else place


def _value(written: str) -> int:
    return int(written) if written.isdigit() else kanji_number(written) or 0


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Patterns that find ordinals anywhere in a text.

    Attributes:
        numbered: An ordinal in digits or kanji; one group holds the number.
        inaugural: A word for a first meeting.
        words: Ordinals as words of a language before a word for a meeting; see `_number`.
    """

    numbered: re.Pattern[str]
    inaugural: re.Pattern[str]
    words: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class _TitlePatterns:
    """Patterns that find ordinals in a title only. A question needs none, so they stand apart.

    Attributes:
        far: Ordinals of a phrase that a word for a meeting ends.
        leading: Ordinals at the beginning of a text.
    """

    far: tuple[re.Pattern[str], ...]
    leading: tuple[re.Pattern[str], ...]


@cache
def _patterns() -> _Patterns:
    table = _table()
    # At most three words may stand between: "the fourth Ministerial TTC meeting".
    near = rf"\s*(?:{_word()}\s+){{0,3}}?(?:{table['meetings']})"
    numbered = "|".join((table["numbered"].replace("MEETING", near), table["kanji"]))
    return _Patterns(
        _compiled(numbered),
        _compiled("|".join(table["inaugural"])),
        (
            _compiled(rf"(?<!\w){table['years']}"),
            *(_compiled(rf"{ordinal}(?={near})") for ordinal in _ordinals()),
        ),
    )


@cache
def _title_patterns() -> _TitlePatterns:
    table = _table()
    breaks, documents = _breaks(), table["documents"]
    end = rf"\s*(?:\Z|[.,;:()|]|-\s|(?:{breaks}|{documents})(?!\w))"
    ending = rf"(?:{table['meetings']}|\w{{3,}}(?:{table['compounds']})){end}"
    far = rf"\s*(?:{_word()}\s+){{0,{_MAX_WORDS}}}?{ending}"
    anywhere = [*_ordinals(), rf"(?<![\w.-]){table['ordinal']}"]
    return _TitlePatterns(
        tuple(_compiled(rf"{ordinal}(?={far})") for ordinal in anywhere),
        tuple(_compiled(rf"\W*(?:(?:{table['articles']})\s+)?{ordinal}") for ordinal in anywhere),
    )


@cache
def _table() -> dict[str, Any]:
    return read_table(__package__, "ordinals.json")


def _breaks() -> str:
    return "|".join(_table()["breaks"].values())


def _word() -> str:
    """Return the pattern of a word within a phrase. It may have full stops in it: "U.S.-EU"."""
    return rf"(?!(?:{_breaks()})(?!\w)|-\s)(?:[^\s.,;:()|]|\.(?:(?=\S)|(?<=\b\w\.)(?!\S)))++"


def _ordinals() -> list[str]:
    """Return a pattern of ordinal words for each language. Group n matches the word for n."""
    return [
        rf"(?<![\w-])(?:{'|'.join(f'({word})' for word in words.split('|'))})(?!\w|-(?!ever))"
        for words in _table()["words"].values()
    ]


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
