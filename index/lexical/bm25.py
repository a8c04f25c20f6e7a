"""BM25 over postings, scaled to 0..1 so that it can be added to other scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from index.lexical.postings import Indices, Postings, term_key
from index.lexical.terms import search_terms
from index.models.encoder import Floats

# The usual constants, for which Robertson & Zaragoza 2009 give the reasons.
_K1, _B = 1.2, 0.75
# So many postings are read for a question, those of the rarest terms first. In a larger library,
# the other terms of a question count only where a rare one stands too.
_READ = 200_000


_NOWHERE = np.zeros(0, np.int64)
Mask = npt.NDArray[np.bool_]
Doubles = npt.NDArray[np.float64]


class WordMatches(Protocol):
    """How well the words of a question match.

    The score of a passage or sentence is its BM25 as a share of the highest BM25 that is possible
    for the question: the sum of idf * (k1 + 1) over its terms. A term that stands nowhere has the
    highest idf. So a question that shares only one common word with a sentence scores near 0.
    """

    @property
    def highest(self) -> float:
        """The score of the best passage, 0..1."""

    def best_passages(self, count: int, among: Mask | None = None) -> Indices:
        """Return the passages that match best and share a word with the question, best first.

        Args:
            count: How many at most.
            among: bool (passages,), those that may be found; all if omitted.

        Returns:
            i64 (n,), their rows.
        """

    def of_passages(self, rows: Indices) -> Floats:
        """Return the scores of some passages, f32 (n,), 0..1."""

    def of_sentences(self, rows: Indices) -> Floats:
        """Return the scores of some sentences, f32 (n,), 0..1."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where one term stands, of some passages or sentences.

    Attributes:
        units: i64 (n,), the numbers of the passages or sentences, ascending.
        counts: i64 (n,), how often the term stands in each.
        frequency: In how many of the whole library it stands.
    """

    units: Indices
    counts: Indices
    frequency: int

    def among(self, units: Indices) -> Occurrences:
        """Return those in some units, which are called 0, 1, 2, ... then.

        Args:
            units: i64 (m,), the numbers of passages or sentences.
        """
        places = np.searchsorted(self.units, units)
        found = places < len(self.units)
        found[found] = self.units[places[found]] == units[found]
        return Occurrences(np.flatnonzero(found), self.counts[places[found]], self.frequency)


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many search terms some passages or sentences have.

    Attributes:
        terms: f32 (units,).
        mean: Their mean over the whole library.
        total: How many units the whole library has.
    """

    terms: Floats
    mean: float
    total: int

    @classmethod
    def of(cls, terms: npt.ArrayLike) -> Lengths:
        """Return the lengths of all units of a library."""
        values = np.asarray(terms, np.float32)
        mean = max(1e-12, float(values.mean())) if len(values) else 1.0
        return cls(values, mean, len(values))

    def some(self, units: Indices) -> Lengths:
        """Return the lengths of some units, i64 (n,)."""
        return Lengths(self.terms[units], self.mean, self.total)


@dataclass(frozen=True, slots=True)
class WordScores:
    """The scores of all passages, and what those of sentences are made of; see `WordMatches`.

    There are several times as many sentences, and few of their scores are asked for.

    Attributes:
        passages: f32 (passages,), 0..1.
        in_sentences: In which sentences each term of the question stands.
        repeats: How often the question has each term.
        lengths: How many search terms each sentence has.
    """

    passages: Floats
    in_sentences: Sequence[Occurrences]
    repeats: Sequence[int]
    lengths: Lengths

    @property
    def highest(self) -> float:
        """See `WordMatches.highest`."""
        return float(self.passages.max())

    def best_passages(self, count: int, among: Mask | None = None) -> Indices:
        """See `WordMatches.best_passages`."""
        scores = self.passages
        matching = np.flatnonzero(scores if among is None else scores * among)
        if len(matching) > count:
            # Only those that may be among the first are sorted, with all that are as good.
            least = -np.partition(-scores[matching], count - 1)[count - 1]
            matching = matching[scores[matching] >= least]
        order = np.argsort(-scores[matching], kind="stable")
        return matching[order[:count]]

    def of_passages(self, rows: Indices) -> Floats:
        """See `WordMatches.of_passages`."""
        return self.passages[rows]

    def of_sentences(self, rows: Indices) -> Floats:
        """See `WordMatches.of_sentences`."""
        some = [own.among(rows) for own in self.in_sentences]
        return proportional(some, self.repeats, self.lengths.some(rows))


@dataclass(frozen=True, slots=True)
class Words:
    """The search terms of all sentences of several segments.

    Attributes:
        postings: The postings of each segment.
        numbers: For each segment, i64 (its sentences,), the number of each sentence among those of
            all segments; -1 for a sentence that belongs to no statement any more.
        passage_of: i64 (sentences,), the passage of each sentence, ascending.
        sentence_lengths: The number of search terms of each sentence.
        passage_lengths: The same for the passages.
    """

    postings: Sequence[Postings]
    numbers: Sequence[Indices]
    passage_of: Indices
    sentence_lengths: Lengths
    passage_lengths: Lengths

    @classmethod
    def of(
        cls,
        postings: Sequence[Postings],
        numbers: Sequence[Indices],
        passage_of: Indices,
        lengths: npt.ArrayLike,
    ) -> Words:
        """Join the postings of several segments.

        Args:
            postings: See `Words`.
            numbers: See `Words`.
            passage_of: See `Words`.
            lengths: The number of search terms of each sentence.
        """
        of_passages = np.bincount(passage_of, np.asarray(lengths, np.float64))
        return cls(postings, numbers, passage_of, Lengths.of(lengths), Lengths.of(of_passages))

    def scores(self, question: str) -> WordScores:
        """Return how well each passage and each sentence matches the words of a question."""
        terms = Counter(search_terms(question))
        of_sentences = self._occurrences(list(terms))
        of_passages = [self._in_passages(own) for own in of_sentences]
        repeats = list(terms.values())
        return WordScores(
            proportional(of_passages, repeats, self.passage_lengths),
            of_sentences,
            repeats,
            self.sentence_lengths,
        )

    def _occurrences(self, terms: Sequence[str]) -> list[Occurrences]:
        """Return the sentences that hold each of some terms, those of the rarest terms first.

        Beyond the budget, a term counts only in passages that hold a rarer one.
        """
        slices = [[part.of_term(term_key(term)) for part in self.postings] for term in terms]
        sizes = [sum(own.stop - own.start for own in parts) for parts in slices]
        found: dict[int, Occurrences] = {}
        read, within = 0, None
        for number in np.argsort(sizes, kind="stable").tolist():
            if read and read + sizes[number] > _READ and within is None:
                within = self._passages_with(found.values())
            read += sizes[number]
            found[number] = self._read(slices[number], within)
        return [found[number] for number in range(len(terms))]

    def _passages_with(self, found: Iterable[Occurrences]) -> Mask:
        """Return which passages hold a term, bool (passages,)."""
        passages = np.zeros(len(self.passage_lengths.terms), bool)
        for own in found:
            passages[self.passage_of[own.units]] = True
        return passages

    def _read(self, slices: Sequence[slice], within: Mask | None) -> Occurrences:
        units, counts = [_NOWHERE], [_NOWHERE]
        for postings, numbers, own in zip(self.postings, self.numbers, slices, strict=True):
            if own.start < own.stop:
                # A damaged file may name sentences that there are not; that must not end a search.
                units.append(numbers.take(postings.sentences[own], mode="clip"))
                counts.append(postings.counts[own].astype(np.int64))
        sentences, occurrences = np.concatenate(units), np.concatenate(counts)
        kept = sentences >= 0
        frequency = int(kept.sum())
        if within is not None:
            kept &= within[self.passage_of[sentences]]
        elif frequency == len(kept):
            return Occurrences(sentences, occurrences, frequency)
        return Occurrences(sentences[kept], occurrences[kept], frequency)

    def _in_passages(self, own: Occurrences) -> Occurrences:
        """Put the occurrences in the sentences of a passage together."""
        if not len(own.units):
            return own
        passages = self.passage_of[own.units]
        first = np.flatnonzero(np.diff(passages, prepend=-1))
        unread = own.frequency - len(own.units)
        counts = np.add.reduceat(own.counts, first)
        return Occurrences(passages[first], counts, len(first) + unread)


def proportional(
    occurrences: Sequence[Occurrences], repeats: Sequence[int], lengths: Lengths
) -> Floats:
    """Return the BM25 of some passages or sentences as a share of the highest, f32 (units,), 0..1.

    Args:
        occurrences: Where each term of the question stands.
        repeats: How often the question has each term.
        lengths: How many terms each of the units has.
    """
    highest = 0.0
    scores = np.zeros(len(lengths.terms))
    for own, repeat in zip(occurrences, repeats, strict=True):
        idf = repeat * idf_of(min(own.frequency, lengths.total), lengths.total)
        highest += idf * (_K1 + 1)
        scores[own.units] += idf * saturation(own.counts, lengths.terms[own.units], lengths.mean)
    return np.asarray(scores / max(highest, 1e-12), np.float32)


def saturation(counts: npt.NDArray[Any], terms: npt.NDArray[Any], mean: float) -> Doubles:
    """Return how much some occurrences count before their idf, f64 (n,), at most k1 + 1.

    Args:
        counts: (n,), how often a term stands in each unit.
        terms: (n,), how many terms each unit has.
        mean: The mean of that over the whole library.
    """
    shortness = _K1 * (1 - _B + _B * terms / mean)
    return np.asarray(counts * (_K1 + 1) / (counts + shortness), np.float64)


def idf_of(frequency: int, total: int) -> float:
    """Return the idf of Robertson, never below 1e-6."""
    return max(float(np.log((total - frequency + 0.5) / (frequency + 0.5))), 1e-6)
