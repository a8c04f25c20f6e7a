"""The subject of a question about the text: "Does the statement mention Russia?" is about Russia.

Such a question has a subject and a frame: words that stand for the text and for saying something.
No sentence of a statement matches the frame. The frame only draws the search to titles and to
sentences about reports. A logistic model of the tokens, in any language (`subjects.npz`, fitted by
`python -m training.subjects`), tells the frame from the subject.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from index.models.encoder import Encoded, Floats, Ints
from index.models.trained_arrays import read_arrays

FILE = "subjects.npz"
# The mean chance, at least, that the tokens of a frame are frame and the others are not.
_CONFIDENT = 0.8
_SHORTEST = 3  # letters that a frame has at least: "…は?" and "And …?" are no frames
_LETTER = re.compile(r"[^\W_]")
# Words of scripts with spaces. A piece of such a word is extended to the whole word.
_SPACED = re.compile(r"[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")


@dataclass(frozen=True, slots=True)
class Frames:
    """A logistic model that tells which tokens belong to a frame.

    Attributes:
        weights: f32 (dimension,).
        bias: The constant term.
    """

    weights: Floats
    bias: float

    def chances(self, tokens: Floats) -> Floats:
        """Return the chance of each token that it belongs to a frame, f32 (tokens,).

        Args:
            tokens: f32 (tokens, hidden), see `Encoded.states`.
        """
        logits = np.clip(tokens @ self.weights + self.bias, -60, 60)
        return np.asarray(1 / (1 + np.exp(-logits)), np.float32)

    def subject(self, question: str, encoded: Encoded) -> str:
        """Return the subject as it stands in the question; empty where there is no frame.

        Args:
            question: The question.
            encoded: The encoded question. Of a model that was not trained nothing can be told.
        """
        if encoded.query_weights is None or encoded.states.shape[1] != len(self.weights):
            return ""
        tokens, spans = pieces(encoded)
        chances = _of_words(question, spans, self.chances(tokens))
        inside = np.flatnonzero(chances < 0.5)
        if not len(inside):
            return ""
        first, last = int(inside[0]), int(inside[-1])
        frame = np.concatenate([chances[:first], chances[last + 1 :]])
        if not len(frame) or min(frame.mean(), 1 - chances[first : last + 1].mean()) < _CONFIDENT:
            return ""
        start, end = _whole_words(question, int(spans[first, 0]), int(spans[last, 1]))
        if len(_LETTER.findall(question[:start] + question[end:])) < _SHORTEST:
            return ""
        return question[start:end]

    def table(self) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays that the file holds."""
        return {"weights": self.weights.astype(np.float16), "bias": np.array(self.bias)}


def _of_words(question: str, spans: Ints, chances: Floats) -> Floats:
    """Return the chances with one value for all tokens of a word, f32 (tokens,).

    The value is the lowest chance of these tokens. The tokenizer often cuts a name into several
    tokens, and often only the first of them is told from a frame with certainty. In scripts without
    spaces between words each token keeps its own chance.
    """
    if not len(chances):  # nothing of the question can be seen
        return chances
    ends_before = [-1, *spans[:-1, 1].tolist()]
    begins = [
        start != before or not _SPACED.fullmatch(question, start - 1, start + 1)
        for start, before in zip(spans[:, 0].tolist(), ends_before, strict=True)
    ]
    firsts = np.flatnonzero(begins)
    return np.repeat(np.minimum.reduceat(chances, firsts), np.diff([*firsts, len(chances)]))


def pieces(encoded: Encoded) -> tuple[Floats, Ints]:
    """Return the tokens that stand for words and their spans, without the one for the whole."""
    real = encoded.spans[:, 1] > encoded.spans[:, 0]
    return encoded.states[real], encoded.spans[real]


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Trim signs from the ends of a part of a question, and extend it to whole words."""
    letters = [found.start() for found in _LETTER.finditer(text, start, end)]
    if not letters:
        return start, start
    start, end = letters[0], letters[-1] + 1
    for word in _SPACED.finditer(text):
        start = word.start() if word.start() < start < word.end() else start
        end = word.end() if word.start() < end < word.end() else end
    return start, end


@cache
def shipped() -> Frames:
    """Return the model that comes with the project."""
    table = read_arrays(__package__, FILE)
    return Frames(table["weights"].astype(np.float32), float(table["bias"]))
