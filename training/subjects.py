"""Fits `qa/questions/subjects.npz`: `python -m training.subjects`.

It reads the frames written for it (`training/data/remarks/frames.json`), each filled with names
of countries
and with groups of words from the training texts; what has no frame is a sample of the training
questions, and the remarks of `training.remark_kinds` that ask for no content. What it prints is
measured on frames left out of the fit.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.files import replacing
from index.models.catalogue import BUNDLED, open_encoder
from index.models.encoder import Encoded, Encoder, Floats
from qa.questions import subjects
from qa.questions.language import detect_language
from qa.questions.subjects import FILE, Frames, pieces
from training import datasets
from training.logistic import softmax
from training.remark_kinds import countries, of_content, written

_FILLED = 14  # times that each frame is
_LONGEST = 6  # words of a subject
_UNFRAMED = 3000  # questions without a frame
_SEED = 0
_FOLDS = 5
_STRENGTH = 3.0  # inverse of the regularisation
_NO_SPACES = ("ja", "zh", "th")
_RUN = re.compile(r"[^\W_]+(?:[ '’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Framed:
    """A question with its subject.

    Attributes:
        text: The question.
        start: Where the subject begins; 0 for a question without a frame.
        end: Where it ends; the length of the text for a question without a frame.
        frame: Number of its frame; -1 for a question without one.
    """

    text: str
    start: int
    end: int
    frame: int


def framed() -> list[Framed]:
    """Every frame with subjects, and questions without a frame."""
    draw = random.Random(_SEED)  # noqa: S311
    table = json.loads(datasets.FRAMES.read_text("utf-8"))["frames"]
    texts = _texts()
    found: list[Framed] = []
    number = 0
    for language, frames in table.items():
        names = countries(language)
        for frame in frames:
            for _ in range(_FILLED):
                subject = draw.choice(names)
                if draw.random() < 0.6:
                    subject = _group(draw.choice(texts.get(language) or texts["en"]), draw)
                start = frame.index("{}")
                end = start + len(subject)
                found.append(Framed(frame.format(subject), start, end, number))
            number += 1
    others = [text for text, kind in written(datasets.REMARK_KINDS) if kind]
    whole = [*of_content()[:_UNFRAMED], *others]
    return [*found, *(Framed(text, 0, len(text), -1) for text in whole)]


def _texts() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text in datasets.texts(*datasets.TRAINED_ON):
        for line in text.statement.source.text.splitlines():
            if len(line) > 2 * _LONGEST:
                found.setdefault(detect_language(line), []).append(line)
    return found


def _group(line: str, draw: random.Random) -> str:
    """Draw a few consecutive words of a line."""
    run: str = draw.choice(_RUN.findall(line) or ["5G"])
    if detect_language(line) in _NO_SPACES:
        length = draw.randint(2, 2 * _LONGEST)
        start = draw.randint(0, max(0, len(run) - length))
        return run[start : start + length]
    words = run.split(" ")
    length = draw.randint(1, _LONGEST)
    start = draw.randint(0, max(0, len(words) - length))
    return " ".join(words[start : start + length])


def labelled(one: Framed, encoded: Encoded) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """The tokens of a question, and which of them belong to its frame."""
    tokens, spans = pieces(encoded)
    return tokens, (spans[:, 1] <= one.start) | (spans[:, 0] >= one.end)


def fit(rows: Sequence[tuple[Floats, npt.NDArray[np.bool_]]]) -> Frames:
    """Logistic regression over all tokens."""
    tokens, frames = (np.concatenate(part) for part in zip(*rows, strict=True))
    alike = np.ones(len(frames))
    weights, bias = softmax(tokens, frames.astype(np.int64), alike, _STRENGTH)
    return Frames(weights[0].astype(np.float32), float(bias[0]))


def measured(
    asked: Sequence[Framed],
    encoded: Sequence[Encoded],
    rows: Sequence[tuple[Floats, npt.NDArray[np.bool_]]],
) -> Iterator[tuple[Framed, str]]:
    """What is found in each question by a fit that has not seen its frame."""
    folds = np.array(
        [
            one.frame % _FOLDS if one.frame >= 0 else number % _FOLDS
            for number, one in enumerate(asked)
        ]
    )
    for fold in range(_FOLDS):
        model = fit([row for row, other in zip(rows, folds, strict=True) if other != fold])
        for place in np.flatnonzero(folds == fold).tolist():
            one = asked[place]
            yield one, model.subject(one.text, encoded[place])


def report(found: Sequence[tuple[Framed, str]]) -> dict[str, float]:
    """Shares: subjects found whole, found in part, and questions wrongly cut."""
    with_frame = [(one.text[one.start : one.end], got) for one, got in found if one.frame >= 0]
    return {
        "whole": float(np.mean([got == wanted for wanted, got in with_frame])),
        "told": float(np.mean([bool(got) for _, got in with_frame])),
        "wrongly": float(np.mean([bool(got) for one, got in found if one.frame < 0])),
    }


def main() -> None:
    """Fit, write the file beside this module, and print how well subjects are found."""
    encoder: Encoder = open_encoder(BUNDLED)
    asked = framed()
    encoded = list(encoder.encode([one.text for one in asked], "query"))
    rows = [labelled(*pair) for pair in zip(asked, encoded, strict=True)]
    print(
        {
            name: round(share, 3)
            for name, share in report(list(measured(asked, encoded, rows))).items()
        }
    )
    with replacing(Path(subjects.__file__).with_name(FILE)) as file:
        np.savez_compressed(file, allow_pickle=False, **fit(rows).table())


if __name__ == "__main__":
    main()
