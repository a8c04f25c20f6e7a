"""What tells a statement from others, in the form in which questions are compared with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from corpus.facts.cards import opening_sentences
from corpus.facts.parties import with_members
from corpus.records import Statement
from index.lexical.terms import search_terms
from qa.scope.mentions import Mentions, find_mentions, word_table

FEW = 4  # parties; a statement of more is named by one of them less surely
_MAX_OPENING = 2_000  # code points
_SAME_TITLE = 0.6  # share of the names in two titles
_LETTERS = "A-Za-zÀ-ÖØ-öø-ÿ"
# Acronyms and words of four letters or more that begin with a capital letter: "TTC", "6G", "Bali".
_TERM = re.compile(
    rf"(?<![{_LETTERS}])(?:[A-Z0-9]*[A-Z][A-Z0-9]+|\d[A-Z]|[A-ZÀ-ÖØ-Þ][{_LETTERS}’'-]{{3,}})(?![{_LETTERS}])"
)
_WORD = rf"[A-ZÀ-ÖØ-Þ][{_LETTERS}]+"
_MOST_WORDS = 3  # of a name: "von der Leyen"


@dataclass(frozen=True, slots=True)
class Profile:
    """What tells a statement from others.

    Attributes:
        statement: The id of the statement.
        date: `YYYY-MM-DD`; empty if it is not known.
        number: The number of the meeting, in digits; empty if it is not known.
        kind: The kind of statement, as its facts say.
        parties: Codes of the parties, with the members of organisations such as AUKUS.
        terms: Names in the title, the venue and the opening; see `naming_terms`.
        title_terms: Names in the title alone.
        spoken: Names that questions in other scripts may write by their sound; see `proper_names`.
    """

    statement: str
    date: str
    number: str
    kind: str
    parties: frozenset[str]
    terms: frozenset[str]
    title_terms: frozenset[str]
    spoken: frozenset[str]

    def is_in_series_with(self, other: Profile) -> bool:
        """Return whether two statements are of one series.

        They have the same few parties. Or they have many parties, or none that are known, and most
        names in their titles are the same.
        """
        if self.parties and other.parties and len(self.parties | other.parties) <= FEW:
            return self.parties == other.parties
        if min(len(self.parties), len(other.parties)) in range(1, FEW + 1):
            return False
        shared, both = self.title_terms & other.title_terms, self.title_terms | other.title_terms
        return bool(shared) and len(shared) >= _SAME_TITLE * len(both)

    @classmethod
    def of(cls, statement: Statement) -> Profile:
        """Return the profile of a statement."""
        provenance = statement.provenance
        title = " ".join((provenance.title, provenance.title_en, provenance.venue))
        sentences = opening_sentences(statement.source.text, statement.passages)
        opening = " ".join(sentences)[:_MAX_OPENING]
        naming = find_mentions(f"{title} {opening}")
        return cls(
            statement.id,
            provenance.date,
            provenance.number,
            provenance.kind,
            frozenset(with_members(set(provenance.parties))),
            frozenset(naming_terms(naming)),
            frozenset(naming_terms(find_mentions(provenance.title))),
            frozenset(proper_names(naming, statement)),
        )


def naming_terms(mentions: Mentions) -> set[str]:
    """Return the names in a text, without its dates, parties and words for statements.

    In scripts without capital letters a name cannot be told from other words, so none is returned.
    There the card tells which statement is meant, and so does the sound of names; see
    `Library.terms`.
    """
    return set(search_terms(" ".join(_TERM.findall(rest(mentions)))))


def rest(mentions: Mentions) -> str:
    """Return a text with blanks in the place of its dates, parties and words for statements."""
    characters = list(mentions.text)
    for span in mentions.spans:
        characters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(characters)


def proper_names(mentions: Mentions, statement: Statement) -> set[str]:
    """Return the names of up to three words in a title, in lower case: "jeddah", "east room".

    Words that the statement also writes with small letters are ordinary ones: "partnership".

    Args:
        mentions: What was found in the title and the opening of the statement.
        statement: The statement.
    """
    text = f" {' '.join(_words(statement))} "
    return {
        name
        for match in _phrase().finditer(rest(mentions))
        for name in _parts(re.split("[ -]", match.group()))
        if f" {name} " not in text
    }


def small_words(statement: Statement) -> set[str]:
    """Return the words that a statement writes with small letters. None of them is a name."""
    return {word for word in _words(statement) if word.islower()}


def _words(statement: Statement) -> list[str]:
    """Return the words of the sentences without addresses, which have names in small letters."""
    text = statement.source.text
    spans = (span for passage in statement.passages for span in passage.sentences)
    return _word().findall(_address().sub(" ", " ".join(span.of(text) for span in spans)))


def _parts(words: Sequence[str]) -> Iterator[str]:
    """Yield each word of a name, and each few that follow each other, in lower case."""
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _MOST_WORDS) + 1):
            if words[end - 1][0].isupper():
                yield " ".join(words[start:end]).lower()


@cache
def _word() -> re.Pattern[str]:
    return re.compile(rf"[{_LETTERS}]+")


@cache
def _address() -> re.Pattern[str]:
    return re.compile(r"(?:https?://|www\.)\S+")


@cache
def _phrase() -> re.Pattern[str]:
    """Return a pattern for words with capital letters, such as "President von der Leyen"."""
    word = rf"(?:(?:{'|'.join(word_table()['name_particles'])})[ -]){{0,3}}{_WORD}"
    return re.compile(rf"(?<![{_LETTERS}]){word}(?:[ -]{word})*(?![{_LETTERS}])")
