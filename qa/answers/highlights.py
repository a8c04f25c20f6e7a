"""The words of a quote to point out: the model's pieces of words, grown to whole ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.records import Span, merge_spans

_HIRAGANA = "\u3041-\u309f"
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9f"  # without the dot between words
_HAN = "\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# What a script change ends is a word in Japanese; elsewhere a space does.
_RUN = re.compile(
    rf"(?P<grammar>[{_HIRAGANA}]+)|[{_KATAKANA}]+|[{_HAN}]+"
    rf"|[^\W_{_HIRAGANA}{_KATAKANA}{_HAN}]+"
)
# A longer run is several words, as Chinese and Thai write them, and is not grown into.
_LONGEST = {True: 6, False: 24}  # ideographs; others


def words(text: str, span: Span, marks: Sequence[Span]) -> tuple[Span, ...]:
    """Marks as whole words within a span, in reading order; touching ones are one.

    Words of hiragana alone are grammar and are left out, and so are signs.

    Args:
        text: The source.
        span: Where marks may be, in code points of it.
        marks: Pieces of words, in any order.
    """
    return merge_spans(_words(text, span, marks))


def _words(text: str, span: Span, marks: Sequence[Span]) -> Iterator[Span]:
    for run in _RUN.finditer(text, span.start, span.end):
        if run["grammar"]:
            continue
        longest = _LONGEST[bool(re.match(f"[{_HAN}]", run[0]))]
        for mark in marks:
            start, end = max(mark.start, run.start()), min(mark.end, run.end())
            if start < end:
                whole = len(run[0]) <= longest
                yield Span(run.start(), run.end()) if whole else Span(start, end)
