"""How well each statement of a library fits what a question says of the statement it means."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from corpus.characters.sounds import SpokenIndex, spoken_names
from corpus.facts.dates import DateMention
from corpus.facts.mentions import Mentions, word_table
from corpus.facts.parties import is_group, with_members
from index.lexical.terms import search_terms
from index.names import naming_terms, rest
from index.search.cards import CardMatch
from qa.scope.profiles import FEW, Profile

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


class Library:
    """The profiles of all statements, and how rare their parties and words are.

    Args:
        profiles: The profiles, one or more.
    """

    def __init__(self, profiles: Sequence[Profile]) -> None:
        self.profiles = profiles
        self._parties = Counter(code for profile in profiles for code in profile.parties)
        self._terms = Counter(term for profile in profiles for term in profile.names.terms)
        self._spoken = SpokenIndex({name for each in profiles for name in each.names.spoken})

    def named(self, mentions: Mentions) -> dict[str, float]:
        """Return how clearly a question names each statement, in nats, by its id.

        Dates, parties, numbers, words of the title and the kind of statement count.
        """
        asked = _Asked(
            self.terms(mentions),
            with_members(mentions.codes),
            mentions.compounds,
            {ordinal.number for ordinal in mentions.ordinals},
            mentions.naming_dates,
            _OTHER.get(mentions.kind, ""),
        )
        if not asked.names_anything:
            return {profile.statement: 0.0 for profile in self.profiles}
        return {profile.statement: self._named(profile, asked) for profile in self.profiles}

    def terms(self, mentions: Mentions) -> set[str]:
        """Return the names in a question as the profiles have them.

        A name in Katakana or Hangul that sounds like a name of a statement is that name. But
        「トランプ政権」 and 「イーストルームより前」 are times, and tell none.
        """
        spoken = {
            term
            for word in spoken_names(_names_of_times().sub(" ", rest(mentions)))
            for name in self._spoken.alike(word)
            if not self._is_ordinary(name)
            for term in search_terms(name)
        }
        return naming_terms(mentions) | spoken

    def _is_ordinary(self, name: str) -> bool:
        """Return whether some statement writes a name with small letters: "partnership"."""
        return any(profile.names.has_small(name) for profile in self.profiles)

    def with_parties(self, mentions: Mentions) -> list[Profile]:
        """Return the statements of the parties that a question names; all if it names none.

        Of the parties that are named, only those count that speak in some statement. Where no
        statement has all of them, the statements with most of them are returned.
        """
        codes = mentions.codes
        counts = {profile: len(codes & profile.parties) for profile in self.profiles}
        most = max(counts.values())
        return [profile for profile, count in counts.items() if count == most]

    def series(self, name: str) -> list[Profile]:
        """Return the statements of the series of a statement, oldest first, those with a date."""
        (own,) = (profile for profile in self.profiles if profile.statement == name)
        dated = [
            profile
            for profile in self.profiles
            if profile.date and (profile is own or own.is_in_series_with(profile))
        ]
        return sorted(dated, key=lambda profile: profile.date)

    def parties_of(self, names: Sequence[str]) -> set[str]:
        """Return the codes of the parties of some statements; of all if no name is given."""
        return {
            code
            for profile in self.profiles
            if not names or profile.statement in names
            for code in profile.parties
        }

    def _named(self, profile: Profile, asked: _Asked) -> float:
        codes = asked.codes
        for compound in asked.compounds:
            if not compound <= profile.parties:
                codes = codes - compound
        shared = sum(self._rarity(self._terms[term]) for term in asked.terms & profile.names.terms)
        is_other = bool(asked.other_kind) and profile.kind == asked.other_kind
        return (
            self._party_evidence(profile, codes)
            + WEIGHTS.terms * min(_MAX_TERMS, shared)
            + self._number_evidence(profile, asked.numbers)
            + _date_evidence(profile, asked.dates)
            + WEIGHTS.other_kind * is_other
        )

    def _party_evidence(self, profile: Profile, codes: set[str]) -> float:
        here = codes & profile.parties
        evidence = sum(self._rarity(self._parties[code]) for code in here)
        evidence /= 1 if len(profile.parties) <= FEW else 2
        several = len(codes) > 1 or any(map(is_group, codes))
        if several and codes <= profile.parties:
            evidence += WEIGHTS.all_parties + WEIGHTS.no_others * (codes == profile.parties)
        return evidence

    def _number_evidence(self, profile: Profile, numbers: set[int]) -> float:
        if not numbers:
            return 0.0
        if profile.number:
            return WEIGHTS.number if int(profile.number) in numbers else WEIGHTS.other_number
        return WEIGHTS.possible_number * self.may_have_number(profile, numbers)

    def may_have_number(self, profile: Profile, numbers: Collection[int]) -> bool:
        """Return whether a meeting may have one of some numbers, as the others of its series show.

        It is between two meetings of its series, and its own number is not known.
        """
        series = [other for other in self.series(profile.statement) if other.number]
        before = [int(other.number) for other in series if other.date < profile.date]
        after = [int(other.number) for other in series if other.date > profile.date]
        if profile.number or not (before and after):
            return False
        possible = range(max(before) + 1, min(after))
        return any(number in possible for number in numbers)

    def _rarity(self, count: int) -> float:
        return math.log(len(self.profiles) / count)


@cache
def _names_of_times() -> re.Pattern[str]:
    """Return a pattern for a name with a word that makes it a time: 「トランプ政権」."""
    words = "|".join((*word_table()["governments"], *word_table()["before_behind"]))
    return re.compile(rf"[ァ-ヺー・가-힣]+\s?(?:{words})")


def _date_evidence(profile: Profile, dates: Sequence[DateMention]) -> float:
    agreeing = [date for date in dates if profile.date and date.agrees(profile.date)]
    if not agreeing:
        return WEIGHTS.other_date * any(date.year for date in dates)
    return max(
        WEIGHTS.year + WEIGHTS.month * bool(date.month) if date.year else WEIGHTS.lone_month
        for date in agreeing
    )


def total_evidence(named: Mapping[str, float], cards: Mapping[str, CardMatch]) -> dict[str, float]:
    """Add what the cards tell to what names a statement, in nats, by the id of the statement.

    Args:
        named: See `Library.named`.
        cards: See `index.search.searcher.Searcher.cards`.
    """
    return {
        name: evidence + WEIGHTS.card * math.log1p(cards[name].naming)
        for name, evidence in named.items()
    }
