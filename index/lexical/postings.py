"""Postings: which sentences hold which search terms, as arrays.

A term is known by a number of 64 bits that is made from its letters, since different terms
practically never have the same one (one chance in a million for ten million terms).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from index.ranges import Indices

_REMEMBERED = 2**16  # terms; the same ones come again and again
_MOST = 255  # occurrences in one sentence that are counted


@lru_cache(_REMEMBERED)
def term_key(term: str) -> int:
    """Return the number by which a term is known, below 2^64."""
    return key_of(term)


def key_of(text: str) -> int:
    """Return a number of 64 bits that is made from a text."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


@dataclass(frozen=True, slots=True)
class Postings:
    """The terms of the sentences of one segment.

    Attributes:
        terms: u64 (terms,), the key of each term, ascending.
        starts: i64 (terms + 1,), the first posting of each term, and the number of all postings.
        sentences: u32 (postings,), the sentence of each posting, ascending for each term.
        counts: u8 (postings,), how often the term stands in the sentence; 255 if more often.
    """

    terms: npt.NDArray[np.uint64]
    starts: Indices
    sentences: npt.NDArray[np.uint32]
    counts: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, sentences: Sequence[Sequence[str]]) -> Postings:
        """Return the postings of sentences that are given as their terms in order."""
        keys: list[int] = []
        numbers: list[int] = []
        counts: list[int] = []
        for number, terms in enumerate(sentences):
            counted = Counter(terms)
            keys += map(term_key, counted)
            numbers += [number] * len(counted)
            counts += [min(count, _MOST) for count in counted.values()]
        return cls._sorted(np.array(keys, np.uint64), np.array(numbers), np.array(counts))

    @classmethod
    def _sorted(
        cls, keys: npt.NDArray[np.uint64], numbers: npt.NDArray[Any], counts: npt.NDArray[Any]
    ) -> Postings:
        order = np.lexsort((numbers, keys))
        terms, starts = np.unique(keys[order], return_index=True)
        return cls(
            terms,
            np.append(starts, len(keys)).astype(np.int64),
            numbers[order].astype(np.uint32),
            counts[order].astype(np.uint8),
        )

    def of_term(self, key: int) -> slice:
        """Return which postings are those of a term; an empty slice if there are none."""
        place = int(np.searchsorted(self.terms, np.uint64(key)))
        if place == len(self.terms) or int(self.terms[place]) != key:
            return slice(0, 0)
        return slice(int(self.starts[place]), int(self.starts[place + 1]))


def merge_postings(parts: Sequence[tuple[Postings, Indices]]) -> Postings:
    """Put the postings of several segments together.

    Args:
        parts: The postings of each segment, and i64 (sentences,), the new number of each of its
            sentences; -1 for a sentence that is left out. The new numbers ascend over all segments.
    """
    terms = np.unique(np.concatenate([postings.terms for postings, _ in parts]))
    kept = [_kept(postings, numbers) for postings, numbers in parts]
    places = [np.searchsorted(terms, postings.terms) for postings, _ in parts]
    lengths = np.zeros(len(terms), np.int64)
    for place, (counts, _) in zip(places, kept, strict=True):
        lengths[place] += counts
    starts = np.concatenate([[0], np.cumsum(lengths)])
    sentences, occurrences = np.empty(starts[-1], np.uint32), np.empty(starts[-1], np.uint8)
    free = starts[:-1].copy()  # where the next posting of each term goes
    for (postings, numbers), place, (counts, mask) in zip(parts, places, kept, strict=True):
        begins = np.cumsum(counts) - counts
        targets = np.repeat(free[place] - begins, counts) + np.arange(counts.sum())
        sentences[targets] = numbers[postings.sentences[mask]]
        occurrences[targets] = postings.counts[mask]
        free[place] += counts
    used = lengths > 0
    return Postings(terms[used], np.append(starts[:-1][used], starts[-1]), sentences, occurrences)


def _kept(postings: Postings, numbers: Indices) -> tuple[Indices, npt.NDArray[np.bool_]]:
    """Return how many postings of each term are kept, and which of all postings."""
    mask = numbers[postings.sentences] >= 0
    totals = np.concatenate([[0], np.cumsum(mask)])
    return np.diff(totals[postings.starts]), mask
