"""Which statements a question means, as search uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from index.late_interaction.maxsim import Indices
from index.models.encoder import Floats
from index.search.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Scope:
    """The statements that may be quoted, and how likely each of them is meant.

    Attributes:
        priors: What is added to the scores of the sentences of each statement, by its id: 0 for
            the one that is meant most likely, less for others. A statement that is not here is not
            searched.
    """

    priors: Mapping[str, float]

    def passages(self, snapshot: Snapshot) -> Indices:
        """Return the rows of the passages that may be quoted, ascending."""
        inside = np.array([name in self.priors for name in snapshot.statements], bool)
        return np.flatnonzero(inside[snapshot.statement_of])

    def prior_of(self, snapshot: Snapshot, passages: Indices) -> Floats:
        """Return what is added to the scores of the sentences of some passages, f32 (passages,)."""
        priors = [self.priors.get(name, 0.0) for name in snapshot.statements]
        return np.array(priors, np.float32)[snapshot.statement_of[passages]]
