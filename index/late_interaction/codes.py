"""Token vectors in 4 bits a value.

A token vector of length 1 is stored as whole numbers from -7 to 7, two in a byte, with one scale
for all of them. The scale gives the stored vector the length 1 again. The cosine of such a vector
to the exact one is about 0.995, which does not change how passages are ranked
(`docs/performance.md` has the figures).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.models.encoder import Floats

Bytes = npt.NDArray[np.uint8]
Halves = npt.NDArray[np.float16]
Indices = npt.NDArray[np.int64]

LARGEST_CODE = 7
_ZERO = 8  # the 4-bit number that stands for the value 0


@dataclass(frozen=True, slots=True)
class TokenCodes:
    """The token vectors of some texts in 4 bits a value.

    Attributes:
        codes: u8 (tokens, dimension / 2, rounded up). Byte j has value j of the vector in its low
            four bits, and value j + dimension / 2 in its high four bits.
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
        """
        odd = tokens.shape[1] % 2
        largest = np.abs(tokens).max(axis=1, keepdims=True, initial=1e-12)
        values = np.rint(tokens * (LARGEST_CODE / largest)).astype(np.int8)
        values = np.pad(values, ((0, 0), (0, odd)))
        lengths = np.sqrt(np.square(values, dtype=np.int32).sum(axis=1))
        scales = (1 / np.maximum(lengths, 1)).astype(np.float16)
        low, high = np.split((values + _ZERO).astype(np.uint8), 2, axis=1)
        return cls(low | np.left_shift(high, np.uint8(4)), scales)

    def vectors(self) -> Floats:
        """Return the token vectors, f32 (tokens, dimension, rounded up to an even number)."""
        values = np.concatenate([self.codes & 15, self.codes >> 4], axis=1).astype(np.float32)
        return (values - _ZERO) * self.scales[:, None].astype(np.float32)

    def cosines(self, query: Floats) -> Floats:
        """Return the cosine of each token to each row of a query, f32 (tokens, query tokens).

        Args:
            query: f32 (query tokens, dimension), unit rows.
        """
        half = self.codes.shape[1]
        high = np.zeros((len(query), half), np.float32)
        high[:, : query.shape[1] - half] = query[:, half:]
        products = (self.codes & 15).astype(np.float32) @ query[:, :half].T
        products += (self.codes >> 4).astype(np.float32) @ high.T
        products -= _ZERO * query.sum(axis=1)
        # All scales are in this range, but for those of a damaged file.
        products *= np.fmin(np.fmax(self.scales, 0), 1)[:, None]
        return products


@dataclass(frozen=True, slots=True)
class CodeParts:
    """Token codes that lie in several places, numbered one after another.

    Attributes:
        parts: The codes of each place.
        starts: i64 (parts + 1,), the number of the first token of each part, and of all tokens.
    """

    parts: Sequence[TokenCodes]
    starts: Indices

    @classmethod
    def of(cls, *parts: TokenCodes) -> CodeParts:
        """Number the tokens of some parts."""
        return cls(parts, np.cumsum([0, *map(len, parts)]))

    def take(self, begins: Indices, ends: Indices) -> TokenCodes:
        """Return the tokens of some ranges, one after another. A range lies within one part.

        Args:
            begins: i64 (ranges,), the first token of each range; at least one range.
            ends: i64 (ranges,), one past the last token.
        """
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
