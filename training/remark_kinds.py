"""Fit `qa/questions/remark_kinds.npz`, the model of the kinds of remarks.

    python -m training.remark_kinds

The command writes the file in place and prints what is mistaken for what. It takes about
five minutes on two cores.

The data are the remarks in `training/data/remarks/kinds.jsonl`. The kind `content` also gets a
sample of the training questions, the remarks of `followups.jsonl`, words of the training texts and
names of countries, because many questions are a bare term. The printed figures are measured on the
remarks of `corpus/questions/kinds-dev.jsonl` that are in none of these files.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from babel import Locale

from corpus.library import QUESTIONS
from corpus.question_sets import load_questions
from index.models.catalogue import BUNDLED, open_encoder
from index.models.encoder import Encoder, Floats
from index.search.query import remark_vector
from qa.questions import remark_kinds
from qa.questions.remark_kinds import FILE, KINDS, Kinds
from training import datasets
from training.array_files import write_arrays
from training.fitting.logistic import fit_softmax

_QUESTIONS = 7000  # questions that are drawn from the training questions
_TERMS = 40  # terms that are drawn from each training text
_TERM = re.compile(
    r"[^\W\d_]{3,}(?:[ -][^\W\d_]{3,}){0,2}|[一-鿿々]{2,6}|[ァ-ヺー]{2,12}|[가-힣]{2,6}"
)
_LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "ja", "zh", "ko", "id", "vi", "ru", "nl", "th")
_SEED = 0
_FOLDS = 5
_STRENGTH = 30.0  # inverse of the regularisation
# A kind weighs as its number of remarks to the power of 1 minus this. With 0 all remarks weigh the
# same, with 1 all kinds.
_BALANCE = 0.5
_MISTAKEN = 0.004  # share of the remarks that ask for content that may be taken for another kind


@dataclass(frozen=True, slots=True)
class EncodedRemarks:
    """Vectors of remarks, and their kinds.

    Attributes:
        vectors: f32 (remarks, dimension), see `index.search.query.remark_vector`.
        kinds: i64 (remarks,), places in `KINDS`.
    """

    vectors: Floats
    kinds: npt.NDArray[np.int64]


def load_remarks(path: Path) -> list[tuple[str, int]]:
    """Read the remarks of a file, each with the place of its kind in `KINDS`."""
    return [(remark.text, KINDS.index(remark.kind)) for remark in load_questions(path)]


def content_questions() -> list[str]:
    """Return a sample of the training questions, and the remarks of `followups.jsonl`."""
    questions = [
        question.text for question in datasets.questions(*datasets.TRAINED_ON, split="train")
    ]
    random.Random(_SEED).shuffle(questions)  # noqa: S311
    remarks = [remark.text for remark in load_questions(datasets.FOLLOWUPS)]
    return [*questions[:_QUESTIONS], *remarks]


def bare_terms() -> list[str]:
    """Return terms of the training texts as users type them, and names of countries."""
    draw = random.Random(_SEED)  # noqa: S311
    terms: set[str] = set()
    for text in datasets.training_texts():
        words = sorted(set(_TERM.findall(text.statement.source.text)))
        drawn = draw.sample(words, min(_TERMS, len(words)))
        terms.update(word.lower() if draw.random() < 0.5 else word for word in drawn)
    for language in _LANGUAGES:
        terms.update(country_names(language))
    return sorted(terms)


def country_names(language: str) -> list[str]:
    """Return the names of all countries in a language, from the CLDR."""
    territories = Locale(language).territories
    return sorted(name for code, name in territories.items() if code.isalpha())


def encode_remarks(encoder: Encoder, remarks: Sequence[tuple[str, int]]) -> EncodedRemarks:
    """Encode remarks that come with the place of their kind in `KINDS`."""
    encoded = encoder.encode([text for text, _ in remarks], "query")
    vectors = np.stack([remark_vector(output) for output in encoded])
    return EncodedRemarks(vectors, np.array([kind for _, kind in remarks]))


def fit_kinds(remarks: EncodedRemarks) -> Kinds:
    """Fit the softmax model. It has no limit: its `least` is 0."""
    counts = np.bincount(remarks.kinds, minlength=len(KINDS))
    weights = (counts.max() / np.maximum(1, counts)) ** _BALANCE
    fitted = fit_softmax(remarks.vectors, remarks.kinds, weights[remarks.kinds], _STRENGTH)
    coefficients, bias = (part.astype(np.float32) for part in fitted)
    return Kinds(coefficients, bias, 0.0)


def cross_validated_chances(remarks: EncodedRemarks) -> Floats:
    """Predict each remark with a model that was fitted to other remarks, in random folds.

    Returns:
        f32 (remarks, kinds), the chance of each kind.
    """
    folds = np.random.default_rng(_SEED).integers(_FOLDS, size=len(remarks.kinds))
    chances = np.zeros((len(folds), len(KINDS)), np.float32)
    for fold in range(_FOLDS):
        fitted = folds != fold
        model = fit_kinds(EncodedRemarks(remarks.vectors[fitted], remarks.kinds[fitted]))
        chances[~fitted] = model.chances(remarks.vectors[~fitted])
    return chances


def content_limit(remarks: EncodedRemarks, chances: Floats) -> float:
    """Return the chance below which a remark is taken for content, whatever its best kind.

    Args:
        remarks: The remarks.
        chances: f32 (remarks, kinds), see `cross_validated_chances`.
    """
    content = chances[remarks.kinds == KINDS.index("content")]
    mistaken = np.where(content.argmax(axis=1) > 0, content.max(axis=1), 0)
    return max(0.5, float(np.quantile(mistaken, 1 - _MISTAKEN)))


def confusion(model: Kinds, remarks: EncodedRemarks) -> dict[str, dict[str, float]]:
    """Return, for each kind among the remarks, the share that the model takes for each kind."""
    predicted = [model.of(vector)[0] for vector in remarks.vectors]
    return {
        KINDS[kind]: {
            name: round(float(np.mean([predicted[place] == name for place in places])), 4)
            for name in KINDS
        }
        for kind in np.unique(remarks.kinds)
        for places in [np.flatnonzero(remarks.kinds == kind)]
    }


def main() -> None:
    """Fit, write the file, and print what is mistaken for what."""
    encoder = open_encoder(BUNDLED)
    content = KINDS.index("content")
    content_remarks = [(text, content) for text in (*content_questions(), *bare_terms())]
    fitted_remarks = [*load_remarks(datasets.REMARK_KINDS), *content_remarks]
    remarks = encode_remarks(encoder, fitted_remarks)
    least = round(content_limit(remarks, cross_validated_chances(remarks)), 3)
    model = replace(fit_kinds(remarks), least=least)
    write_arrays(model.table(), Path(remark_kinds.__file__).with_name(FILE))
    fitted_texts = {text for text, _ in fitted_remarks}
    dev_remarks = [
        (text, kind)
        for text, kind in load_remarks(QUESTIONS / "kinds-dev.jsonl")
        if text not in fitted_texts
    ]
    for kind, shares in confusion(model, encode_remarks(encoder, dev_remarks)).items():
        print(f"{kind:10}", "  ".join(f"{name} {share:.3f}" for name, share in shares.items()))
    print(f"least chance {least}")


if __name__ == "__main__":
    main()
