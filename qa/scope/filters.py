"""Filters by hand: which statements may be searched, by id, date and party."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus import arguments
from corpus.errors import ShuttenError
from corpus.facts.dates import find_dates
from corpus.facts.parties import find_parties, with_members
from corpus.records import Provenance


@dataclass(frozen=True, slots=True)
class Within:
    """A filter of statements. What is empty does not filter.

    Attributes:
        statements: Ids of statements.
        since: The earliest date, such as `2023`, `2023-05` or `2023-05-26`.
        until: The latest date. `2023` includes all of 2023.
        parties: Countries or organisations, by code or by name; a statement needs all of them.
        by_name: Whether a question that names some of these statements is answered from them alone.
            Without it, all of them are searched alike, whatever the question names.
    """

    statements: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    parties: tuple[str, ...] = ()
    by_name: bool = True

    @classmethod
    def of(cls, given: Any) -> Within:
        """Return a filter that was given as such, as a mapping or as one id.

        Raises:
            ShuttenError: It is something else, or a part of it has another type.
        """
        if given is None or isinstance(given, cls):
            return given or cls()
        if isinstance(given, str):
            return cls((given,))
        if not isinstance(given, Mapping):
            raise ShuttenError('within must be a filter, such as {"since": "2023"}')
        unknown = given.keys() - cls.__dataclass_fields__.keys()
        if unknown:
            known = ", ".join(cls.__dataclass_fields__)
            raise ShuttenError(f"within has no {min(map(str, unknown))!r}; there are: {known}")
        return cls(
            tuple(arguments.require_texts(given.get("statements", ()), "statements")),
            arguments.require_text(given.get("since", ""), "since"),
            arguments.require_text(given.get("until", ""), "until"),
            tuple(arguments.require_texts(given.get("parties", ()), "parties")),
            arguments.require_flag(given.get("by_name", True), "by_name"),
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered."""
        return not (self.statements or self.since or self.until or self.parties)


Filter = Within | Mapping[str, Any] | str | None
"""A filter as a caller may give it; see `Within.of`."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a filter lets through.

    Attributes:
        statements: Ids of statements; None without a filter.
        by_name: See `Within`.
    """

    statements: Sequence[str] | None = None
    by_name: bool = True

    @classmethod
    def by(cls, within: Within, facts: Mapping[str, Provenance]) -> Allowed:
        """Return what a filter lets through of some statements; see `allowed`."""
        names = None if within.is_empty else allowed(within, facts)
        return cls(names, within.by_name)


def allowed(within: Within, facts: Mapping[str, Provenance]) -> list[str]:
    """Return the ids of the statements that a filter lets through, in the order of the mapping.

    Args:
        within: The filter.
        facts: The provenance of all statements, by id.

    Raises:
        ShuttenError: The filter cannot be used, or lets nothing through; the message says what
            there is.
    """
    for name in within.statements:
        if name not in facts:
            raise arguments.unknown("statement", name, facts)
    since, until = _bound(within.since, "from"), _bound(within.until, "to")
    if since and until and since > _end(until):
        raise ShuttenError(f"from {within.since} is after to {within.until}; exchange them")
    codes = {_code(party, facts) for party in within.parties}
    names = [
        name
        for name, provenance in facts.items()
        if (not within.statements or name in within.statements)
        and _is_between(provenance.date, since, until)
        and codes <= with_members(set(provenance.parties))
    ]
    if not names:
        raise ShuttenError(f"no statement fits the filter; there are {_overview(facts)}")
    return names


def _bound(text: str, name: str) -> str:
    """Return a date of a filter as the known beginning of `YYYY-MM-DD`.

    Raises:
        ShuttenError: It is no date.
    """
    if not text:
        return ""
    mentions = find_dates(text)
    whole = len(mentions) == 1 and mentions[0].span.of(text) == text.strip()
    if not whole or not mentions[0].iso:
        raise ShuttenError(f"{name} {text!r} is no date; write 2023, 2023-05 or 2023-05-26")
    return mentions[0].iso


def _end(known: str) -> str:
    """Return a text that sorts behind all days of a year, a month or a day."""
    return f"{known}~"


def _is_between(day: str, since: str, until: str) -> bool:
    if not (since or until):
        return True
    return bool(day) and since <= day and (not until or day <= _end(until))


def _code(party: str, facts: Mapping[str, Provenance]) -> str:
    """Return the code of a party of some statement.

    Raises:
        ShuttenError: No statement has this party.
    """
    known = with_members({code for provenance in facts.values() for code in provenance.parties})
    codes = {mention.code for mention in find_parties(party)} | {party.upper()}
    if not codes & known:
        there = ", ".join(sorted(known)) or "none"
        raise ShuttenError(f"no statement has the party {party!r}; there are: {there}")
    return min(codes & known)


def _overview(facts: Mapping[str, Provenance]) -> str:
    """Return how many statements there are, and from when to when."""
    days = sorted(filter(None, (provenance.date for provenance in facts.values())))
    count = f"{len(facts)} statement{'s' if len(facts) > 1 else ''}"
    return f"{count}, dated {days[0]} to {days[-1]}" if days else f"{count}, without dates"
