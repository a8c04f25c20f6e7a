"""Folds texts before a model reads them: without line breaks, mark-up and variants of characters.

A tokenizer would read a decomposed 「が」 as two tokens and a line break as the end of a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from corpus.characters.folding import Folded, fold
from index.models.encoder import Encoded, Encoder, Ints, Role

# Quotation marks, dashes and spaces are not folded: the model knows them from its training.
KINDS = ("markup", "invisible", "forms", "eras", "breaks")


class FoldingEncoder:
    """An `Encoder` that folds every text.

    The spans that it returns count code points of the original texts.

    Args:
        model: The model that reads the folded texts.
    """

    def __init__(self, model: Encoder) -> None:
        self.model = model
        self.trained, self.reranker = model.trained, model.reranker

    @property
    def fingerprint(self) -> str:
        """See `Encoder.fingerprint`."""
        return self.model.fingerprint

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        """See `Encoder.encode`."""
        folded_texts = [fold(text, kinds=KINDS) for text in texts]
        encoded_texts = self.model.encode([folded.key for folded in folded_texts], role)
        for folded, encoded in zip(folded_texts, encoded_texts, strict=True):
            yield replace(encoded, spans=_original_spans(folded, encoded.spans))

    def rerank(self, question: str, texts: Sequence[str]) -> list[float]:
        """See `Encoder.rerank`."""
        asked, *read = (fold(text, kinds=KINDS).key for text in (question, *texts))
        return self.model.rerank(asked, read)


def _original_spans(folded: Folded, spans: Ints) -> Ints:
    """Turn spans of the key into spans of the text. Empty spans stay empty.

    Args:
        folded: The folded text.
        spans: i32 (n, 2), code points of its key.
    """
    if not len(folded.key):
        return np.zeros_like(spans)
    starts = np.array([*folded.starts, *folded.ends[-1:]], np.int32)
    ends = np.array([*folded.starts[:1], *folded.ends], np.int32)
    empty = spans[:, 0] == spans[:, 1]
    first, last = starts[spans[:, 0]], ends[spans[:, 1]]
    return np.stack([first, np.where(empty, first, last)], axis=1).astype(np.int32)
