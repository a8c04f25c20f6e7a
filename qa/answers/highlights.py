"""Which words of a quote to mark: the pieces of words that the model matched, as whole words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.characters.scripts import HAN
from corpus.records import Span, merge_spans

_HIRAGANA = "\u3041-\u309f"
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9f"  # without the dot between words
# A word ends at a space, and in Japanese also where the script changes.
_RUN = re.compile(
    rf"(?P<grammar>[{_HIRAGANA}]+)|[{_KATAKANA}]+|(?P<han>[{HAN}]+)"
    rf"|[^\W_{_HIRAGANA}{_KATAKANA}{HAN}]+"
)
# A longer run is several words, as in Chinese or Thai, so a mark does not grow to all of it.
_MAX_IDEOGRAPHS, _MAX_LETTERS = 6, 24


def whole_words(text: str, span: Span, marks: Sequence[Span]) -> tuple[Span, ...]:
    """Return marks as whole words within a span, in reading order. Words that touch are joined.

    Punctuation is left out. So are words in hiragana only, which are grammar.

    Args:
        text: The source.
        span: The range that marks may be in, in code points of the source.
        marks: Pieces of words, in any order.
    """
    return merge_spans(_words(text, span, marks))


def _words(text: str, span: Span, marks: Sequence[Span]) -> Iterator[Span]:
    for run in _RUN.finditer(text, span.start, span.end):
        if run["grammar"]:
            continue
        is_word = len(run[0]) <= (_MAX_IDEOGRAPHS if run["han"] else _MAX_LETTERS)
        for mark in marks:
            start, end = max(mark.start, run.start()), min(mark.end, run.end())
            if start < end:
                yield Span(run.start(), run.end()) if is_word else Span(start, end)
