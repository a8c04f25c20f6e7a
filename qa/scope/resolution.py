"""Decides which statements a question means."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from corpus.errors import ShuttenError
from corpus.facts.mentions import Mentions, find_mentions, is_named
from corpus.facts.parties import is_group
from index.search.cards import CardMatch
from index.search.scope import MOST_NAMED, Scope
from qa.scope.comparison import CardsOf, compared
from qa.scope.evidence import WEIGHTS, Library, total_evidence
from qa.scope.meeting_dates import in_time, is_missing
from qa.scope.profiles import Profile

# Evidence, in nats, from which on a question names a statement.
_NAMED = 1.4
# A question with a word for a statement also names it by a card that is so similar to it, and so
# many standard deviations more than the average card: ロサンゼルス宣言, "Los Angeles Declaration".
_SIMILAR, _OUTSTANDING = 0.42, 2.0
# Statements this close below the best one may be meant too.
_CLOSE = 1.0
# Statements of the same parties are named alike up to this difference.
_ALIKE = 0.7
# If all others are this far below, they are surely not meant.
_FAR = 1.0
# How much of a sentence score a nat of evidence is worth, and the most that evidence may take off.
_PRIOR, _MAX_PRIOR = 0.06, 0.3
_NEAREST = 3  # statements that are named if the one that is meant is not there

Why = Literal["all", "filter", "everything", "named", "followup", "latest", "change", "missing"]


@dataclass(frozen=True, slots=True)
class Meant:
    """The statements that a question means.

    Attributes:
        mentions: What the question says of them.
        why: Why they are meant:

            - `all`: the question names none;
            - `filter`: it names none, and a filter was given;
            - `everything`: it may name some, but all of them shall be searched alike;
            - `named`: it names them by date, parties, number or title;
            - `followup`: it follows up a question that named them;
            - `latest`: it asks for the latest statement, of those in `statements`;
            - `change`: it asks what is new in the first of `statements`;
            - `missing`: it names a meeting that the library does not have.
        statements: Their ids, the one that is meant most likely first; empty for all. The nearest
            ones, if the statement is missing.
        certain: Whether no other statement can be meant.
        earlier: Ids of the statements that a later one is compared with, for `change`.
        scope: The statements to search; None for all, each as likely as the others.
    """

    mentions: Mentions
    why: Why
    statements: tuple[str, ...] = ()
    certain: bool = False
    earlier: tuple[str, ...] = ()
    scope: Scope | None = None

    @property
    def names_statements(self) -> bool:
        """Whether the question itself says which statements are meant."""
        return self.why not in ("all", "filter", "followup")

    def about(self, subject: str) -> Meant:
        """Return the same statements for a question that is reduced to its subject."""
        return replace(self, mentions=find_mentions(subject))

    def carried(self, mentions: Mentions) -> Meant:
        """Return the same statements for a question that follows up this one."""
        return replace(self, mentions=mentions, why="followup", earlier=())


def resolve(
    question: str,
    library: Library,
    cards: Mapping[str, CardMatch],
    allowed: Collection[str] | None = None,
    cards_of: CardsOf | None = None,
) -> Meant:
    """Tell which statements a question means.

    Args:
        question: The question.
        library: The statements.
        cards: See `index.search.searcher.Searcher.cards`.
        allowed: The ids that a filter lets through; None without a filter.
        cards_of: Compares a part of the question with the cards; without it, the parts are compared
            as all of it is.

    Raises:
        ShuttenError: A filter lets none of these statements through.
    """
    mentions = find_mentions(question)
    profiles = in_time(
        [
            profile
            for profile in library.profiles
            if allowed is None or profile.statement in allowed
        ],
        mentions,
    )
    names = _some(profile.statement for profile in profiles)
    named = library.named(mentions)
    total = _evidence(library, mentions, named, cards)
    if allowed is None and is_missing(library, mentions):
        nearest = sorted(names, key=lambda name: total[name], reverse=True)[:_NEAREST]
        return Meant(mentions, "missing", tuple(nearest), certain=True)
    best = max(names, key=lambda name: total[name])
    series = [profile for profile in library.series(best) if profile.statement in names]
    parts = cards_of or (lambda _: cards)
    later, earlier = compared(library, mentions, series, allowed, total, parts)
    if later:
        scope = Scope(dict.fromkeys(later, 0.0), (*later, *earlier)[:MOST_NAMED])
        return Meant(mentions, "change", tuple(later), True, tuple(earlier), scope)
    clearest = max(named[name] for name in names)
    if clearest >= _NAMED or _has_card(mentions, cards):
        meant = _named(library, mentions, named, total, names)
    else:
        meant = _alike(mentions, "all" if allowed is None else "filter", library, names)
    return _latest(library, meant, series, names) if mentions.latest else meant


def all_alike(question: str, library: Library, allowed: Collection[str] | None) -> Meant:
    """Return all statements that a filter lets through, whatever a question names; see `resolve`.

    Raises:
        ShuttenError: A filter lets none of these statements through.
    """
    names = [profile.statement for profile in library.profiles]
    chosen = _some(name for name in names if allowed is None or name in allowed)
    return _alike(find_mentions(question), "everything", library, chosen)


def _alike(mentions: Mentions, why: Why, library: Library, names: Sequence[str]) -> Meant:
    everything = len(names) == len(library.profiles)
    scope = None if everything else Scope.equally(names)
    return Meant(mentions, why, () if everything else tuple(names), not everything, (), scope)


def _some(names: Iterable[str]) -> list[str]:
    """Return names as a list, which must not be empty."""
    if some := list(names):
        return some
    raise ShuttenError("the statements that the filter lets through are gone; ask again")


def _evidence(
    library: Library,
    mentions: Mentions,
    named: Mapping[str, float],
    cards: Mapping[str, CardMatch],
) -> dict[str, float]:
    total = total_evidence(named, cards)
    if mentions.earliest:
        dated = [profile for profile in library.with_parties(mentions) if profile.date]
        if dated and len(dated) < len(library.profiles):
            first = min(dated, key=lambda profile: profile.date).statement
            total[first] += WEIGHTS.number
    return total


def _has_card(mentions: Mentions, cards: Mapping[str, CardMatch]) -> bool:
    """Return whether a question names a statement by words that only its card tells."""
    if mentions.latest or not any(is_named(mentions.text, noun) for noun in mentions.nouns):
        return False
    values = np.array([card.similarity for card in cards.values()])
    least = max(_SIMILAR, float(values.mean() + _OUTSTANDING * values.std()))
    return len(values) > 1 and float(values.max()) >= least


def _named(
    library: Library,
    mentions: Mentions,
    named: Mapping[str, float],
    total: Mapping[str, float],
    names: Sequence[str],
) -> Meant:
    """Return the statements that a question names."""
    order = sorted(names, key=lambda name: total[name], reverse=True)
    close = tuple(name for name in order if total[name] >= total[order[0]] - _CLOSE)
    least = max(named[name] for name in names) - _ALIKE
    series = [name for name in names if named[name] >= least]
    by_parties = mentions.only_parties and mentions.codes <= library.parties_of(series)
    if by_parties and 1 < len(series) < len(names):
        # "What do the AUKUS statements say about ...?" means each of them alike.
        scope = Scope.equally(series)
        return Meant(mentions, "named", tuple(series), True, (), scope)
    others = [total[name] for name in order if name not in close]
    is_far = not others or others[0] <= total[close[-1]] - _FAR
    certain = is_far and bool(mentions.spans)  # "some Pacific atoll" has a name, but of no meeting
    searched = close if certain else order
    best = total[order[0]]
    priors = {name: max(-_MAX_PRIOR, _PRIOR * (total[name] - best)) for name in searched}
    return Meant(mentions, "named", close, certain, (), Scope(priors, close[:MOST_NAMED]))


def _latest(
    library: Library, meant: Meant, series: Sequence[Profile], names: Sequence[str]
) -> Meant:
    """Return the statements among which the latest one is meant, the newest first.

    They are those of the series that is named.
    """
    chosen = names
    if meant.why == "named" and series and _names_series(library, meant.mentions, series[-1]):
        chosen = [profile.statement for profile in series]
    days = {profile.statement: profile.date for profile in library.profiles}
    newest_first = sorted(chosen, key=lambda name: days[name], reverse=True)
    scope = Scope.equally(newest_first)
    return Meant(meant.mentions, "latest", tuple(newest_first), meant.certain, (), scope)


def _names_series(library: Library, mentions: Mentions, member: Profile) -> bool:
    """Return whether a question names the series of a statement.

    One country alone may be what is asked about, so it names no series, unless it stands beside a
    word for a statement.
    """
    codes = mentions.codes
    if not codes:
        return bool(library.terms(mentions) & member.names.title_terms)
    if not codes <= member.parties:
        return False
    return bool(mentions.codes_beside_nouns) or len(codes) > 1 or any(map(is_group, codes))
