"""A model that reads texts as a reader does: without layout, mark-up and odd forms of characters.

A tokenizer takes a decomposed が for two tokens, and a line break for the end of a word. What is
read is therefore folded first, and the spans that come back count code points of the text itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from corpus.characters.folding import Folded, fold
from index.models.encoder import Encoded, Encoder, Ints, Role, TokenLogits

# Quotation marks, dashes and single spaces stay as the model knows them from its training.
KINDS = ("markup", "invisible", "forms", "eras", "breaks")


class FoldedEncoder:
    """An `Encoder` that folds all it is given.

    Args:
        model: What reads the folded texts.
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
        folded = [fold(text, kinds=KINDS) for text in texts]
        encoded = self.model.encode([one.key for one in folded], role)
        for key, one in zip(folded, encoded, strict=True):
            yield replace(one, spans=_unfolded(key, one.spans))

    def rerank(self, question: str, passages: Sequence[str]) -> list[TokenLogits]:
        """See `Encoder.rerank`."""
        folded = [fold(text, kinds=KINDS) for text in passages]
        asked = fold(question, kinds=KINDS).key
        readings = self.model.rerank(asked, [one.key for one in folded])
        return [
            replace(one, spans=_unfolded(key, one.spans))
            for key, one in zip(folded, readings, strict=False)  # none, where nothing can be read
        ]


def _unfolded(folded: Folded, spans: Ints) -> Ints:
    """Spans of the key as spans of the text; an empty one stays empty.

    Args:
        folded: The text.
        spans: i32 (n, 2), code points of its key.
    """
    starts = np.array([*folded.starts, *folded.ends[-1:]], np.int32)
    ends = np.array([*folded.starts[:1], *folded.ends], np.int32)
    empty = spans[:, 0] == spans[:, 1]
    if not len(folded.key):
        return np.zeros_like(spans)
    first, last = starts[spans[:, 0]], ends[spans[:, 1]]
    return np.stack([first, np.where(empty, first, last)], axis=1).astype(np.int32)
