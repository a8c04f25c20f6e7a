"""What a model makes of a passage, as it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.late_interaction.codes import TokenCodes
from index.models.encoder import Floats
from index.store.vectors.rounding import Rounded

Numbers = npt.NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, slots=True)
class PassageEncoding:
    """A passage as search compares it with questions. It was read with its context.

    Attributes:
        tokens: Its own tokens, without those of the context.
        spans: unsigned (tokens, 2), the code points of the passage that each token covers.
        background: The mean MaxSim over the background questions.
        sentence_tokens: unsigned (sentences, 2), the first token of each sentence and one past its
            last.
        sentence_background: f32 (sentences,), the same mean for each sentence.
        vectors: int8 (vectors, dimension), the vectors by which the passage is found: first that of
            the passage, then those of its sentences where they differ from it.
    """

    tokens: TokenCodes
    spans: Numbers
    background: float
    sentence_tokens: Numbers
    sentence_background: Floats
    vectors: Rounded
