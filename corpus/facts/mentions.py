"""What a question says of the statement that it means: dates, parties, ordinals, "the latest"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from corpus.facts.dates import DateMention, find_dates
from corpus.facts.ordinals import OrdinalMention, find_ordinals
from corpus.facts.parties import PartyMention, find_parties
from corpus.records import Span
from corpus.tables import read_table

Bound = Literal["in", "since", "before"]
_KINDS = {
    "joint statement": re.compile(
        r"joint (?:\S+ )?statement|共同声明|联合声明|공동 ?성명", re.IGNORECASE
    ),
    "declaration": re.compile(r"declarations?\b|宣言|선언", re.IGNORECASE),
}
_DASH = re.compile(r"\s?[\-‐‑–—/・·]\s?")
# The end of a name directly before a word for a statement: 「ロサンゼルス宣言」.
_TITLE = re.compile(r"[\u30a1-\u30ff]{2}\Z|(?<=[^\W\d_]\s)[A-ZÀ-Þ][\w’'.-]*\s\Z")
_NEAR = 14  # code points between a date and the word that makes it a bound


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A date in a question, and how it bounds the time of the statements.

    Attributes:
        date: The date.
        bound: `in` for the date itself, `since` and `before` for all later or earlier ones.
    """

    date: DateMention
    bound: Bound


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a question says of the statement that it means.

    Attributes:
        text: The question.
        times: The dates.
        parties: The countries and organisations.
        ordinals: The numbers of meetings.
        nouns: Words for a statement or a meeting.
        latest: Words that ask for the latest statement.
        earliest: Words that ask for the first statement of a series.
        changes: Words that ask what changed from one statement to another.
        news: Words that ask so of one statement that is named: "What is new in 2024?" But "How did
            the share change?" may be asked of what it says.
        comparing: Whether it does so if it names two statements: "What did 2024 add to 2022?"
    """

    text: str
    times: Sequence[TimeMention]
    parties: Sequence[PartyMention]
    ordinals: Sequence[OrdinalMention]
    nouns: Sequence[Span]
    latest: Sequence[Span]
    earliest: Sequence[Span]
    changes: Sequence[Span]
    news: Sequence[Span]
    comparing: bool

    @property
    def only_parties(self) -> bool:
        """Whether it names statements by their parties alone."""
        others = (*self.times, *self.ordinals, *self.latest, *self.earliest)
        return bool(self.parties and self.nouns) and not others

    @property
    def spans(self) -> list[Span]:
        """The words that name a statement, in any order."""
        return [
            *(time.date.span for time in self.times),
            *(party.span for party in self.parties),
            *(ordinal.span for ordinal in self.ordinals),
            *self.nouns,
            *self.latest,
            *self.earliest,
        ]

    @property
    def kind(self) -> str:
        """The kind of statement that it names: `declaration`, `joint statement`, or empty.

        Languages with one word for both say nothing.
        """
        words = " ".join(noun.of(self.text) for noun in self.nouns)
        kinds = {kind for kind, pattern in _KINDS.items() if pattern.search(words)}
        return kinds.pop() if len(kinds) == 1 else ""

    @property
    def compounds(self) -> list[set[str]]:
        """The codes of parties that are named in one word, such as 日米豪 or "U.S.-India"."""
        groups: list[set[str]] = []
        previous: PartyMention | None = None
        for party in self.parties:
            if not (previous and self._in_one_word(previous, party)):
                groups.append(set())
            groups[-1].add(party.code)
            previous = party
        return [codes for codes in groups if len(codes) > 1]

    def _in_one_word(self, one: PartyMention, other: PartyMention) -> bool:
        """Return whether a dash joins two parties, or one is a single sign: 米EU.

        "G7 Ukraine statement" and 「G7ロシア制裁」 name one party, and what is spoken of.
        """
        between = self.text[one.span.end : other.span.start]
        signs = (len(party.span.of(self.text)) == 1 for party in (one, other))
        return bool(_DASH.fullmatch(between)) or (not between and any(signs))

    @property
    def dates(self) -> list[DateMention]:
        """The dates, without bounds of the time such as "since 2023"."""
        return [time.date for time in self.times if time.bound == "in"]

    @property
    def naming_dates(self) -> list[DateMention]:
        """The dates of a meeting or statement.

        In "the May 2023 statement on the ruling of 2016" the ruling has a date of its own. So dates
        beside a word for a statement count, or else those beside a party, or else all.
        """
        phrases = naming_phrases(self)
        parties = [party.span for party in self.parties]
        for spans in (self.nouns, parties):
            naming = [phrase for phrase in phrases if any(map(phrase.holds, spans))]
            beside = [day for day in self.dates if any(p.holds(day.span) for p in naming)]
            if beside:
                return beside
        return self.dates

    @property
    def codes(self) -> set[str]:
        """The codes of the parties that name a statement.

        In "What does the U.S.-India statement say about Europe?" Europe is what is asked about.
        Without parties beside a word for a statement, all count; but none do if that word has a
        name before it. In 「ロサンゼルス宣言で日本は」 Japan is what is asked about.
        """
        if beside := self.codes_beside_nouns:
            return beside
        if any(_TITLE.search(self.text, 0, noun.start) for noun in self.nouns):
            return set()
        return {mention.code for mention in self.parties}

    @property
    def codes_beside_nouns(self) -> set[str]:
        """The codes of the parties beside a word for a statement."""
        phrases = [phrase for phrase in naming_phrases(self) if any(map(phrase.holds, self.nouns))]
        return {
            mention.code
            for mention in self.parties
            if any(phrase.holds(mention.span) for phrase in phrases)
        }


def naming_phrases(mentions: Mentions) -> list[Span]:
    """Join the words that name a statement where only joining words stand between them."""
    phrases: list[Span] = []
    for span in sorted(mentions.spans):
        if phrases and (
            span.start <= phrases[-1].end
            or _joining().fullmatch(mentions.text, phrases[-1].end, span.start)
        ):
            phrases[-1] = Span(phrases[-1].start, max(phrases[-1].end, span.end))
        else:
            phrases.append(span)
    return phrases


def find_mentions(question: str) -> Mentions:
    """Return what a question says of the statement that it means."""
    return Mentions(
        question,
        [TimeMention(date, _bound(question, date.span)) for date in find_dates(question)],
        find_parties(question),
        find_ordinals(question),
        _words("statement", question),
        _words("latest", question),
        _words("earliest", question),
        _words("change", question),
        _words("news", question),
        bool(_words("change_between", question)),
    )


def _words(name: str, text: str) -> list[Span]:
    return [Span(*match.span()) for match in _patterns()[name].finditer(text)]


def _bound(text: str, date: Span) -> Bound:
    patterns = _patterns()
    before, behind = text[max(0, date.start - _NEAR) : date.start], text[date.end :][:_NEAR]
    bounds: tuple[Bound, ...] = ("since", "before")
    for bound in bounds:
        if patterns[f"{bound}_last"].search(before) or patterns[f"{bound}_behind"].match(behind):
            return bound
    return "in"


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    table = word_table()
    alone = ("statement", "latest", "earliest", "change", "news", "change_between")
    patterns = {name: any_of(table[name]) for name in alone}
    for name in ("since", "before"):
        patterns[f"{name}_last"] = any_of(table[name], after=r"\s*\Z")
        patterns[f"{name}_behind"] = any_of(table[f"{name}_behind"], before=r"\s*")
    return patterns


def is_named(text: str, noun: Span) -> bool:
    """Return whether a word for a statement has a name beside it, as far as its form tells.

    ロサンゼルス宣言, "the Jerusalem Declaration" and "la Déclaration de Los Angeles" have one.
    "Which statement", "the statements" and 「台湾に触れた声明」 have none.
    """
    before, behind = text[: noun.start].rstrip(" \"'“「『"), text[noun.end :]
    if _general().search(before):
        return False
    # The first word of a question has a capital letter in any case.
    return bool(_name_before().search(before) or _name_behind().match(behind))


@cache
def _general() -> re.Pattern[str]:
    return any_of(word_table()["general"], after=r"\Z")


@cache
def _name_before() -> re.Pattern[str]:
    return re.compile(
        r"(?<=[^\W\d_]\s)[A-ZÀ-Þ][\w’'.-]*\Z|[\u3400-\u9fff\u30a1-\u30ff가-힣]\s?\Z|の\Z"
    )


@cache
def _name_behind() -> re.Pattern[str]:
    return any_of(word_table()["prepositions"], before=r"\s+", after=r"\s+(?:l[ae]s?\s)?[A-ZÀ-Þ]")


@cache
def _joining() -> re.Pattern[str]:
    words = "|".join(word_table()["joining"])
    return re.compile(rf"(?:{words})*", re.IGNORECASE)


@cache
def word_table() -> dict[str, Any]:
    """Return the table `words.json`."""
    return read_table(__package__, "words.json")


def any_of(words: Sequence[str], before: str = "", after: str = "") -> re.Pattern[str]:
    """Return a pattern for any of some words. Words in Latin or Cyrillic script stand alone.

    Args:
        words: Patterns of the words.
        before: A pattern of what stands before the word.
        after: A pattern of what stands after it.
    """
    alone = [word for word in words if re.match(r"[(]?[?:]*[a-zà-ÿа-я]", word, re.IGNORECASE)]
    other = [word for word in words if word not in alone]
    parts = [rf"(?<!\w)(?:{'|'.join(alone)})(?!\w)"] if alone else []
    return re.compile(rf"{before}(?:{'|'.join([*parts, *other])}){after}", re.IGNORECASE)
