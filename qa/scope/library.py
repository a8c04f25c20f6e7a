"""All statements of a library, by what tells them from one another.

A library may have tens of thousands of statements, so nothing here looks at each of them for each
question: tables say which statements have a party, a name, or a date.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from corpus.characters.sounds import SpokenIndex, spoken_names
from corpus.facts.dates import DateMention
from corpus.facts.mentions import Mentions, word_table
from index.lexical.terms import search_terms
from index.names import naming_terms, rest
from index.ranges import Indices
from qa.scope.profiles import Profile

_Key = TypeVar("_Key")
Mask = npt.NDArray[np.bool_]


class Library:
    """The profiles of all statements. A statement is known by its place among them.

    Args:
        profiles: The profiles, one or more, in the order of the statements of a snapshot.

    Attributes:
        places: The place of each statement, by its id.
        party_counts: i64 (statements,), how many parties each has.
    """

    def __init__(self, profiles: Sequence[Profile]) -> None:
        self.profiles = profiles
        self.places = {profile.statement: place for place, profile in enumerate(profiles)}
        self.party_counts = np.array([len(profile.parties) for profile in profiles], np.int64)
        self._parties = _places_of(profile.parties for profile in profiles)
        self._terms = _places_of(profile.names.terms for profile in profiles)
        self._title_terms = _places_of(profile.names.title_terms for profile in profiles)
        self._kinds = _places_of({profile.kind} for profile in profiles)
        self._same_parties = _places_of({profile.parties} for profile in profiles)
        self._spoken = SpokenIndex({name for each in profiles for name in each.names.spoken})
        self._days = np.array([_day(profile.date) for profile in profiles], np.int64)
        self.numbers = np.array([int(profile.number or 0) for profile in profiles], np.int64)

    def __len__(self) -> int:
        return len(self.profiles)

    def places_in(self, statements: Collection[str]) -> Indices:
        """Return the places of some statements, ascending; those that are gone are left out."""
        there = (self.places[name] for name in statements if name in self.places)
        return np.array(sorted(there), np.int64)

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

    def have_party(self, code: str) -> Mask:
        """Return which statements have a party, bool (statements,)."""
        return self._mask(self._parties.get(code, ()))

    def with_term(self, term: str) -> Sequence[int]:
        """Return the places of the statements that have a name."""
        return self._terms.get(term, ())

    def are_of_kind(self, kind: str) -> Mask:
        """Return which statements are of a kind, bool (statements,)."""
        return self._mask(self._kinds.get(kind, ()))

    def agree(self, day: DateMention) -> Mask:
        """Return which statements have a date that is within one that is mentioned."""
        mentioned = np.array([day.year, day.month, day.day])
        fits = (self._days == mentioned) | (mentioned == 0)
        return np.asarray(fits.all(axis=1) & (self._days[:, 0] > 0))

    def rarity_of_party(self, code: str) -> float:
        """Return the logarithm of how rare a party is; 0 if no statement has it."""
        return self._rarity(self._parties.get(code, ()))

    def rarity_of_term(self, term: str) -> float:
        """Return the logarithm of how rare a name is; 0 if no statement has it."""
        return self._rarity(self._terms.get(term, ()))

    def _rarity(self, places: Sequence[int]) -> float:
        return math.log(len(self) / len(places)) if places else 0.0

    def _mask(self, places: Sequence[int]) -> Mask:
        mask = np.zeros(len(self), bool)
        mask[list(places)] = True
        return mask

    def with_parties(self, mentions: Mentions) -> Indices:
        """Return the places of the statements of the parties that a question names.

        They are all places if it names none. Of the parties that are named, only those count that
        speak in some statement. Where no statement has all of them, the statements with most of
        them are returned.
        """
        counts = np.zeros(len(self), np.int64)
        for code in mentions.codes:
            counts[list(self._parties.get(code, ()))] += 1
        return np.flatnonzero(counts == counts.max())

    def has_all(self, codes: Iterable[str]) -> bool:
        """Return whether a statement is of all of some parties, or its parties are not known."""
        fits = np.ones(len(self), bool)
        for code in codes:
            fits &= self.have_party(code)
        return bool((fits | (self.party_counts == 0)).any())

    def series(self, statement: str) -> list[Profile]:
        """Return the statements of the series of a statement, oldest first, those with a date."""
        own = self.profiles[self.places[statement]]
        near = {self.places[statement], *self._same_parties[own.parties]}
        near.update(*(self._title_terms[term] for term in own.names.title_terms))
        dated = [
            profile
            for profile in (self.profiles[place] for place in sorted(near))
            if profile.date and (profile is own or own.is_in_series_with(profile))
        ]
        return sorted(dated, key=lambda profile: profile.date)

    def parties_of(self, names: Sequence[str]) -> set[str]:
        """Return the codes of the parties of some statements; of all if no name is given."""
        if not names:
            return set(self._parties)
        some = (self.profiles[self.places[name]] for name in names if name in self.places)
        return {code for profile in some for code in profile.parties}

    def may_have_number(self, profile: Profile, numbers: Collection[int]) -> bool:
        """Return whether a meeting may have one of some numbers, as the others of its series show.

        It is between two meetings of its series, and its own number is not known.
        """
        possible = self._possible_numbers.get(self.places[profile.statement], range(0))
        return any(number in possible for number in numbers)

    def may_have_numbers(self, numbers: Collection[int]) -> Mask:
        """Return which statements may have one of some numbers; see `may_have_number`."""
        found = self._possible_numbers.items()
        return self._mask([place for place, own in found if any(each in own for each in numbers)])

    @cached_property
    def _possible_numbers(self) -> Mapping[int, range]:
        """The numbers that each meeting may have whose own number is not known, by its place."""
        possible: dict[int, range] = {}
        for place in np.flatnonzero(self.numbers == 0).tolist() if self.numbers.any() else ():
            profile = self.profiles[place]
            series = [other for other in self.series(profile.statement) if other.number]
            before = [int(other.number) for other in series if other.date < profile.date]
            after = [int(other.number) for other in series if other.date > profile.date]
            if before and after:
                possible[place] = range(max(before) + 1, min(after))
        return possible


def _places_of(kinds: Iterable[Iterable[_Key]]) -> dict[_Key, list[int]]:
    """Return the places at which each of some things is, ascending."""
    places: dict[_Key, list[int]] = {}
    for place, things in enumerate(kinds):
        for thing in things:
            places.setdefault(thing, []).append(place)
    return places


def _day(date: str) -> tuple[int, ...]:
    """Return the year, the month and the day of `YYYY-MM-DD`; zeros where the date is unknown."""
    return tuple(map(int, date.split("-"))) if date else (0, 0, 0)


@cache
def _names_of_times() -> re.Pattern[str]:
    """Return a pattern for a name with a word that makes it a time: 「トランプ政権」."""
    words = "|".join((*word_table()["governments"], *word_table()["before_behind"]))
    return re.compile(rf"[ァ-ヺー・가-힣]+\s?(?:{words})")
