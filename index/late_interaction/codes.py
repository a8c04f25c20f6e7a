"""Token vectors in 2 bits a value.

A token vector of length 1 is stored as the numbers -3, -1, 1 and 3, four in a byte, with one scale
for all of them. With the scale, the product with the exact vector is 1, so that cosines are neither
too low nor too high on average (Gao & Long 2024, RaBitQ). Many rough values keep the ranking better
than few exact ones that take the same room: 256 values in 2 bits do better than 128 in 4 bits
(`docs/ranking.md` has the figures).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.late_interaction.products import products
from index.models.encoder import Floats
from index.ranges import Indices

Bytes = npt.NDArray[np.uint8]
Halves = npt.NDArray[np.float16]

IN_A_BYTE = 4  # values
_BITS, _LEVELS = 2, 4
# The levels 0 to 3 that each byte stands for, u8 (256, 4), and the same four as one number.
_LEVELS_OF = np.array(
    [[byte >> _BITS * place & 3 for place in range(IN_A_BYTE)] for byte in range(256)], np.uint8
)
_FOUR_LEVELS_OF = _LEVELS_OF.view(np.uint32)[:, 0]
_VALUES = 2 * _LEVELS_OF.astype(np.float32) - 3


@dataclass(frozen=True, slots=True)
class TokenCodes:
    """The token vectors of some texts in 2 bits a value.

    Attributes:
        codes: u8 (tokens, dimension / 4). Byte j has the values 4 j to 4 j + 3 of the
            vector, the first in the lowest two bits.
        scales: f16 (tokens,), by which the values are multiplied.
    """

    codes: Bytes
    scales: Halves

    def __len__(self) -> int:
        return len(self.scales)

    @classmethod
    def of(cls, tokens: Floats) -> TokenCodes:
        """Round token vectors.

        Args:
            tokens: f32 (tokens, dimension), unit rows.

        Raises:
            ValueError: The dimension is not a multiple of 4.
        """
        dimension = tokens.shape[1]
        if dimension % IN_A_BYTE:
            raise ValueError(f"token vectors of {dimension} numbers, not of a multiple of 4")
        # The values of a vector of length 1 have the standard deviation 1 / sqrt(dimension), and
        # that is nearly the best distance of four levels for such values (Max 1960).
        levels = np.floor(tokens * np.sqrt(dimension)) + _LEVELS // 2
        levels = np.clip(levels, 0, _LEVELS - 1).astype(np.uint8)
        places = np.arange(0, _BITS * IN_A_BYTE, _BITS, dtype=np.uint8)
        quartets = levels.reshape(len(levels), dimension // IN_A_BYTE, IN_A_BYTE) << places
        codes = np.bitwise_or.reduce(quartets, axis=2)
        products = (_VALUES[codes].reshape(tokens.shape) * tokens).sum(axis=1)
        return cls(codes, (1 / np.maximum(products, 1)).astype(np.float16))

    def vectors(self) -> Floats:
        """Return the token vectors, f32 (tokens, dimension), which are a little longer than 1."""
        values = _VALUES.take(self.codes, axis=0).reshape(len(self), self._dimension)
        return values * self.scales[:, None].astype(np.float32)

    @property
    def _dimension(self) -> int:
        return int(self.codes.shape[1]) * IN_A_BYTE

    def cosines(self, query: Floats) -> Floats:
        """Return the cosine of each token to each row of a query, f32 (tokens, query tokens).

        Args:
            query: f32 (query tokens, dimension), unit rows.
        """
        levels = _FOUR_LEVELS_OF.take(self.codes).view(np.uint8)
        cosines = products(levels.reshape(len(self), self._dimension), query)
        # All scales are in this range, but for those of a damaged file.
        cosines *= np.fmin(np.fmax(self.scales, 0), 1).astype(np.float32)[:, None]
        return cosines


class NumberedTokens(Protocol):
    """Token codes by their numbers, wherever they lie."""

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""

    def fetch(self, begins: Indices, ends: Indices) -> None:
        """Prepare for `take` of all these ranges, so that what lies far away comes in one step."""

    def take(self, begins: Indices, ends: Indices) -> TokenCodes:
        """Return the tokens of some ranges, one after another. A range lies within one passage.

        Args:
            begins: i64 (ranges,), the first token of each range; at least one range.
            ends: i64 (ranges,), one past the last token.
        """


@dataclass(frozen=True, slots=True)
class CodeParts:
    """Token codes that lie in memory or in mapped files, numbered one after another.

    Attributes:
        parts: The codes of each place.
        starts: i64 (parts + 1,), the number of the first token of each part, and of all tokens.
    """

    parts: Sequence[TokenCodes]
    starts: Indices

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self.parts[0].codes.shape[1]) * IN_A_BYTE

    @classmethod
    def of(cls, *parts: TokenCodes) -> CodeParts:
        """Number the tokens of some parts."""
        return cls(parts, np.cumsum([0, *map(len, parts)]))

    def fetch(self, begins: Indices, ends: Indices) -> None:
        """See `NumberedTokens.fetch`. All of them are here already."""

    def take(self, begins: Indices, ends: Indices) -> TokenCodes:
        """See `NumberedTokens.take`."""
        owners = np.searchsorted(self.starts, begins, "right") - 1
        # Ranges that follow one another are one slice.
        apart = (begins[1:] != ends[:-1]) | (owners[1:] != owners[:-1])
        first = np.concatenate([[0], np.flatnonzero(apart) + 1])
        last = np.concatenate([first[1:], [len(begins)]]) - 1
        runs = np.stack([begins[first], ends[last]], axis=1) - self.starts[owners[first], None]
        slices = [
            (self.parts[owner], slice(*bounds))
            for owner, bounds in zip(owners[first].tolist(), runs.tolist(), strict=True)
        ]
        if len(slices) == 1:
            ((part, only),) = slices
            return TokenCodes(part.codes[only], part.scales[only])
        return TokenCodes(
            np.concatenate([part.codes[own] for part, own in slices]),
            np.concatenate([part.scales[own] for part, own in slices]),
        )
