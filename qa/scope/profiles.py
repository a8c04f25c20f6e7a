"""What tells a statement from others, in the form in which questions are compared with it."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.facts.parties import with_members
from corpus.records import Provenance
from index.names import Names

FEW = 4  # parties; a statement of more is named by one of them less surely
_SAME_TITLE = 0.6  # share of the names in two titles


@dataclass(frozen=True, slots=True)
class Profile:
    """What tells a statement from others.

    Attributes:
        statement: The id of the statement.
        date: `YYYY-MM-DD`; empty if it is not known.
        number: The number of the meeting, in digits; empty if it is not known.
        kind: The kind of statement, as its facts say.
        parties: Codes of the parties, with the members of organisations such as AUKUS.
        names: The names in it.
    """

    statement: str
    date: str
    number: str
    kind: str
    parties: frozenset[str]
    names: Names

    def is_in_series_with(self, other: Profile) -> bool:
        """Return whether two statements are of one series.

        They have the same few parties. Or they have many parties, or none that are known, and most
        names in their titles are the same.
        """
        if self.parties and other.parties and len(self.parties | other.parties) <= FEW:
            return self.parties == other.parties
        if min(len(self.parties), len(other.parties)) in range(1, FEW + 1):
            return False
        own, others = self.names.title_terms, other.names.title_terms
        shared, both = own & others, own | others
        return bool(shared) and len(shared) >= _SAME_TITLE * len(both)

    @classmethod
    def of(cls, statement: str, provenance: Provenance, names: Names) -> Profile:
        """Return the profile of a statement.

        Args:
            statement: Its id.
            provenance: Its provenance.
            names: The names in it.
        """
        return cls(
            statement,
            provenance.date,
            provenance.number,
            provenance.kind,
            frozenset(with_members(set(provenance.parties))),
            names,
        )
