"""How questions fit the cards of the statements of a library, for tests."""

from __future__ import annotations

import numpy as np

from corpus.records import Statement
from index.names import Names
from index.search.cards import CardMatches
from qa.scope.library import Library
from qa.scope.profiles import Profile


def profile_of(statement: Statement) -> Profile:
    """Find the names in a statement, and return its profile."""
    return Profile.of(statement.id, statement.provenance, Names.of(statement))


def alike(library: Library, **naming: float) -> CardMatches:
    """All cards are equally similar; those that are given name the statement so much."""
    names = [naming.get(profile.statement, 0.0) for profile in library.profiles]
    return CardMatches(np.full(len(names), 0.3, np.float32), np.array(names, np.float32))
