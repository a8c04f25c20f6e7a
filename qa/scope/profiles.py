"""What tells a statement from others, in the form in which questions are compared with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.facts.cards import opening_sentences
from corpus.facts.parties import with_members
from corpus.records import Statement
from index.lexical.terms import search_terms
from qa.scope.mentions import Mentions, find_mentions

FEW = 4  # parties; a statement of more is named by one of them less surely
_SAME_TITLE = 0.6  # share of the names in two titles
_LETTERS = "A-Za-zÀ-ÖØ-öø-ÿ"
# Acronyms and words of four letters or more that begin with a capital letter: "TTC", "6G", "Bali".
_NAME = re.compile(
    rf"(?<![{_LETTERS}])(?:[A-Z0-9]*[A-Z][A-Z0-9]+|\d[A-Z]|[A-ZÀ-ÖØ-Þ][{_LETTERS}’'-]{{3,}})(?![{_LETTERS}])"
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What tells a statement from others.

    Attributes:
        statement: The id of the statement.
        date: `YYYY-MM-DD`; empty if it is not known.
        number: The number of the meeting, in digits; empty if it is not known.
        parties: Codes of the parties, with the members of organisations such as AUKUS.
        terms: Names in the title, the venue and the opening; see `naming_terms`.
        title_terms: Names in the title alone.
    """

    statement: str
    date: str
    number: str
    parties: frozenset[str]
    terms: frozenset[str]
    title_terms: frozenset[str]

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
        opening = " ".join(opening_sentences(statement.source.text, statement.passages))
        return cls(
            statement.id,
            provenance.date,
            provenance.number,
            frozenset(with_members(set(provenance.parties))),
            frozenset(naming_terms(find_mentions(f"{title} {opening}"))),
            frozenset(naming_terms(find_mentions(provenance.title))),
        )


def naming_terms(mentions: Mentions) -> set[str]:
    """Return the names in a text, without its dates, parties and words for statements.

    In scripts without capital letters a name cannot be told from other words, so none is returned.
    There the card tells which statement is meant.
    """
    characters = list(mentions.text)
    for span in mentions.spans:
        characters[span.start : span.end] = " " * (span.end - span.start)
    return set(search_terms(" ".join(_NAME.findall("".join(characters)))))
