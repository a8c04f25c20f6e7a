"""Which sentences of a source are the most like words that do not stand in it.

To compare two texts takes time by the product of their lengths, so not every run of sentences is
compared. All are rated first, by the pairs and fours of neighbouring characters that they share
with the words, which takes time by the length of the source; the best are worth a comparison.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from corpus.records import Span, Statement

COMPARED = 4000  # characters of the source that a quote is compared with, but one run at the least
_RATED = 2_000_000  # runs; of a source with more, the long ones are left out
_BITS = 20  # of the number of a pair or four; different ones seldom have the same
_SIZES = 2, 4  # of the groups of characters
_FACTOR = np.uint32(2654435761)  # spreads numbers evenly (Knuth, multiplicative hashing)
_Integers = npt.NDArray[np.int64]


def best_rated(statement: Statement, quotes: Sequence[str]) -> list[Span]:
    """The runs of whole sentences of one passage that share most with a quote, best first.

    A run of several sentences is no longer than twice the quote. Together they have no more than
    `COMPARED` characters, unless there is only one.

    Args:
        statement: The source.
        quotes: The quote, and the same in other forms.
    """
    length = len(quotes[0])
    starts, ends, passages = _sentences(statement)
    shared = [_shared(statement.source.text, quotes, size) for size in _SIZES]
    found: list[tuple[float, int, int]] = []
    first, more, rated = np.arange(len(starts)), 0, 0
    while first.size and rated < _RATED:
        begin, end = starts[first], ends[first + more]
        counts = sum(np.minimum(before[end] - before[begin], length) for before in shared)
        rates = counts / (end - begin + length)
        best = np.argsort(-rates, kind="stable")[:COMPARED]
        found += zip(rates[best].tolist(), begin[best].tolist(), end[best].tolist(), strict=True)
        rated, more = rated + first.size, more + 1
        first = first[first + more < len(starts)]
        together = passages[first] == passages[first + more]
        first = first[together & (ends[first + more] - starts[first] <= 2 * length)]
    return _within(Span(start, end) for _, start, end in sorted(found, key=lambda one: -one[0]))


def _within(runs: Iterable[Span]) -> list[Span]:
    """The first runs, as many as may be compared."""
    kept: list[Span] = []
    room = COMPARED
    for run in runs:
        room -= run.end - run.start
        if kept and room < 0:
            break
        kept.append(run)
    return kept


def _sentences(statement: Statement) -> tuple[_Integers, _Integers, _Integers]:
    """Of each sentence the start, the end and the number of its passage."""
    counts = [len(passage.sentences) for passage in statement.passages]
    spans = [one for passage in statement.passages for one in passage.sentences]
    starts = np.fromiter((one.start for one in spans), np.int64, len(spans))
    ends = np.fromiter((one.end for one in spans), np.int64, len(spans))
    return starts, ends, np.repeat(np.arange(len(counts)), counts)


def _shared(text: str, quotes: Sequence[str], size: int) -> _Integers:
    """For each place of a text, how many groups of characters end there or before it.

    Only those count that a quote has too.
    """
    known = np.zeros(1 << _BITS, bool)
    for quote in quotes:
        known[_groups(quote, size)] = True
    counts = np.cumsum(known[_groups(text, size)], dtype=np.int64)
    return np.concatenate([np.zeros(min(size, len(text) + 1), np.int64), counts])


@lru_cache(maxsize=2 * len(_SIZES))
def _groups(text: str, size: int) -> npt.NDArray[np.uint32]:
    """A number for each group of neighbouring characters; kept for a few texts, 4 bytes each."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))
    count = max(0, len(codes) - size + 1)
    numbers = np.zeros(count, np.uint32)
    for place in range(size):
        numbers = (numbers + codes[place : place + count]) * _FACTOR
    numbers >>= 32 - _BITS
    return numbers
