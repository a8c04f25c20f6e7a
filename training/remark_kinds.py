"""Fits `qa/questions/remark_kinds.npz`: `python -m training.remark_kinds`.

It reads the remarks written for it (`training/data/remarks/kinds.jsonl`) and, as what asks for
content, a
sample of the training questions, follow-ups, words and groups of words from the training texts,
and names of countries: many a question is a bare term. `corpus/questions/kinds-dev.jsonl` is never
fitted to, only measured on.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from babel import Locale

from corpus.files import replacing
from corpus.library import QUESTIONS
from corpus.question_sets import load_questions
from index.late_interaction.background import Background
from index.models.catalogue import BUNDLED, open_encoder
from index.models.encoder import Encoder, Floats
from index.search.query import remark_vector
from qa.questions import remark_kinds
from qa.questions.remark_kinds import FILE, KINDS, Kinds
from training import datasets
from training.logistic import softmax

_SAMPLE = 7000  # of the training questions
_TERMS = 40  # of each training text
_TERM = re.compile(
    r"[^\W\d_]{3,}(?:[ -][^\W\d_]{3,}){0,2}|[一-鿿々]{2,6}|[ァ-ヺー]{2,12}|[가-힣]{2,6}"
)
_LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "ja", "zh", "ko", "id", "vi", "ru", "nl", "th")
_SEED = 0
_FOLDS = 5
_STRENGTH = 30.0  # inverse of the regularisation
_EVENLY = 0.5  # power by which rare kinds count more; 1 would make all count the same
_MISTAKEN = 0.004  # of what asks for content may be taken for another kind, left out of the fit


@dataclass(frozen=True, slots=True)
class Remarks:
    """Remarks and their kinds.

    Attributes:
        sounds: f32 (remarks, dimension), see `index.search.query.sound`.
        kinds: i64 (remarks,), places in `KINDS`.
    """

    sounds: Floats
    kinds: npt.NDArray[np.int64]


def written(path: Path) -> list[tuple[str, int]]:
    """Remarks of a file, each with the place of its kind in `KINDS`."""
    return [(one.text, KINDS.index(one.kind)) for one in load_questions(path)]


def of_content() -> list[str]:
    """A sample of the training questions, and the remarks written for follow-ups."""
    asked = [one.text for one in datasets.questions(*datasets.TRAINED_ON)]
    random.Random(_SEED).shuffle(asked)  # noqa: S311
    leaning = load_questions(datasets.FOLLOWUPS)
    return [*asked[:_SAMPLE], *(one.text for one in leaning)]


def bare_terms() -> list[str]:
    """Words of the training texts as one types them, and names of countries in many languages."""
    draw = random.Random(_SEED)  # noqa: S311
    found: set[str] = set()
    for text in datasets.texts(*datasets.TRAINED_ON):
        words = sorted(set(_TERM.findall(text.statement.source.text)))
        drawn = draw.sample(words, min(_TERMS, len(words)))
        found.update(word.lower() if draw.random() < 0.5 else word for word in drawn)
    for language in _LANGUAGES:
        found.update(countries(language))
    return sorted(found)


def countries(language: str) -> list[str]:
    """The names of all countries in a language, from the CLDR."""
    territories = Locale(language).territories
    return sorted(name for code, name in territories.items() if code.isalpha())


def heard(encoder: Encoder, remarks: Sequence[tuple[str, int]]) -> Remarks:
    """What remarks sound like."""
    centring = Background(encoder).centring
    encoded = encoder.encode([text for text, _ in remarks], "query")
    sounds = np.stack([remark_vector(one, centring) for one in encoded])
    return Remarks(sounds, np.array([kind for _, kind in remarks]))


def fit(remarks: Remarks) -> Kinds:
    """Softmax regression, without a bar."""
    counts = np.bincount(remarks.kinds, minlength=len(KINDS))
    shares = (counts.max() / np.maximum(1, counts)) ** _EVENLY
    fitted = softmax(remarks.sounds, remarks.kinds, shares[remarks.kinds], _STRENGTH)
    weights, bias = (part.astype(np.float32) for part in fitted)
    return Kinds(weights, bias, 0.0)


def left_out(remarks: Remarks) -> Floats:
    """The chances of each kind, f32 (remarks, kinds), from a fit that has not seen the remark."""
    folds = np.random.default_rng(_SEED).integers(_FOLDS, size=len(remarks.kinds))
    chances = np.zeros((len(folds), len(KINDS)), np.float32)
    for fold in range(_FOLDS):
        seen = folds != fold
        model = fit(Remarks(remarks.sounds[seen], remarks.kinds[seen]))
        chances[~seen] = model.chances(remarks.sounds[~seen])
    return chances


def bar(remarks: Remarks, chances: Floats) -> float:
    """The chance below which a kind is not believed."""
    other = chances[remarks.kinds == KINDS.index("content")]
    taken = np.where(other.argmax(axis=1) > 0, other.max(axis=1), 0)
    return max(0.5, float(np.quantile(taken, 1 - _MISTAKEN)))


def taken(model: Kinds, remarks: Remarks) -> dict[str, dict[str, float]]:
    """For each kind that there is, the share that is taken for each kind."""
    found = [model.of(one)[0] for one in remarks.sounds]
    return {
        KINDS[kind]: {
            name: round(float(np.mean([found[place] == name for place in places])), 4)
            for name in KINDS
        }
        for kind in np.unique(remarks.kinds)
        for places in [np.flatnonzero(remarks.kinds == kind)]
    }


def main() -> None:
    """Fit, write the file beside this module, and print what is mistaken for what."""
    encoder = open_encoder(BUNDLED)
    texts = written(datasets.REMARK_KINDS)
    content = [*of_content(), *bare_terms()]
    remarks = heard(encoder, [*texts, *((text, 0) for text in content)])
    least = round(bar(remarks, left_out(remarks)), 3)
    fitted = fit(remarks)
    model = Kinds(fitted.weights, fitted.bias, least)
    with replacing(Path(remark_kinds.__file__).with_name(FILE)) as file:
        np.savez_compressed(file, allow_pickle=False, **model.table())
    unseen = taken(model, heard(encoder, written(QUESTIONS / "kinds-dev.jsonl")))
    for kind, shares in unseen.items():
        print(f"{kind:10}", "  ".join(f"{name} {share:.3f}" for name, share in shares.items()))
    print(f"from {least}")


if __name__ == "__main__":
    main()
