"""The same sentences in the other language of a statement that is there in two languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

import numpy as np

from corpus.characters.folding import key_of
from corpus.records import Provenance, Span
from index.models.encoder import Floats
from index.ranges import Indices
from index.search.snapshot import Snapshot
from qa.answers.answer import Parallel, Quote
from qa.mentions.names import unsupported_names
from qa.mentions.numbers import numbers_in
from qa.scope.alignment import Match, aligned
from qa.scope.counterparts import matched

_ACRONYM = re.compile("[A-Z][A-Z0-9-]{2,}")
_LARGE = 4  # digits of a number that no language has a single word for
_KEPT = 64  # pairs of statements whose alignment is kept
_MAX_SENTENCES = 1500  # of one statement; longer ones would take minutes to align


class Parallels:
    """Adds to quotes what the same statement says in its other language."""

    def __init__(self) -> None:
        self._aligned = lru_cache(_KEPT)(_aligned)

    def added(self, quotes: Sequence[Quote], snapshot: Snapshot, language: str) -> Sequence[Quote]:
        """Return quotes, each with its parallel if its statement has a pair.

        Of two quotes that are each other's parallel, one is left out: the one that is not in the
        language of the reader, or else the later one.

        Args:
            quotes: The quotes, best first.
            snapshot: The sentences of all statements.
            language: Language of the reader.
        """
        pairs = pairs_of(snapshot.facts)
        if not pairs:
            return quotes
        whole = [self._with_parallel(quote, pairs, snapshot) for quote in quotes]
        kept: list[Quote] = []
        for quote in whole:
            if any(_says(earlier, quote) for earlier in kept):
                continue
            same = [other for other in whole if _says(quote, other)]
            spoken = [
                other
                for other in (quote, *same)
                if snapshot.facts[other.statement].language == language
            ]
            kept.append(next(iter(spoken), quote))
        return kept

    def _with_parallel(self, quote: Quote, pairs: Mapping[str, str], snapshot: Snapshot) -> Quote:
        other = pairs.get(quote.statement)
        if other is None:
            return quote
        matches = self._aligned(_Texts(snapshot, quote.statement, other))
        first = snapshot.sentences_of([quote.statement])
        second = snapshot.sentences_of([other])
        span = Span(quote.start, quote.end)
        within = {
            number
            for number, row in enumerate(first.tolist())
            if span.holds(snapshot.location(row).span)
        }
        rows = {
            int(second[number])
            for match in matches
            if within & set(match.first)
            for number in match.second
        }
        if not rows:
            return quote
        return replace(quote, parallel=_parallel(quote, sorted(rows), snapshot))


def _says(quote: Quote, other: Quote) -> bool:
    """Return whether another quote is, at least in part, the parallel of a quote."""
    beside = quote.parallel.quotes if quote.parallel else ()
    return any(
        each.statement == other.statement and each.start < other.end and other.start < each.end
        for each in beside
    )


class _Texts:
    """Two statements of a snapshot, which are equal to others with the same words."""

    def __init__(self, snapshot: Snapshot, first: str, second: str) -> None:
        self.snapshot, self.names = snapshot, (first, second)
        self._key = tuple(snapshot.statements[name].source.sha256 for name in self.names)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Texts) and self._key == other._key


def pairs_of(facts: Mapping[str, Provenance]) -> dict[str, str]:
    """Return the other language of each statement that has one, by id. Both name each other."""
    pairs: dict[str, str] = {}
    for name, provenance in facts.items():
        other = provenance.pair
        if other in facts and other != name:
            pairs[name] = other
            pairs.setdefault(other, name)
    return pairs


def _aligned(texts: _Texts) -> tuple[Match, ...]:
    snapshot = texts.snapshot
    first, second = (snapshot.sentences_of([name]) for name in texts.names)
    if max(len(first), len(second)) > _MAX_SENTENCES:
        return ()
    both = _scores(snapshot, first, second) + _scores(snapshot, second, first).T
    return tuple(aligned(np.asarray(both / 2, np.float32)))


def _scores(snapshot: Snapshot, rows: Indices, others: Indices) -> Floats:
    scores = [matched(snapshot, row, others) for row in rows.tolist()]
    return np.stack(scores) if scores else np.zeros((0, len(others)), np.float32)


def _parallel(quote: Quote, rows: Sequence[int], snapshot: Snapshot) -> Parallel:
    """Return the quotes of some sentences, and the numbers and names in which both differ."""
    quotes = tuple(_quotes(rows, snapshot))
    words = " ".join(each.text for each in quotes)
    languages = [snapshot.facts[each.statement].language for each in (quote, quotes[0])]
    return Parallel(
        quotes,
        only_here=_only_in(quote.text, words, *languages),
        only_there=_only_in(words, quote.text, *reversed(languages)),
    )


def _quotes(rows: Sequence[int], snapshot: Snapshot) -> Iterator[Quote]:
    """Yield a quote for the sentences in each passage."""
    locations = map(snapshot.location, rows)
    for _, group in groupby(locations, key=lambda location: location.passage):
        inside = list(group)
        span = Span(inside[0].span.start, inside[-1].span.end)
        yield Quote.of(inside[0].statement, inside[0].passage, span, 0.0)


def _only_in(text: str, other: str, language: str, other_language: str) -> tuple[str, ...]:
    """Return the numbers of a text, and the names that can be compared, that another has not.

    Small numbers count only in digits, since a language may have words for them (三国, third). Of
    names, acronyms count that are no part of a longer name there.
    """
    key, other_key = key_of(text), key_of(other)
    there, digits = numbers_in(other), set(re.findall(r"\d+", key))
    numbers = [
        number
        for number in numbers_in(text)
        if number not in there and (number in digits or len(number) >= _LARGE)
    ]
    missing = unsupported_names(text, other, language, other_language).missing
    names = [
        name
        for name in missing
        if _ACRONYM.fullmatch(name) and name.casefold() not in other_key.casefold()
    ]
    return tuple(dict.fromkeys([*numbers, *names]))
