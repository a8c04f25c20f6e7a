"""Pairs of brackets in a text."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.records import Span

_CLOSING_OF = dict(zip("「『（(【〔《〈［[“", "」』）)】〕》〉］]”", strict=True))
_BRACKET = re.compile(f"[{re.escape(''.join(_CLOSING_OF) + ''.join(_CLOSING_OF.values()))}]")
_BLANK_LINE = re.compile(r"(?:\r\n|\r|\n)\s*?(?:\r\n|\r|\n)")
_REACH = 2000  # code points on each side in which the other bracket is looked for
_STEP = 500  # code points; see `in_brackets`


def matching_brackets(text: str, span: Span) -> dict[int, int]:
    """Map the offset of each opening bracket in a span to the offset of its closing bracket.

    Brackets without a partner are left out.
    """
    pairs: dict[int, int] = {}
    stack: list[int] = []
    awaited = dict.fromkeys(_CLOSING_OF.values(), 0)  # closing brackets that the stack waits for
    for match in _BRACKET.finditer(text, span.start, span.end):
        position, char = match.start(), match[0]
        if char in _CLOSING_OF:
            stack.append(position)
            awaited[_CLOSING_OF[char]] += 1
        elif awaited[char]:
            # Brackets that were opened within the pair and not closed are dropped.
            while _CLOSING_OF[text[opener := stack.pop()]] != char:
                awaited[_CLOSING_OF[text[opener]]] -= 1
            awaited[char] -= 1
            pairs[opener] = position
    return pairs


def in_brackets(text: str, start: int, position: int) -> bool:
    """Return whether a position is between a bracket and its closing bracket.

    Args:
        text: The source text.
        start: Offset from which on opening brackets count.
        position: An offset after `start`.
    """
    # Both ends are rounded, so that the cached pairs serve for many lines.
    start = max(start, (position - _REACH) // _STEP * _STEP)
    before = text[start:position]
    if all(before.count(opening) <= before.count(_CLOSING_OF[opening]) for opening in _CLOSING_OF):
        return False
    reach = (position + _REACH) // _STEP * _STEP
    paragraph_end = _BLANK_LINE.search(text, position, reach)
    limit = min(paragraph_end.start() if paragraph_end else len(text), reach)
    pairs = _cached_pairs(text, start, limit) if start < limit else {}
    return any(opening < position < closing for opening, closing in pairs.items())


@lru_cache(maxsize=2)
def _cached_pairs(text: str, start: int, limit: int) -> dict[int, int]:
    return matching_brackets(text, Span(start, limit))
