"""Decides which statements a question means."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from corpus.errors import ShuttenError
from corpus.facts.mentions import Mentions, find_mentions, is_named
from corpus.facts.parties import is_group
from index.ranges import Indices
from index.search.cards import CardMatches
from index.search.scope import MOST_NAMED, Scope
from index.search.scoring import Doubles
from qa.scope.comparison import CardsOf, compared
from qa.scope.evidence import WEIGHTS, named, total_evidence
from qa.scope.library import Library
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
    cards: CardMatches,
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
    places = in_time(library, _some(library, allowed), mentions)
    evidence = named(library, mentions)
    total = _evidence(library, mentions, evidence, cards)
    order = places[np.argsort(-total[places], kind="stable")]
    if allowed is None and is_missing(library, mentions):
        return Meant(mentions, "missing", _ids(library, order[:_NEAREST]), certain=True)
    inside = np.zeros(len(library), bool)
    inside[places] = True
    whole_series = library.series(library.profiles[order[0]].statement)
    series = [each for each in whole_series if inside[library.places[each.statement]]]
    parts = cards_of or (lambda _: cards)
    later, earlier = compared(library, mentions, series, allowed, total, parts)
    if later:
        scope = Scope(dict.fromkeys(later, 0.0), (*later, *earlier)[:MOST_NAMED])
        return Meant(mentions, "change", tuple(later), True, tuple(earlier), scope)
    if evidence[places].max() >= _NAMED or _has_card(mentions, cards):
        meant = _named(library, mentions, evidence, total, places, order)
    else:
        meant = _alike(mentions, "all" if allowed is None else "filter", library, places)
    return _latest(library, meant, series, places) if mentions.latest else meant


def all_alike(question: str, library: Library, allowed: Collection[str] | None) -> Meant:
    """Return all statements that a filter lets through, whatever a question names; see `resolve`.

    Raises:
        ShuttenError: A filter lets none of these statements through.
    """
    return _alike(find_mentions(question), "everything", library, _some(library, allowed))


def _alike(mentions: Mentions, why: Why, library: Library, places: Indices) -> Meant:
    if len(places) == len(library):
        return Meant(mentions, why)
    names = _ids(library, places)
    return Meant(mentions, why, names, True, (), Scope.equally(names))


def _some(library: Library, allowed: Collection[str] | None) -> Indices:
    """Return the places of the statements that a filter lets through, ascending; at least one."""
    places = np.arange(len(library)) if allowed is None else library.places_in(allowed)
    if len(places):
        return places
    raise ShuttenError("the statements that the filter lets through are gone; ask again")


def _ids(library: Library, places: Indices) -> tuple[str, ...]:
    return tuple(library.profiles[place].statement for place in places.tolist())


def _evidence(
    library: Library,
    mentions: Mentions,
    evidence: Doubles,
    cards: CardMatches,
) -> Doubles:
    total = total_evidence(evidence, cards)
    if mentions.earliest:
        places = library.with_parties(mentions).tolist()
        dated = [place for place in places if library.profiles[place].date]
        if dated and len(dated) < len(library):
            total[min(dated, key=lambda place: library.profiles[place].date)] += WEIGHTS.number
    return total


def _has_card(mentions: Mentions, cards: CardMatches) -> bool:
    """Return whether a question names a statement by words that only its card tells."""
    if mentions.latest or not any(is_named(mentions.text, noun) for noun in mentions.nouns):
        return False
    values = cards.similarity
    least = max(_SIMILAR, float(values.mean() + _OUTSTANDING * values.std()))
    return len(values) > 1 and float(values.max()) >= least


def _named(
    library: Library,
    mentions: Mentions,
    evidence: Doubles,
    total: Doubles,
    places: Indices,
    order: Indices,
) -> Meant:
    """Return the statements that a question names.

    Args:
        library: All statements.
        mentions: What the question says.
        evidence: See `named`.
        total: See `_evidence`.
        places: Those that may be meant, ascending.
        order: The same, the one that is meant most likely first.
    """
    sorted_total = total[order]
    best = float(sorted_total[0])
    count = int((sorted_total >= best - _CLOSE).sum())
    close = _ids(library, order[:count])
    own = evidence[places]
    series = _ids(library, places[own >= own.max() - _ALIKE])
    by_parties = mentions.only_parties and mentions.codes <= library.parties_of(series)
    if by_parties and 1 < len(series) < len(places):
        # "What do the AUKUS statements say about ...?" means each of them alike.
        scope = Scope.equally(series)
        return Meant(mentions, "named", series, True, (), scope)
    others = sorted_total[count:]
    is_far = not len(others) or others[0] <= sorted_total[count - 1] - _FAR
    certain = is_far and bool(mentions.spans)  # "some Pacific atoll" has a name, but of no meeting
    searched = order[:count] if certain else order
    priors = np.maximum(-_MAX_PRIOR, _PRIOR * (total[searched] - best)).tolist()
    scope = Scope(dict(zip(_ids(library, searched), priors, strict=True)), close[:MOST_NAMED])
    return Meant(mentions, "named", close, certain, (), scope)


def _latest(library: Library, meant: Meant, series: Sequence[Profile], places: Indices) -> Meant:
    """Return the statements among which the latest one is meant, the newest first.

    They are those of the series that is named.
    """
    chosen = [library.profiles[place] for place in places.tolist()]
    if meant.why == "named" and series and _names_series(library, meant.mentions, series[-1]):
        chosen = list(series)
    newest_first = sorted(chosen, key=lambda profile: profile.date, reverse=True)
    names = tuple(profile.statement for profile in newest_first)
    return Meant(meant.mentions, "latest", names, meant.certain, (), Scope.equally(names))


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
