"""Finds the sentences of a source that are most similar to a quote that is not in it.

To compare two texts takes time in proportion to the product of their lengths, so not every run of
sentences can be compared. All runs are rated first, by the groups of two and of four neighbouring
characters that they share with the quote. This takes time in proportion to the length of the
source. Only the runs with the best rates are worth a comparison.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from corpus.records import Span, Statement

MAX_COMPARED = 4000  # characters of the source that a quote is compared with
_MAX_RATED = 2_000_000  # runs; the longer runs of a larger source are left out
_HASH_BITS = 20  # of a group of characters; different groups seldom have the same hash
_GROUP_SIZES = 2, 4  # characters
_FACTOR = np.uint32(2654435761)  # multiplicative hashing (Knuth, The Art of Computer Programming 3)
_Integers = npt.NDArray[np.int64]


def most_similar_runs(statement: Statement, quotes: Sequence[str]) -> list[Span]:
    """Return the runs of whole sentences that share most with a quote, best first.

    A run lies in one passage. A run of several sentences is at most twice as long as the quote.
    All runs together have at most `MAX_COMPARED` characters, unless there is only one.

    Args:
        statement: The source.
        quotes: The quote, and the same quote in other forms.
    """
    length = len(quotes[0])
    starts, ends, passages = _sentences(statement)
    shared = [_shared_groups(statement.source.text, quotes, size) for size in _GROUP_SIZES]
    candidates: list[tuple[float, int, int]] = []
    # First all runs of one sentence are rated, then all runs of two sentences, and so on.
    first, more, rated = np.arange(len(starts)), 0, 0
    while first.size and rated < _MAX_RATED:
        begin, end = starts[first], ends[first + more]
        counts = sum(np.minimum(total[end] - total[begin], length) for total in shared)
        rates = counts / (end - begin + length)
        best = np.argsort(-rates, kind="stable")[:MAX_COMPARED]
        rows = zip(rates[best].tolist(), begin[best].tolist(), end[best].tolist(), strict=True)
        candidates += rows
        rated, more = rated + first.size, more + 1
        first = first[first + more < len(starts)]
        in_one_passage = passages[first] == passages[first + more]
        is_short = ends[first + more] - starts[first] <= 2 * length
        first = first[in_one_passage & is_short]
    by_rate = sorted(candidates, key=lambda candidate: -candidate[0])
    return _that_fit(Span(start, end) for _, start, end in by_rate)


def _that_fit(runs: Iterable[Span]) -> list[Span]:
    """Return the first runs that have at most `MAX_COMPARED` characters together."""
    fitting: list[Span] = []
    room = MAX_COMPARED
    for run in runs:
        room -= run.end - run.start
        if fitting and room < 0:
            break
        fitting.append(run)
    return fitting


def _sentences(statement: Statement) -> tuple[_Integers, _Integers, _Integers]:
    """Return the start, the end and the number of the passage of each sentence."""
    counts = [len(passage.sentences) for passage in statement.passages]
    spans = [sentence for passage in statement.passages for sentence in passage.sentences]
    starts = np.fromiter((span.start for span in spans), np.int64, len(spans))
    ends = np.fromiter((span.end for span in spans), np.int64, len(spans))
    return starts, ends, np.repeat(np.arange(len(counts)), counts)


def _shared_groups(text: str, quotes: Sequence[str], size: int) -> _Integers:
    """Return how many groups of characters that quotes have too end at or before each place.

    Returns:
        One number for each offset of the text, and one for its end.
    """
    in_quotes = np.zeros(1 << _HASH_BITS, bool)
    for quote in quotes:
        in_quotes[_groups(quote, size)] = True
    counts = np.cumsum(in_quotes[_groups(text, size)], dtype=np.int64)
    return np.concatenate([np.zeros(min(size, len(text) + 1), np.int64), counts])


@lru_cache(maxsize=2 * len(_GROUP_SIZES))
def _groups(text: str, size: int) -> npt.NDArray[np.uint32]:
    """Return a hash for each group of neighbouring characters.

    The hashes of a few texts are kept, with 4 bytes for each character.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))
    count = max(0, len(codes) - size + 1)
    hashes = np.zeros(count, np.uint32)
    for place in range(size):
        hashes = (hashes + codes[place : place + count]) * _FACTOR
    hashes >>= 32 - _HASH_BITS
    return hashes
