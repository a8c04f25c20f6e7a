"""What the dates in a question say: bounds of the time, or a meeting that is not there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.scope.evidence import Library
from qa.scope.mentions import Mentions, TimeMention
from qa.scope.profiles import Profile

# Code points between a date and a word for a statement that belong together.
_BESIDE = 30


def in_time(profiles: Sequence[Profile], mentions: Mentions) -> Sequence[Profile]:
    """Return the statements since or before the dates that bound the time; all if none is there."""
    inside = [
        profile
        for profile in profiles
        if all(_is_in_bound(profile.date, time) for time in mentions.times)
    ]
    return inside or profiles


def _is_in_bound(day: str, time: TimeMention) -> bool:
    if time.bound == "in" or not time.date.year or not day:
        return True
    known = time.date.iso
    beginning = day[: len(known)]
    return beginning >= known if time.bound == "since" else beginning <= known


def is_missing(library: Library, mentions: Mentions) -> bool:
    """Return whether a question names a meeting by a date on which none of its parties met."""
    dates = [time.date for time in mentions.times if time.bound == "in" and time.date.year]
    if any(day.year > date.today().year for day in dates):
        return False
    if not any(_beside_noun(mentions, day.span.start, day.span.end) for day in dates):
        return False
    parties = library.with_parties(mentions)
    return not any(day.agrees(profile.date) for day in dates for profile in parties if profile.date)


def _beside_noun(mentions: Mentions, start: int, end: int) -> bool:
    return any(
        0 <= noun.start - end <= _BESIDE or 0 <= start - noun.end <= _BESIDE
        for noun in mentions.nouns
    )
