"""Fit `qa/questions/subjects.npz`, the model that finds the subject of a question.

    python -m training.subjects

The command writes the file in place and prints how well subjects are found. It takes about two
minutes on two cores.

The data are the frames in `training/data/remarks/frames.json`, for example "Does it mention {}?".
Each frame is filled with names of countries and with words of the training texts. A sample of the
training questions, and the remarks of `kinds.jsonl` that ask for no content, have no frame. The
printed figures are measured by cross-validation, on frames that the model was not fitted to.
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

from corpus.language import detect_language
from index.models.catalogue import BUNDLED, open_encoder
from index.models.encoder import Encoded, Floats
from qa.questions import subjects
from qa.questions.remark_kinds import KINDS
from qa.questions.subjects import FILE, Frames, pieces
from training import datasets
from training.array_files import write_arrays
from training.fitting.logistic import fit_softmax
from training.remark_kinds import content_questions, country_names, load_remarks

_SUBJECTS = 14  # subjects that each frame is filled with
_TEXT_SHARE = 0.6  # share of the subjects that come from texts; the others are countries
_LONGEST = 6  # words of a subject
_UNFRAMED = 3000  # training questions, which have no frame
_SEED = 0
_FOLDS = 5
_STRENGTH = 3.0  # inverse of the regularisation
_NO_SPACES = ("ja", "zh", "th")
_WORDS = re.compile(r"[^\W_]+(?:[ '’-][^\W_]+)*")
_NO_WORDS = ["5G"]  # a subject for a line without words

_TokenLabels = tuple[Floats, npt.NDArray[np.bool_]]  # token vectors; whether each is in the frame


@dataclass(frozen=True, slots=True)
class FramedQuestion:
    """A question and the place of its subject.

    Attributes:
        text: The question.
        start: The code point at which the subject begins; 0 for a question without a frame.
        end: The code point at which it ends; the length of a question without a frame.
        frame: The number of the frame; -1 for a question without one.
    """

    text: str
    start: int
    end: int
    frame: int


def framed_questions() -> list[FramedQuestion]:
    """Return every frame with several subjects, and questions without a frame."""
    draw = random.Random(_SEED)  # noqa: S311
    frames_by_language = json.loads(datasets.FRAMES.read_text("utf-8"))["frames"]
    lines = _lines_by_language()
    framed: list[FramedQuestion] = []
    number = 0
    for language, frames in frames_by_language.items():
        countries = country_names(language)
        for frame in frames:
            for _ in range(_SUBJECTS):
                subject = draw.choice(countries)
                if draw.random() < _TEXT_SHARE:
                    subject = _draw_words(draw.choice(lines.get(language) or lines["en"]), draw)
                start = frame.index("{}")
                text = frame.format(subject)
                framed.append(FramedQuestion(text, start, start + len(subject), number))
            number += 1
    content = KINDS.index("content")
    others = [text for text, kind in load_remarks(datasets.REMARK_KINDS) if kind != content]
    unframed = [*content_questions()[:_UNFRAMED], *others]
    return [*framed, *(FramedQuestion(text, 0, len(text), -1) for text in unframed)]


def _lines_by_language() -> dict[str, list[str]]:
    """Return the longer lines of the training texts by language."""
    lines: dict[str, list[str]] = {}
    for text in datasets.training_texts():
        for line in text.statement.source.text.splitlines():
            if len(line) > 2 * _LONGEST:
                lines.setdefault(detect_language(line), []).append(line)
    return lines


def _draw_words(line: str, draw: random.Random) -> str:
    """Draw a few consecutive words of a line; characters in languages without spaces."""
    phrase: str = draw.choice(_WORDS.findall(line) or _NO_WORDS)
    if detect_language(line) in _NO_SPACES:
        length = draw.randint(2, 2 * _LONGEST)
        start = draw.randint(0, max(0, len(phrase) - length))
        return phrase[start : start + length]
    words = phrase.split(" ")
    length = draw.randint(1, _LONGEST)
    start = draw.randint(0, max(0, len(words) - length))
    return " ".join(words[start : start + length])


def token_labels(question: FramedQuestion, encoded: Encoded) -> _TokenLabels:
    """Return the token vectors of a question, and whether each token belongs to the frame."""
    tokens, spans = pieces(encoded)
    return tokens, (spans[:, 1] <= question.start) | (spans[:, 0] >= question.end)


def fit_frames(rows: Sequence[_TokenLabels]) -> Frames:
    """Fit a logistic regression over the tokens of all questions."""
    tokens, labels = (np.concatenate(part) for part in zip(*rows, strict=True))
    equal_weights = np.ones(len(labels))
    weights, bias = fit_softmax(tokens, labels.astype(np.int64), equal_weights, _STRENGTH)
    return Frames(weights[0].astype(np.float32), float(bias[0]))


def cross_validated_subjects(
    questions: Sequence[FramedQuestion], encoded: Sequence[Encoded], rows: Sequence[_TokenLabels]
) -> Iterator[tuple[FramedQuestion, str]]:
    """Yield each question with the subject that a model finds that was not fitted to its frame."""
    folds = np.array(
        [
            (question.frame if question.frame >= 0 else number) % _FOLDS
            for number, question in enumerate(questions)
        ]
    )
    for fold in range(_FOLDS):
        model = fit_frames([row for row, other in zip(rows, folds, strict=True) if other != fold])
        for index in np.flatnonzero(folds == fold).tolist():
            question = questions[index]
            yield question, model.subject(question.text, encoded[index])


def subject_shares(predictions: Sequence[tuple[FramedQuestion, str]]) -> dict[str, float]:
    """Return how often subjects are found.

    Returns:
        The shares of questions with a frame whose subject is found exactly, and for which any
        subject is found; the share of questions without a frame for which any is found.
    """
    framed = [
        (question.text[question.start : question.end], subject)
        for question, subject in predictions
        if question.frame >= 0
    ]
    unframed = [subject for question, subject in predictions if question.frame < 0]
    return {
        "exact": float(np.mean([subject == right for right, subject in framed])),
        "any": float(np.mean([bool(subject) for _, subject in framed])),
        "without a frame": float(np.mean([bool(subject) for subject in unframed])),
    }


def main() -> None:
    """Fit, write the file, and print how well subjects are found."""
    encoder = open_encoder(BUNDLED)
    questions = framed_questions()
    encoded = list(encoder.encode([question.text for question in questions], "query"))
    rows = [token_labels(*pair) for pair in zip(questions, encoded, strict=True)]
    shares = subject_shares(list(cross_validated_subjects(questions, encoded, rows)))
    print({name: round(share, 3) for name, share in shares.items()})
    write_arrays(fit_frames(rows).table(), Path(subjects.__file__).with_name(FILE))


if __name__ == "__main__":
    main()
