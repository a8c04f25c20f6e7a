"""BM25 over postings, scaled to 0..1 so that it can be added to other scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from index.lexical.postings import Postings, term_key
from index.lexical.terms import search_terms
from index.models.encoder import Floats
from index.ranges import Indices, joined_ranges

# The usual constants, for which Robertson & Zaragoza 2009 give the reasons.
_K1, _B = 1.2, 0.75
# So many postings are read for a question, those of the rarest terms first. In a larger library,
# the other terms of a question propose no passages.
_READ = 200_000


_LOOKED_AT = 100  # passages, to find the best one
_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")
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
        """Return the scores of some passages, whose rows ascend, f32 (n,), 0..1."""

    def of_sentences(self, rows: Indices) -> Floats:
        """Return the scores of some sentences, whose rows ascend, f32 (n,), 0..1."""


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
        """Return those in some units. A unit is known by its place in `units` then.

        Args:
            units: i64 (m,), the numbers of passages or sentences.
        """
        found, places = _common(self.units, units)
        return Occurrences(found, self.counts[places], self.frequency)


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
class Words:
    """The search terms of all sentences of several segments.

    Attributes:
        postings: The postings of each segment.
        numbers: For each segment, i64 (its sentences,), the number of each sentence among those of
            all segments; -1 for a sentence that belongs to no statement any more.
        kept: For each segment, i64 (n,), its sentences that belong to a statement, ascending.
        first_kept: For each segment, the number of the first of these.
        passage_of: i64 (sentences,), the passage of each sentence, ascending.
        sentence_lengths: The number of search terms of each sentence.
        passage_lengths: The same for the passages.
    """

    postings: Sequence[Postings]
    numbers: Sequence[Indices]
    kept: Sequence[Indices]
    first_kept: Sequence[int]
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
        kept = [np.flatnonzero(own >= 0) for own in numbers]
        first_kept = np.cumsum([0, *map(len, kept)])[:-1].tolist()
        both = Lengths.of(lengths), Lengths.of(of_passages)
        return cls(postings, numbers, kept, first_kept, passage_of, *both)

    def scores(self, question: str) -> WordScores:
        """Return how well each passage and each sentence matches the words of a question."""
        terms = Counter(search_terms(question))
        slices = [[part.of_term(term_key(term)) for part in self.postings] for term in terms]
        sizes = [sum(own.stop - own.start for own in parts) for parts in slices]
        found: dict[int, Occurrences] = {}
        read = 0
        for number in np.argsort(sizes, kind="stable").tolist():
            read += sizes[number]
            if found and read > _READ:
                break
            found[number] = self._read(slices[number])
        repeats = list(terms.values())
        of_passages = [
            self._in_passages(found[number])
            if number in found
            else Occurrences(_NOWHERE, _NOWHERE, sizes[number])
            for number in range(len(terms))
        ]
        scores = proportional(of_passages, repeats, self.passage_lengths)
        found_terms = [
            _Term(parts, found.get(number), own.frequency)
            for number, (parts, own) in enumerate(zip(slices, of_passages, strict=True))
        ]
        return WordScores(self, scores, found_terms, repeats)

    def sentences_of(self, passages: Indices) -> tuple[Indices, Indices]:
        """Return the sentences of some passages, and the place of the passage of each."""
        begins, ends = (np.searchsorted(self.passage_of, passages, side) for side in _SIDES)
        return joined_ranges(begins, ends)

    def find(self, slices: Sequence[slice], sentences: Indices) -> Occurrences:
        """Return where a term stands in some sentences, by their places in `sentences`.

        Args:
            slices: The postings of the term in each segment.
            sentences: i64 (n,), ascending.
        """
        places, counts, size = [_NOWHERE], [_NOWHERE], 0
        for postings, kept, first, own in zip(
            self.postings, self.kept, self.first_kept, slices, strict=True
        ):
            size += own.stop - own.start
            begin, end = np.searchsorted(sentences, [first, first + len(kept)])
            if begin < end and own.start < own.stop:
                here = kept[sentences[begin:end] - first].astype(np.uint32)
                found, there = _common(postings.sentences[own], here)
                places.append(found + begin)
                counts.append(postings.counts[own][there].astype(np.int64))
        return Occurrences(np.concatenate(places), np.concatenate(counts), size)

    def _read(self, slices: Sequence[slice]) -> Occurrences:
        """Return all sentences in which a term stands."""
        units, counts = [_NOWHERE], [_NOWHERE]
        for postings, numbers, own in zip(self.postings, self.numbers, slices, strict=True):
            if own.start < own.stop:
                # A damaged file may name sentences that there are not; that must not end a search.
                units.append(numbers.take(postings.sentences[own], mode="clip"))
                counts.append(postings.counts[own].astype(np.int64))
        sentences, occurrences = np.concatenate(units), np.concatenate(counts)
        kept = sentences >= 0
        return Occurrences(sentences[kept], occurrences[kept], int(kept.sum()))

    def _in_passages(self, own: Occurrences) -> Occurrences:
        """Put the occurrences in the sentences of a passage together."""
        summed = _summed(own, self.passage_of, 0)
        return replace(summed, frequency=len(summed.units))


@dataclass(frozen=True, slots=True)
class _Term:
    """A term of a question.

    Attributes:
        slices: Its postings in each segment.
        read: Where it stands; None if it is so frequent that its postings were not all read.
        in_passages: In how many passages it stands. Of a term that was not read, in how many
            sentences.
    """

    slices: Sequence[slice]
    read: Occurrences | None
    in_passages: int


@dataclass(frozen=True, slots=True)
class WordScores:
    """The scores of all passages, and what those of sentences are made of; see `WordMatches`.

    In a large library, only passages that hold a rare term of the question are proposed. For those
    whose scores are asked for, all terms count.

    Attributes:
        words: The search terms of all sentences.
        passages: f32 (passages,), 0..1, the scores by the terms that were read.
        terms: The terms of the question.
        repeats: How often the question has each of them.
    """

    words: Words
    passages: Floats
    terms: Sequence[_Term]
    repeats: Sequence[int]

    @property
    def highest(self) -> float:
        """See `WordMatches.highest`."""
        best = self.best_passages(_LOOKED_AT)
        return float(self.of_passages(np.sort(best)).max(initial=0))

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
        if all(term.read for term in self.terms):
            return self.passages[rows]
        sentences, owners = self.words.sentences_of(rows)
        found = [
            _summed(self._among(term, sentences), owners, term.in_passages) for term in self.terms
        ]
        return proportional(found, self.repeats, self.words.passage_lengths.some(rows))

    def of_sentences(self, rows: Indices) -> Floats:
        """See `WordMatches.of_sentences`."""
        found = [self._among(term, rows) for term in self.terms]
        return proportional(found, self.repeats, self.words.sentence_lengths.some(rows))

    def _among(self, term: _Term, sentences: Indices) -> Occurrences:
        if term.read:
            return term.read.among(sentences)
        return self.words.find(term.slices, sentences)


def _common(numbers: npt.NDArray[Any], wanted: npt.NDArray[Any]) -> tuple[Indices, Indices]:
    """Return the places of those of the wanted numbers that are there, and where they are.

    Args:
        numbers: (n,), ascending.
        wanted: (m,), of the same type, so that nothing is copied.
    """
    places = np.searchsorted(numbers, wanted)
    found = places < len(numbers)
    found[found] = numbers[places[found]] == wanted[found]
    return np.flatnonzero(found), places[found]


def _summed(own: Occurrences, owners: Indices, frequency: int) -> Occurrences:
    """Put the occurrences in the sentences of each passage together.

    Args:
        own: The occurrences in some sentences.
        owners: i64 (sentences,), the passage of each of these, ascending.
        frequency: In how many passages of the whole library the term stands.
    """
    if not len(own.units):
        return Occurrences(own.units, own.counts, frequency)
    passages = owners[own.units]
    first = np.flatnonzero(np.diff(passages, prepend=-1))
    return Occurrences(passages[first], np.add.reduceat(own.counts, first), frequency)


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
