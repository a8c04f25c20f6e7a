"""The two models that are trained: one makes token vectors, the other reads pairs of texts.

Both are the bundled encoder with changes of their own and a linear head. There is no command:
`training.adapter` and `training.reranker` train these models.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from index.late_interaction.centring import TokenCentring
from index.models.trained_arrays import NamedArrays
from index.models.weights import ModelWeights
from training.networks.torch_model import AdaptedEncoder, half_precision

DIMENSION = 256  # numbers in a token vector
# What the head says of each token, in this order; see `LateInteraction`.
RETRIEVAL, ANSWERABILITY, PRIOR, POOLING = range(4)
HEADS = 4


class LateInteraction(AdaptedEncoder):
    """The model that makes token vectors for late interaction and weighs the tokens of a text.

    Attributes:
        head: Gives four values per token: its weight for retrieval and its weight for
            answerability, both before softplus, its part in the prior of the question, and its
            weight in the vector of the whole text, before softplus.
        projection: Maps centred states to token vectors, f32 (dimension, hidden).
        answer_from: The similarity above which a sentence counts as an answer.
        answer_scale: Logarithm of the factor from similarities to log-odds of an answer.
        retrieval_scale: Logarithm of the inverse temperature of the ranking.
        vector_scale: The same for the ranking by the vectors of whole texts.
        centring: What is subtracted from the token vectors.
    """

    def __init__(self, weights: ModelWeights, rank: int = 16) -> None:
        super().__init__(weights, rank)
        self.head = nn.Linear(self.sizes.hidden, HEADS)
        nn.init.zeros_(self.head.weight)
        nn.init.constant_(self.head.bias, math.log(math.e - 1))  # softplus of this is 1
        nn.init.zeros_(self.head.bias[PRIOR : PRIOR + 1])
        self.projection = nn.Parameter(torch.eye(DIMENSION, self.sizes.hidden))
        self.answer_from = nn.Parameter(torch.tensor(0.5))
        self.answer_scale = nn.Parameter(torch.tensor(math.log(10.0)))
        self.retrieval_scale = nn.Parameter(torch.tensor(math.log(30.0)))
        self.vector_scale = nn.Parameter(torch.tensor(math.log(20.0)))
        self.centring = TokenCentring.identity(self.sizes.hidden)

    def token_vectors(self, states: Tensor) -> Tensor:
        """Turn last-layer states into token vectors of length 1, f32 (tokens, dimension)."""
        return functional.normalize(self._apart(states) @ self.projection.T, dim=-1)

    def heads(self, states: Tensor) -> Tensor:
        """Return the output of the head for last-layer states, f32 (tokens, 4)."""
        heads: Tensor = self.head(functional.layer_norm(states, states.shape[-1:]))
        return heads

    def _apart(self, states: Tensor) -> Tensor:
        """Subtract the centre and remove the directions in which languages differ."""
        centre, languages = map(torch.from_numpy, (self.centring.centre, self.centring.languages))
        apart = functional.normalize(states, dim=-1) - centre
        return apart - (apart @ languages.T) @ languages

    @torch.no_grad()
    def start_projection(self, states: Tensor) -> None:
        """Set the projection to the principal directions of some last-layer states, rotated.

        The rotation gives all dimensions about the same variance, so that one scale for all values
        of a token suits them when they are rounded to 2 bits.

        Args:
            states: f32 (tokens, hidden).
        """
        apart = functional.normalize(self._apart(states), dim=-1)
        _, directions = torch.linalg.eigh(apart.T @ apart)  # the largest come last
        rotation, _ = torch.linalg.qr(torch.randn(DIMENSION, DIMENSION))
        self.projection.copy_(rotation @ directions[:, -DIMENSION:].T)

    def table(self) -> NamedArrays:
        """Return the trained arrays by the names that `index.models.lora` reads."""
        return super().table() | {
            "head.w": half_precision(self.head.weight.T),
            "head.b": half_precision(self.head.bias),
            "projection": half_precision(self.projection),
            "centre": self.centring.centre.astype(np.float16),
            "languages": self.centring.languages.astype(np.float16),
        }

    @torch.no_grad()
    def start_from(self, table: NamedArrays) -> None:
        """Load the changes, the head, the projection and the centring."""
        super().start_from(table)
        self.head.weight.copy_(torch.from_numpy(table["head.w"].T))
        self.head.bias.copy_(torch.from_numpy(table["head.b"]))
        self.projection.copy_(torch.from_numpy(table["projection"]))
        self.centring = TokenCentring(
            *(table[name].astype(np.float32) for name in ("centre", "languages"))
        )


class Reranker(AdaptedEncoder):
    """The model that reads a question and a passage as one text.

    Its head gives the log-odds that a token is part of an answer.
    """

    def __init__(self, weights: ModelWeights, rank: int = 32) -> None:
        super().__init__(weights, rank)
        self.out = nn.Linear(self.sizes.hidden, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, pairs: Sequence[Sequence[int]]) -> list[Tensor]:
        """Return the log-odds of each token, f32 (tokens,) for each pair.

        Args:
            pairs: Token ids of each pair, see `index.models.onnx_encoder.paired`.
        """
        outputs = self.upper(self.lower(pairs))
        return [
            self.out(functional.layer_norm(states, states.shape[-1:]))[:, 0] for states in outputs
        ]

    def table(self) -> NamedArrays:
        """Return the trained arrays by the names that `index.models.lora` reads."""
        return super().table() | {
            "head.w": half_precision(self.out.weight.T),
            "head.b": half_precision(self.out.bias),
        }
