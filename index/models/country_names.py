"""Puts the full name of a country behind its one-character name: 「対露」 becomes 「対露ロシア」.

A Japanese statement writes 日米韓 or 対露輸出管理. A question in any language names Russia in full.
The model knows that ロシア and Russia mean the same, but it does not know 露. So it reads the full
name behind the character, wherever the character surely stands for a country; see
`corpus.characters.country_signs`. Texts in other languages stay as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from corpus.characters.country_signs import TABLE, country_positions, territory_codes
from corpus.facts.cldr import territories
from index.models.encoder import Encoded, Encoder, Role
from index.models.trained_arrays import read_package_file


@dataclass(frozen=True, slots=True)
class ExpandedText:
    """A text with full names of countries added.

    Attributes:
        text: The text with the names.
        origins: i64 (characters,), for each character of `text` its code point in the original
            text. The characters of an added name have the code point of the character before them.
    """

    text: str
    origins: npt.NDArray[np.int64]

    def original_spans(self, spans: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Turn spans of `text` into spans of the original text. Empty spans become 0:0.

        Args:
            spans: i32 (n, 2), code points.
        """
        filled = spans[:, 1] > spans[:, 0]
        originals = np.zeros_like(spans)
        originals[filled, 0] = self.origins[spans[filled, 0]]
        originals[filled, 1] = self.origins[spans[filled, 1] - 1] + 1
        return originals


def expand_country_names(text: str) -> ExpandedText | None:
    """Put full names behind the one-character names of countries; None where there are none."""
    positions = country_positions(text)
    if not positions:
        return None
    names = _full_names()
    parts, origins, done = [], [], 0
    for position in positions:
        name = names[text[position]]
        parts += [text[done : position + 1], name]
        origins += [*range(done, position + 1), *[position] * len(name)]
        done = position + 1
    origins += range(done, len(text))
    return ExpandedText("".join([*parts, text[done:]]), np.array(origins, np.int64))


@cache
def _full_names() -> dict[str, str]:
    """Return the Japanese name of each country by its character."""
    names = territories("ja")
    return {sign: names[code] for sign, code in territory_codes().items()}


class CountryNameEncoder:
    """An `Encoder` that reads texts with the full names of countries.

    The spans that it returns count code points of the original texts.

    Args:
        encoder: The model that reads the expanded texts.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.trained, self.reranker = encoder.trained, encoder.reranker

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of the model, followed by a checksum of the table of names."""
        table = read_package_file("corpus.characters", TABLE)
        return f"{self._encoder.fingerprint}:names-{hashlib.sha256(table).hexdigest()[:8]}"

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        """See `Encoder.encode`."""
        expansions = [expand_country_names(text) for text in texts]
        encoded_texts = self._encoder.encode(_texts_to_read(texts, expansions), role)
        for encoded, expanded in zip(encoded_texts, expansions, strict=True):
            if expanded:
                yield replace(encoded, spans=expanded.original_spans(encoded.spans))
            else:
                yield encoded

    def rerank(self, question: str, texts: Sequence[str]) -> list[float]:
        """See `Encoder.rerank`."""
        given = (question, *texts)
        asked, *read = _texts_to_read(given, [expand_country_names(text) for text in given])
        return self._encoder.rerank(asked, read)


def _texts_to_read(texts: Sequence[str], expansions: Sequence[ExpandedText | None]) -> list[str]:
    return [
        expanded.text if expanded else text
        for text, expanded in zip(texts, expansions, strict=True)
    ]
