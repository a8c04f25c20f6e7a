"""Measure what each part of the ranking and of the confidence is worth.

    python -m training.ablation

The command prints two tables in Markdown and writes nothing. In each row one part is left out. It
takes about ten minutes on two cores.

The data are the cases of `training.fitting.cases`: the project's own questions of the split `dev`,
and the practice statements, of the split `calibration`. No `test` split is read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np

from corpus.question_sets import Question
from index.models import lora
from index.models.built_files import write_model
from index.models.catalogue import BUNDLED, open_encoder
from index.models.encoder import Encoded, Encoder, QueryWeights, Role
from index.models.onnx_encoder import OnnxEncoder
from index.models.weights import read_weights, weights_path
from index.search.ranking import Ranking
from index.search.scoring import SCORE_WEIGHTS, ScoreWeights
from index.search.searcher import Searcher
from qa.confidence import abstention
from qa.evaluation.baselines import System, baseline_ranking
from qa.questions.followups import earlier_questions
from training.fitting.cases import Case, abstention_examples, open_cases
from training.fitting.logistic import auc_by_kind, cross_validated_chances, with_features

_NO_RERANKER = replace(SCORE_WEIGHTS, reranker=0.0)
_SCORE_WEIGHTS = {
    "everything": SCORE_WEIGHTS,
    "without the reranker": _NO_RERANKER,
    "without words": replace(SCORE_WEIGHTS, words=0.0),
    "without the passage": replace(SCORE_WEIGHTS, passage=0.0),
    "without background questions": replace(SCORE_WEIGHTS, background=0.0),
}
# The sets of features that are compared: all, all but one, one alone, and the score alone.
_FEATURES = (
    abstention.ANSWER,
    *(tuple(name for name in abstention.ANSWER if name != left) for left in abstention.ANSWER),
    *((name,) for name in abstention.ANSWER),
    ("score",),
)


class CachingEncoder:
    """An encoder that encodes no text twice. Most rows of the table read the same passages."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self.reranker = encoder, encoder.reranker
        self.fingerprint, self.trained = encoder.fingerprint, encoder.trained
        self._encoded: dict[tuple[str, Role], Encoded] = {}
        self._logits: dict[tuple[str, str], float] = {}

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        """See `Encoder.encode`."""
        new = [text for text in dict.fromkeys(texts) if (text, role) not in self._encoded]
        for text, encoded in zip(new, self._encoder.encode(new, role), strict=True):
            self._encoded[text, role] = encoded
        return (self._encoded[text, role] for text in texts)

    def rerank(self, question: str, texts: Sequence[str]) -> list[float]:
        """See `Encoder.rerank`."""
        new = [text for text in texts if (question, text) not in self._logits]
        for text, logit in zip(new, self._encoder.rerank(question, new), strict=True):
            self._logits[question, text] = logit
        return [self._logits[question, text] for text in texts]


class EqualWeightsEncoder:
    """An encoder that gives every token of a question the same weight, and no prior."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self.rerank, self.reranker = encoder, encoder.rerank, encoder.reranker
        self.fingerprint, self.trained = f"equal-weights:{encoder.fingerprint}", encoder.trained

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        """See `Encoder.encode`."""
        for encoded in self._encoder.encode(texts, role):
            count = len(encoded.tokens)
            share = np.full(count, 1 / max(1, count), np.float32)
            yield replace(encoded, query_weights=QueryWeights(share, share, 0.0))


def build_original_model(folder: Path) -> Encoder:
    """Build the bundled model without its adapter, but with the centring of its token vectors.

    All low-rank changes are 0, and all tokens have the same weight.

    Args:
        folder: An empty folder for the files of the model.
    """
    weights = read_weights(weights_path())
    adapter = lora.load_adapter(weights)
    kept = ("first", "centre", "languages", "projection")
    table = {
        name: values if name in kept else np.zeros_like(values)
        for name, values in adapter.arrays.items()
    }
    reranker = lora.load_adapter(weights, lora.RERANKER)
    write_model(folder, weights, lora.Adapter(weights, table), reranker)
    return OnnxEncoder(folder, "unchanged", "")


def success_cells(cases: Sequence[Case], system: System = "full") -> str:
    """Return four cells of a table: the success of the ranking on `dev` and on practice statements.

    Each success is the share of answerable questions with a right sentence in the first place, and
    in the first three.

    Args:
        cases: The bundled statement, then the practice statements.
        system: The system that ranks.
    """
    cells = []
    for group in (cases[:1], cases[1:]):
        places = np.array([place for case in group for place in _right_places(case, system)])
        cells += [f"{np.mean(places < depth):.3f}" for depth in (1, 3)]
    return " | ".join(cells)


def _right_places(case: Case, system: System) -> Iterator[int]:
    """Yield, for each answerable question, the place of the first right sentence, from 0."""
    for question in case.questions:
        if question.answerable:
            hits = _rank(case, question, system).hits
            gold = case.gold_sentences(question)
            yield next((place for place, hit in enumerate(hits) if hit.span in gold), len(hits))


def _rank(case: Case, question: Question, system: System) -> Ranking:
    if system == "full":
        return case.searcher.search(question.text, earlier_questions(question.history))
    return baseline_ranking(case.searcher, system, question.text, question.history)


def without_history(case: Case) -> Case:
    """Return the same questions without their earlier questions."""
    questions = tuple(replace(question, history=()) for question in case.questions)
    return replace(case, questions=questions)


def with_searchers(
    cases: Sequence[Case], encoder: Encoder, weights: ScoreWeights = SCORE_WEIGHTS
) -> list[Case]:
    """Return the same cases and indexes with another search."""
    return [replace(case, searcher=Searcher(case.store, encoder, weights)) for case in cases]


def _print_ranking_table(cases: Sequence[Case], encoder: Encoder, stack: ExitStack) -> None:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    original = CachingEncoder(build_original_model(folder))
    rows = [
        *(
            (name, with_searchers(cases, encoder, weights))
            for name, weights in _SCORE_WEIGHTS.items()
        ),
        ("without history", [without_history(case) for case in cases]),
        ("all tokens weigh the same", list(open_cases(EqualWeightsEncoder(encoder), stack))),
        ("without the adapter", original_cases := list(open_cases(original, stack))),
        (
            "without the adapter and the reranker",
            with_searchers(original_cases, original, _NO_RERANKER),
        ),
    ]
    print("| ranking | dev: first | in three | practice: first | in three |")
    print("| --- | --- | --- | --- | --- |")
    for name, changed_cases in rows:
        print(f"| {name} | {success_cells(changed_cases)} |", flush=True)
    print(f"| one vector per sentence (dense) | {success_cells(cases, 'dense')} |\n", flush=True)


def _print_confidence_table(cases: Sequence[Case]) -> None:
    examples = list(abstention_examples(cases, []))
    print("| features of the confidence | AUC against near misses |")
    print("| --- | --- |")
    for names in _FEATURES:
        chosen = [with_features(example, names) for example in examples]
        aucs = auc_by_kind(chosen, cross_validated_chances(chosen), "answered")
        print(f"| {', '.join(names)} | {aucs['near']:.3f} |")


def main() -> None:
    """Print two tables in Markdown."""
    with ExitStack() as stack:
        encoder = CachingEncoder(open_encoder(BUNDLED))
        cases = list(open_cases(encoder, stack))
        _print_ranking_table(cases, encoder, stack)
        _print_confidence_table(cases)


if __name__ == "__main__":
    main()
