"""Decides which statements a question compares: of one series, or any two that it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from itertools import product

import numpy as np

from corpus.facts.mentions import (
    Mentions,
    TimeMention,
    any_of,
    find_mentions,
    naming_phrases,
    word_table,
)
from index.ranges import Indices
from index.search.cards import CardMatches
from index.search.scoring import Doubles
from qa.scope.evidence import named, total_evidence
from qa.scope.intervals import Interval, find_intervals
from qa.scope.library import Library
from qa.scope.profiles import Profile

CardsOf = Callable[[str], CardMatches]
# The ids of the later statements and of those that they are compared with, the newest first.
Compared = tuple[Sequence[str], Sequence[str]]
_NONE: Compared = ((), ())

# How much better two statements must explain the two parts than one does, in nats. "New" alone is
# no sign that statements are compared, so then they must be named more clearly, and be of the same
# parties.
_GAIN, _SURE_GAIN = 1.0, 2.0
# Evidence, in nats, from which on each part names a statement. Statements of other parties are
# compared less often, and must be named more clearly.
_NAMED, _CLEARLY_NAMED, _SURELY_NAMED = 1.0, 3.0, 3.0
_ALIKE = 0.6  # the share of parties of statements that have the same ones
# What it counts that two statements have the same parties, that they lie as far apart as the
# question says, and that the whole question names them.
_SAME_PARTIES, _APART, _WHOLE = 1.5, 2.0, 0.3
_MOST_LIKELY = 12  # statements that are tried for each part
_MAX_CUTS, _SHORTEST = 12, 3
# The model reads each part, so a long question would take long.
_MAX_TEXT = 400


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two statements that the two parts of a question may name.

    Attributes:
        statements: The two.
        places: Their places in the library.
        evidence: How clearly both are named, in nats.
        weaker: How clearly the one is named that is named less clearly.
        alike: The share of their parties that both have.
    """

    statements: tuple[Profile, Profile]
    places: tuple[int, int]
    evidence: float
    weaker: float
    alike: float

    def is_compared(self, single: float, certain: bool) -> bool:
        """Return whether each part names its statement clearly enough.

        Args:
            single: How clearly both parts name one statement, at best.
            certain: Whether the question has words that surely compare.
        """
        gain, alike = self.evidence - single, self.alike >= _ALIKE
        if not certain:
            return gain >= _SURE_GAIN and alike and self.weaker >= _SURELY_NAMED
        return gain >= _GAIN and self.weaker >= (_NAMED if alike else _CLEARLY_NAMED)

    def score(self, whole: Doubles) -> float:
        """Return how likely these two are compared, in nats.

        Args:
            whole: How clearly the whole question names each statement.
        """
        named = float(whole[list(self.places)].sum())
        return self.evidence + _SAME_PARTIES * self.alike + _WHOLE * named


def compared(
    library: Library,
    mentions: Mentions,
    series: Sequence[Profile],
    allowed: Collection[str] | None,
    whole: Doubles,
    cards_of: CardsOf,
) -> Compared:
    """Return the later statements and those they are compared with; empty if none are compared.

    Args:
        library: All statements.
        mentions: What the question says.
        series: The statements of the series that is named best, oldest first.
        allowed: The ids that a filter lets through; None without a filter.
        whole: How clearly the whole question names each statement, in nats.
        cards_of: Compares a part of the question with the cards of all statements.
    """
    if not (mentions.changes or mentions.comparing):
        return _NONE
    those = _named_places(library, series, mentions)
    of_series = _in_series(series, mentions, those)
    if (
        len(those) > 1
        and of_series != _NONE
        and _fits([series[place] for place in those], mentions)
    ):
        return of_series
    places = np.arange(len(library)) if allowed is None else library.places_in(allowed)
    dated = [place for place in places.tolist() if library.profiles[place].date]
    in_parts = _named_in_parts(library, np.array(dated, np.int64), mentions, whole, cards_of)
    return (in_parts[:1], in_parts[1:]) if in_parts else of_series


def _named_places(library: Library, series: Sequence[Profile], mentions: Mentions) -> list[int]:
    """Return the places of the statements of a series that a question names."""
    dates = mentions.dates
    numbers = {ordinal.number for ordinal in mentions.ordinals}
    return [
        place
        for place, profile in enumerate(series)
        if any(day.agrees(profile.date) for day in dates)
        or profile.number in map(str, numbers)
        or library.may_have_number(profile, numbers)
        or (mentions.earliest and not place)
    ]


def _in_series(series: Sequence[Profile], mentions: Mentions, named: list[int]) -> Compared:
    """Return the statements of a series that are compared.

    Args:
        series: The statements, oldest first.
        mentions: What the question says.
        named: See `_named_places`.
    """
    if len(series) < 2:
        return _NONE
    others_named = mentions.ordinals or mentions.dates
    if (not named and others_named) or (len(named) < 2 and not mentions.changes):
        return _NONE
    names_another = mentions.news or mentions.earliest or len(mentions.nouns) > 1
    if len(named) == 1 and not names_another:
        return _NONE
    last = named[-1] if named else len(series) - 1
    if last == 0:
        if not mentions.earliest:
            return _NONE  # nothing is earlier
        last, named = len(series) - 1, [0, len(series) - 1]  # "since the first meeting"
    earlier = named[:-1] or [last - 1]
    # Two statements of one day are of one meeting.
    same_day = [place for place in earlier if series[place].date == series[last].date]
    before = [place for place in range(last) if series[place].date < series[last].date]
    earlier = [place for place in earlier if place in before] or before[-1:]
    if not earlier:
        earlier, same_day = same_day, []

    def ids(places: Sequence[int]) -> list[str]:
        return [series[place].statement for place in reversed(places)]

    return ids([*same_day, last]), ids(earlier)


def _fits(named: Sequence[Profile], mentions: Mentions) -> bool:
    """Return whether statements have all dates of a question, and lie as far apart as it says."""
    intervals = find_intervals(mentions.text)
    apart = any(_are_so_far_apart(each, named[-1], intervals) for each in named[:-1])
    dates = [time.date for time in mentions.times]
    all_dates = all(any(day.agrees(each.date) for each in named) for day in dates)
    return all_dates and (apart or not intervals)


def _named_in_parts(
    library: Library,
    dated: Indices,
    mentions: Mentions,
    whole: Doubles,
    cards_of: CardsOf,
) -> list[str]:
    """Return two statements that two parts of a question name, the later one first.

    The question is cut in two at every place where another statement may begin to be named. A date
    that is only spoken of, such as "by 2030", is that of no statement, so two statements do not
    explain the parts better than one.
    """
    two_dates = len({library.profiles[place].date for place in dated.tolist()}) > 1
    may_name_two = mentions.changes or len(naming_phrases(mentions)) > 1
    if not (two_dates and may_name_two and len(mentions.text) <= _MAX_TEXT):
        return []
    evidence = cache(partial(_evidence, library, cards_of))
    text, intervals = mentions.text, find_intervals(mentions.text)
    pairs: list[_Pair] = []
    for cut in _cuts(mentions):
        one, other = evidence(text[:cut]), evidence(text[cut:])
        single = float((one + other)[dated].max(initial=0))
        found = _pairs(library, dated, one, other, intervals)
        pairs += [pair for pair in found if pair.is_compared(single, bool(mentions.changes))]
    best = max(pairs, key=lambda pair: pair.score(whole), default=None)
    chosen = sorted(best.statements, key=lambda each: each.date, reverse=True) if best else []
    return [profile.statement for profile in chosen]


def _evidence(library: Library, cards_of: CardsOf, part: str) -> Doubles:
    """Return how clearly a part of a question names each statement, in nats, f64 (statements,).

    A date at which the time begins or ends is that of a statement: "from June 2021 to ...".
    """
    mentions = find_mentions(part)
    times = [TimeMention(time.date, "in") for time in mentions.times]
    return total_evidence(named(library, replace(mentions, times=times)), cards_of(part))


def _pairs(
    library: Library,
    dated: Indices,
    one: Doubles,
    other: Doubles,
    intervals: Sequence[Interval],
) -> list[_Pair]:
    """Return the pairs of statements that two parts name, each part one of them."""
    pairs = []
    likely = _most_likely(dated, one), _most_likely(dated, other)
    for places in product(*likely):
        first, second = (library.profiles[place] for place in places)
        if first.date != second.date:
            clear = float(one[places[0]]), float(other[places[1]])
            alike = _alike(first, second)
            # "The year before" is said of statements that are alike.
            far = alike >= _ALIKE and _are_so_far_apart(first, second, intervals)
            apart = _APART * far
            evidence, weaker = sum(clear) + apart, min(clear) + apart
            pairs.append(_Pair((first, second), places, evidence, weaker, alike))
    return pairs


def _are_so_far_apart(one: Profile, other: Profile, intervals: Sequence[Interval]) -> bool:
    days = date.fromisoformat(one.date), date.fromisoformat(other.date)
    return any(interval.agrees(*days) for interval in intervals)


def _most_likely(dated: Indices, evidence: Doubles) -> list[int]:
    best = dated[np.argsort(-evidence[dated], kind="stable")[:_MOST_LIKELY]]
    return [place for place in best.tolist() if evidence[place] >= _NAMED]


def _alike(one: Profile, other: Profile) -> float:
    return len(one.parties & other.parties) / max(1, len(one.parties | other.parties))


def _cuts(mentions: Mentions) -> list[int]:
    """Return the places where another statement may begin to be named.

    They are the beginnings of dates and of phrases that name statements, and those after marks and
    words such as "to" and から.
    """
    text = mentions.text
    begins = [time.date.span.start for time in mentions.times]
    begins += [phrase.start for phrase in naming_phrases(mentions)]
    places = begins + [match.end() for match in _parting().finditer(text)]
    inside = [place for place in places if _SHORTEST <= place <= len(text) - _SHORTEST]
    return list(dict.fromkeys(inside))[:_MAX_CUTS]


@cache
def _parting() -> re.Pattern[str]:
    return any_of(word_table()["parting"])
