"""What the dates in a question say: bounds of the time, or a meeting that is not there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from corpus.facts.dates import DateMention
from corpus.facts.mentions import Mentions, TimeMention, naming_phrases
from corpus.records import Span
from qa.scope.evidence import Library
from qa.scope.profiles import Profile

# Code points between a date and a word for a statement behind it that belong together, if no sign
# of punctuation stands between.
_BESIDE = 30
_CLAUSE_ENDS = re.compile(r"[、。，,;:；：?？!！]")


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
    """Return whether a question names a meeting of which there is no statement.

    Either no statement is of all parties that one word such as "U.S.-India" names beside a word
    for a statement. Or none of those of its parties has the date.
    """
    named = mentions.codes_beside_nouns
    groups = [codes for codes in mentions.compounds if codes <= named]
    dates = [date for date in _dates_of_meeting(mentions) if date.year]
    if any(day.year > date.today().year for day in dates):
        return False
    if groups and len(library.profiles) > 1 and not _has_any(library, groups):
        return True
    parties = library.with_parties(mentions) if named else library.profiles
    agreeing = (day.agrees(profile.date) for day in dates for profile in parties if profile.date)
    return bool(dates) and not any(agreeing)


def _has_any(library: Library, groups: Sequence[set[str]]) -> bool:
    """Return whether a statement is of all parties of a group, or of parties that are not known."""
    return any(
        not profile.parties or codes <= profile.parties
        for profile in library.profiles
        for codes in groups
    )


def _dates_of_meeting(mentions: Mentions) -> list[DateMention]:
    """Return the dates beside a word for a statement or a meeting.

    "The ruling of 2016" in the same question is no date of a meeting.
    """
    phrases = naming_phrases(mentions)
    return [
        day
        for day in mentions.dates
        if any(_belong_together(mentions, day.span, noun, phrases) for noun in mentions.nouns)
    ]


def _belong_together(mentions: Mentions, day: Span, noun: Span, phrases: Sequence[Span]) -> bool:
    if any(phrase.holds(day) and phrase.holds(noun) for phrase in phrases):
        return True
    between = mentions.text[day.end : noun.start]
    return 0 <= noun.start - day.end <= _BESIDE and not _CLAUSE_ENDS.search(between)
