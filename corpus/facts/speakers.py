"""The leaders or ministers of a statement and its occasion, where its first words name them.

They are given as the statement writes them. What is doubtful is left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from corpus.characters.scripts import HAN
from corpus.facts.dates import find_dates
from corpus.facts.parties import find_parties, is_group
from corpus.records import Span
from corpus.tables import read_table

_MAX_SENTENCE = 600  # code points of the first sentence that are looked at
_MAX_PERSONS = 12
_WORD = r"(?:[JS]r\b\.?|[A-Z]\.(?:-?[A-Z]\.)*|[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'-]+)"
_KATAKANA = "ァ-ヺー"


def find_signatories(sentence: str, parties: Collection[str]) -> tuple[str, ...]:
    """Return the leaders or ministers with whom a sentence begins, each with the office.

    There are at least two, and one for each party if the parties are countries; otherwise the
    result is empty.

    Args:
        sentence: The first sentence of a statement.
        parties: Codes of the parties of the statement.
    """
    text = " ".join(sentence[:_MAX_SENTENCE].split())
    spans = sorted([*_with_office_before(text), *_with_office_behind(text)])
    persons = tuple(dict.fromkeys(span.of(text) for span in spans))
    if not 1 < len(persons) <= _MAX_PERSONS or not _may_precede(text[: spans[0].start]):
        return ()
    countries = [code for code in parties if not is_group(code)]
    return persons if len(countries) in (0, 1, len(persons)) else ()


def occasion_of_title(title: str) -> str:
    """Return the occasion that a title names: all that stands behind words such as "to mark"."""
    match = _words().occasion_of_title.search(" ".join(title[:_MAX_SENTENCE].split()))
    return match["occasion"] if match else ""


def occasion_of_sentence(sentence: str) -> str:
    """Return the only occasion that a sentence names; empty otherwise."""
    text = " ".join(sentence[:_MAX_SENTENCE].split())
    found = {
        match["occasion"] for pattern in _words().occasions for match in pattern.finditer(text)
    }
    return found.pop() if len(found) == 1 else ""


def _with_office_before(text: str) -> Iterator[Span]:
    """Find persons such as "President Joko Widodo" or "Prime Minister of India, Shri Modi"."""
    words = _words()
    places = {mention.span.start: mention.span.end for mention in find_parties(text)}
    end = 0
    for office in words.office.finditer(text):
        behind = office.end()
        if of := re.compile(r" of (?:the )?").match(text, behind):
            behind = places.get(of.end(), behind)
        name = words.name.match(text, behind)
        if name and office.start() >= end:
            end = name.end()
            yield Span(office.start(), end)


def _with_office_behind(text: str) -> Iterator[Span]:
    """Find persons such as 西村康稔経済産業大臣 or ジーナ・レモンド商務長官."""
    words = _words()
    for match in words.person.finditer(text):
        name = match["name"]
        is_country = any(mention.span.start < 2 for mention in find_parties(name))
        if not is_country and not words.no_name.match(name):
            yield Span(match.start("name"), match.end())


def _may_precede(text: str) -> bool:
    """Return whether a text before the first person has only dates, countries and the like."""
    rest = list(text)
    dates, parties = find_dates(text), find_parties(text)
    for span in (*(date.span for date in dates), *(party.span for party in parties)):
        rest[span.start : span.end] = " " * (span.end - span.start)
    return not re.search(r"[^\W\d_]", _words().before.sub(" ", "".join(rest)))


@dataclass(frozen=True, slots=True)
class _Words:
    """The patterns of `speakers.json`."""

    office: re.Pattern[str]
    name: re.Pattern[str]
    person: re.Pattern[str]
    no_name: re.Pattern[str]
    before: re.Pattern[str]
    occasions: tuple[re.Pattern[str], ...]
    occasion_of_title: re.Pattern[str]


@cache
def _words() -> _Words:
    table = read_table(__package__, "speakers.json")
    either = {name: "|".join(words) for name, words in table.items()}
    particles = rf"(?:(?:{either['particles']}) )*"
    name = rf"{_WORD}(?: {particles}{_WORD}){{1,4}}(?:, [JS]r\b\.?)?"
    start = rf"\b(?:{either['occasions']}) (?:the |l[ae] |el |l[’'])?"
    return _Words(
        office=re.compile(rf"(?<![\w-])(?:{either['offices']})(?!\w)"),
        name=re.compile(rf",? (?:(?:{either['honorifics']}) )*{name}"),
        person=re.compile(
            rf"(?:^|[、と「（(日は及び並に\s])(?P<name>[{HAN}]{{2,8}}?"
            rf"|[{_KATAKANA}]{{2,}}(?:[・＝][{_KATAKANA}]+)*[{HAN}]{{0,3}}?)"
            rf"(?:{either['offices_behind']})"
        ),
        no_name=re.compile(either["no_names"]),
        before=re.compile(rf"(?<![^\W\d_])(?:{either['before']})(?![^\W\d_])", re.IGNORECASE),
        occasions=(
            re.compile(
                rf"(?i:{start})(?P<occasion>(?:[^,.;:()<>]|(?<=\b[A-Z])\.)+?)"
                r"(?=\.?$|[,;:()]|(?<!\b[A-Z])\. | (?:on|in|at|held)\b)"
            ),
            re.compile(
                rf"(?:^|[、。「\s])(?P<occasion>[^、。「」\s]{{2,40}}?)(?:{either['occasions_behind']})"
            ),
        ),
        occasion_of_title=re.compile(rf"(?i:{start})(?P<occasion>[^<>]+)$"),
    )
