"""How well each statement of a library fits what a question says of the statement it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.facts.dates import DateMention
from corpus.facts.mentions import Mentions
from corpus.facts.parties import is_group, with_members
from index.search.cards import CardMatches
from index.search.scoring import Doubles
from qa.scope.library import Library
from qa.scope.profiles import FEW

_OTHER = {"joint statement": "declaration", "declaration": "joint statement"}
_MAX_TERMS = 3.0  # nats; a long title shares many words with many questions


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of evidence counts, in nats. A party counts as much as it is rare.

    Attributes:
        all_parties: Two parties or more, or an organisation, are named, and all of them speak in
            the statement. They name it even where they speak in most statements.
        no_others: And no other party speaks in it.
        year: The year is the one that is asked for.
        month: The month is, too.
        lone_month: The month is, and no year is named.
        other_date: The date is another one than all that are named.
        number: The number of the meeting is the one that is asked for.
        possible_number: It is not known, but may be that one, as the others of its series show.
        other_number: It is another one.
        terms: A word of the title stands in the question, for each nat of its rarity.
        other_kind: The question says "joint statement", and it is a declaration, or the reverse.
        card: The card names tokens of the question, for the logarithm of their rarity: a long name
            has many tokens.
    """

    all_parties: float = 1.0
    no_others: float = 0.8
    year: float = 2.0
    month: float = 2.0
    lone_month: float = 1.0
    other_date: float = -2.0
    number: float = 2.0
    possible_number: float = 1.5
    other_number: float = -1.0
    terms: float = 0.6
    other_kind: float = -0.5
    card: float = 1.0


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What names a statement in a question, read once for all statements; see `Mentions`.

    Attributes:
        terms: See `Library.terms`.
        codes: The codes of the parties, with the members of organisations.
        compounds: Those that are named in one word.
        numbers: The numbers of meetings.
        dates: The dates of meetings or statements.
        other_kind: The kind of statement that is not meant; empty if none is named.
    """

    terms: set[str]
    codes: set[str]
    compounds: list[set[str]]
    numbers: set[int]
    dates: list[DateMention]
    other_kind: str

    @property
    def names_anything(self) -> bool:
        """Whether anything names a statement. Most questions name none."""
        return bool(self.terms or self.codes or self.numbers or self.dates or self.other_kind)


def named(library: Library, mentions: Mentions) -> Doubles:
    """Return how clearly a question names each statement, in nats, f64 (statements,).

    Dates, parties, numbers, words of the title and the kind of statement count.
    """
    asked = _Asked(
        library.terms(mentions),
        with_members(mentions.codes),
        mentions.compounds,
        {ordinal.number for ordinal in mentions.ordinals},
        mentions.naming_dates,
        _OTHER.get(mentions.kind, ""),
    )
    evidence = np.zeros(len(library))
    if not asked.names_anything:
        return evidence
    evidence += _party_evidence(library, asked)
    evidence += WEIGHTS.terms * np.minimum(_MAX_TERMS, _shared_terms(library, asked.terms))
    evidence += _number_evidence(library, asked.numbers)
    evidence += _date_evidence(library, asked.dates)
    if asked.other_kind:
        evidence += WEIGHTS.other_kind * library.are_of_kind(asked.other_kind)
    return evidence


def _party_evidence(library: Library, asked: _Asked) -> Doubles:
    if not asked.codes:
        return np.zeros(len(library))
    here = {code: library.have_party(code) for code in asked.codes}
    # The parties of one word such as "U.S.-India" count only for a statement of all of them.
    counting = {code: np.ones(len(library), bool) for code in asked.codes}
    for compound in asked.compounds:
        whole = np.logical_and.reduce([library.have_party(code) for code in compound])
        for code in compound & asked.codes:
            counting[code] &= whole
    evidence = np.zeros(len(library))
    for code in asked.codes:
        evidence += library.rarity_of_party(code) * (here[code] & counting[code])
    evidence /= np.where(library.party_counts <= FEW, 1, 2)
    counts = np.sum(list(counting.values()), axis=0)
    groups = [counting[code] for code in asked.codes if is_group(code)]
    several = (counts > 1) | np.logical_or.reduce([np.zeros(len(library), bool), *groups])
    all_here = np.logical_and.reduce([here[code] | ~counting[code] for code in asked.codes])
    no_others = counts == library.party_counts
    extra = WEIGHTS.all_parties + WEIGHTS.no_others * no_others
    return np.asarray(evidence + extra * (several & all_here), np.float64)


def _shared_terms(library: Library, terms: set[str]) -> Doubles:
    """Return how rare the names are that each statement shares with a question, in nats."""
    shared = np.zeros(len(library))
    for term in sorted(terms):
        shared[list(library.with_term(term))] += library.rarity_of_term(term)
    return shared


def _number_evidence(library: Library, numbers: set[int]) -> Doubles:
    if not numbers:
        return np.zeros(len(library))
    right = np.isin(library.numbers, list(numbers))
    known = np.where(right, WEIGHTS.number, WEIGHTS.other_number)
    possible = WEIGHTS.possible_number * library.may_have_numbers(numbers)
    return np.asarray(np.where(library.numbers > 0, known, possible), np.float64)


def _date_evidence(library: Library, dates: Sequence[DateMention]) -> Doubles:
    if not dates:
        return np.zeros(len(library))
    none = WEIGHTS.other_date * any(day.year for day in dates)
    best = np.full(len(library), -np.inf)
    for day in dates:
        value = WEIGHTS.year + WEIGHTS.month * bool(day.month) if day.year else WEIGHTS.lone_month
        best = np.where(library.agree(day), np.maximum(best, value), best)
    return np.where(np.isinf(best), none, best)


def total_evidence(named: Doubles, cards: CardMatches) -> Doubles:
    """Add what the cards tell to what names each statement, in nats, f64 (statements,).

    Args:
        named: See `named`.
        cards: How the question fits the cards of the same statements.
    """
    return np.asarray(named + WEIGHTS.card * np.log1p(cards.naming), np.float64)
