"""BM25 over the passages on a server.

The server proposes passages by sparse vectors, in which each term has its weight in a passage.
These weights depend on the mean length of the passages at the time when it was added, so they are
only nearly those of today. The passages that it proposes are scored exactly here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from index.lexical.bm25 import Lengths, Mask, Occurrences, WordMatches, idf_of, proportional
from index.lexical.bm25 import saturation as saturation_of
from index.lexical.postings import Postings, term_key
from index.lexical.terms import search_terms
from index.models.encoder import Floats
from index.ranges import Indices, joined_ranges
from index.store.milvus.client import Client, Hit
from index.store.milvus.passages import Passages, Place
from index.store.milvus.vectors import Rows, found_rows

_MORE = 2  # times as many passages are proposed as are wanted, since their order is not exact
_PLACES = 2**32 - 1  # of a sparse vector
NO_TERM = {0: 1e-6}  # A sparse vector must have one number at least.


def sparse_vector(words: Postings, length: int, mean: float) -> dict[int, float]:
    """Return the sparse vector of a passage.

    Args:
        words: Its search terms.
        length: How many it has, with repetitions.
        mean: The mean of that over the library.
    """
    totals = np.add.reduceat(words.counts.astype(np.int64), words.starts[:-1])
    weights = saturation_of(totals, np.full(len(totals), length, np.float32), mean)
    places = words.terms % np.uint64(_PLACES)
    return dict(zip(places.tolist(), weights.tolist(), strict=True)) or NO_TERM


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many passages and sentences of the library each term stands.

    Attributes:
        terms: u64 (terms,), the keys of the terms, ascending.
        passages: i64 (terms,).
        sentences: i64 (terms,).
    """

    terms: Indices
    passages: Indices
    sentences: Indices

    def of(self, key: int) -> tuple[int, int]:
        """Return those of one term: of passages, and of sentences."""
        place = int(np.searchsorted(self.terms, np.uint64(key)))
        if place == len(self.terms) or int(self.terms[place]) != key:
            return 0, 0
        return int(self.passages[place]), int(self.sentences[place])


@dataclass(frozen=True, slots=True)
class RemoteWords:
    """The search terms of all sentences, as `WordSearch`.

    Attributes:
        client: The server.
        collection: The collection of passages.
        rows: The statements.
        passages: Reads passages.
        places: The place of each passage.
        first_sentences: i64 (passages + 1,), the number of the first sentence of each passage.
        frequencies: How frequent each term is.
        passage_lengths: How many search terms each passage has.
        sentence_lengths: The same for sentences.
        sparse: Whether the server has sparse vectors. Else it proposes no passages by their words;
            those that are proposed by vectors are scored like all others.
    """

    client: Client
    collection: str
    rows: Rows
    passages: Passages
    places: Sequence[Place]
    first_sentences: Indices
    frequencies: Frequencies
    passage_lengths: Lengths
    sentence_lengths: Lengths
    sparse: bool

    def scores(self, question: str) -> WordMatches:
        """See `WordSearch.scores`."""
        terms = Counter(search_terms(question))
        return _Matches(self, {term_key(term): count for term, count in terms.items()})


@dataclass(slots=True)
class _Matches:
    """How well a question matches; see `WordMatches`. Scores are computed when they are needed.

    Attributes:
        words: The library.
        terms: How often the question has each term, by its key.
        scored: The scores of passages that are known, by the number of the passage: its own, and
            those of its sentences.
    """

    words: RemoteWords
    terms: Mapping[int, int]
    scored: dict[int, tuple[np.float32, Floats]] = field(default_factory=dict)

    @property
    def highest(self) -> float:
        """See `WordMatches.highest`."""
        best = self.best_passages(1)
        return float(self.of_passages(best)[0]) if len(best) else 0.0

    def best_passages(self, count: int, among: Mask | None = None) -> Indices:
        """See `WordMatches.best_passages`. `among` has all passages of a statement, or none."""
        if not self.words.sparse:
            known = (row for row in sorted(self.scored) if among is None or among[row])
            return self._best(np.array(list(known), np.int64), count)
        condition, vector = self.words.rows.condition(among), self._vector()
        if not vector:
            return np.zeros(0, np.int64)

        def find(limit: int) -> Sequence[Hit]:
            words = self.words
            return words.client.nearest(words.collection, "words", vector, limit, condition)

        def number_of(key: str) -> int:
            passage = self.words.rows.number(key)
            return passage if among is None or passage < 0 or among[passage] else -1

        found = found_rows(find, number_of, _MORE * max(count, 100))
        return self._best(np.sort(np.array([number for number, _ in found], np.int64)), count)

    def _best(self, rows: Indices, count: int) -> Indices:
        """Return the passages with the highest scores, best first, and none with the score 0."""
        scores = self.of_passages(rows)
        rows, scores = rows[scores > 0], scores[scores > 0]
        return rows[np.argsort(-scores, kind="stable")[:count]]

    def of_passages(self, rows: Indices) -> Floats:
        """See `WordMatches.of_passages`."""
        self._score(rows)
        return np.array([self.scored[row][0] for row in rows.tolist()], np.float32)

    def of_sentences(self, rows: Indices) -> Floats:
        """See `WordMatches.of_sentences`."""
        first = self.words.first_sentences
        owners = np.searchsorted(first, rows, "right") - 1
        self._score(np.unique(owners))
        within = (rows - first[owners]).tolist()
        pairs = zip(owners.tolist(), within, strict=True)
        return np.array([self.scored[owner][1][place] for owner, place in pairs], np.float32)

    def _vector(self) -> dict[int, float]:
        """Return the question as a sparse vector."""
        total = self.words.passage_lengths.total
        vector: dict[int, float] = {}
        for key, repeat in self.terms.items():
            frequency, _ = self.words.frequencies.of(key)
            if frequency:
                place = key % _PLACES
                vector[place] = vector.get(place, 0.0) + repeat * idf_of(frequency, total)
        return vector

    def _score(self, rows: Indices) -> None:
        """Score passages with their sentences, those that are not yet."""
        missing = [row for row in rows.tolist() if row not in self.scored]
        if not missing:
            return
        words = self.words
        read = words.passages.get([words.places[row] for row in missing])
        first, chosen = words.first_sentences, np.array(missing)
        counts = first[chosen + 1] - first[chosen]
        begins = np.cumsum(counts) - counts
        sentences, passage_of = joined_ranges(first[chosen], first[chosen + 1])
        found = _found(self.terms, [passage.words for passage in read], begins)
        of_sentences: list[Occurrences] = []
        of_passages: list[Occurrences] = []
        for key, (units, occurrences) in found.items():
            in_passages, in_sentences = words.frequencies.of(key)
            of_sentences.append(Occurrences(units, occurrences, in_sentences))
            passages, inverse = np.unique(passage_of[units], return_inverse=True)
            sums = np.bincount(inverse, occurrences, len(passages)).astype(np.int64)
            of_passages.append(Occurrences(passages, sums, in_passages))
        repeats = list(self.terms.values())
        lengths = words.passage_lengths.some(chosen)
        own = proportional(of_passages, repeats, lengths)
        each = proportional(of_sentences, repeats, words.sentence_lengths.some(sentences))
        for place, row in enumerate(missing):
            self.scored[row] = own[place], each[begins[place] : begins[place] + counts[place]]


def _found(
    terms: Mapping[int, int], words: Sequence[Postings], begins: Indices
) -> dict[int, tuple[Indices, Indices]]:
    """Return where each term stands: the numbers of sentences, ascending, and how often.

    Args:
        terms: The keys of the terms.
        words: The postings of some passages.
        begins: The number of the first sentence of each.
    """
    wanted = np.array(sorted(terms), np.uint64)
    keys: list[Indices] = []
    numbers: list[Indices] = []
    counts: list[Indices] = []
    for postings, begin in zip(words, begins.tolist(), strict=True):
        for place in np.flatnonzero(np.isin(postings.terms, wanted)).tolist():
            own = slice(int(postings.starts[place]), int(postings.starts[place + 1]))
            keys.append(np.repeat(postings.terms[place], own.stop - own.start))
            numbers.append(postings.sentences[own].astype(np.int64) + begin)
            counts.append(postings.counts[own].astype(np.int64))
    if not keys:
        return {key: (np.zeros(0, np.int64), np.zeros(0, np.int64)) for key in terms}
    every, units, occurrences = map(np.concatenate, (keys, numbers, counts))
    return {key: (units[every == key], occurrences[every == key]) for key in terms}
