"""What the dates in a question say: bounds of the time, or a meeting that is not there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import numpy as np

from corpus.facts.dates import DateMention
from corpus.facts.mentions import Mentions, TimeMention, naming_phrases
from corpus.records import Span
from index.ranges import Indices
from qa.scope.library import Library

# Code points between a date and a word for a statement behind it that belong together, if no sign
# of punctuation stands between.
_BESIDE = 30
_CLAUSE_ENDS = re.compile(r"[、。，,;:；：?？!！]")


def in_time(library: Library, places: Indices, mentions: Mentions) -> Indices:
    """Return the statements since or before the dates that bound the time; all if none is there.

    Args:
        library: All statements.
        places: i64 (n,), the places of those that may be meant.
        mentions: What the question says.
    """
    bounds = [time for time in mentions.times if time.bound != "in" and time.date.year]
    if not bounds:
        return places
    days = (library.profiles[place].date for place in places.tolist())
    inside = [all(_is_in_bound(day, time) for time in bounds) for day in days]
    return places[np.array(inside)] if any(inside) else places


def _is_in_bound(day: str, time: TimeMention) -> bool:
    if not day:
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
    if groups and len(library) > 1 and not any(map(library.has_all, groups)):
        return True
    if not dates:
        return False
    places = library.with_parties(mentions) if named else slice(None)
    return not any(library.agree(day)[places].any() for day in dates)


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
