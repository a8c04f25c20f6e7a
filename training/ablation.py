"""What each part of the ranking and of silence is worth: `python -m training.ablation`.

Every line leaves one part out. It reads the project's `dev` questions and the practice statements,
as `training.calibration` does, never a `test` split.
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
from index.models.catalogue import BUNDLED, open_encoder
from index.models.encoder import Encoded, Encoder, QueryWeights, Role, TokenLogits
from index.models.graph import build_graphs, build_tokenizer
from index.models.onnx_encoder import OnnxEncoder
from index.models.weights import read_weights, weights_path
from index.search.ranking import Ranking
from index.search.scoring import SCORE_WEIGHTS, ScoreWeights
from index.search.searcher import Searcher
from qa.confidence import abstention
from qa.evaluation.baselines import System, baseline_ranking
from qa.questions.followups import earlier_questions
from training import cases as searched
from training import logistic
from training.cases import Case

_UNREAD = replace(SCORE_WEIGHTS, reranker=0.0)
_PARTS = {
    "all of it": SCORE_WEIGHTS,
    "without the reader": _UNREAD,
    "without words": replace(SCORE_WEIGHTS, words=0.0),
    "without the passage": replace(SCORE_WEIGHTS, passage=0.0),
    "without background questions": replace(SCORE_WEIGHTS, background=0.0),
}
_CLUES = (
    abstention.ANSWER,
    *(tuple(one for one in abstention.ANSWER if one != left) for left in abstention.ANSWER),
    *((one,) for one in abstention.ANSWER),
    ("score",),
)


class Remembering:
    """A model that reads nothing twice: most lines read the same passages again."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self.reranker = encoder, encoder.reranker
        self.fingerprint, self.trained = encoder.fingerprint, encoder.trained
        self._encoded: dict[tuple[str, Role], Encoded] = {}
        self._readings: dict[tuple[str, str], TokenLogits] = {}

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        """See `Encoder`."""
        new = [text for text in dict.fromkeys(texts) if (text, role) not in self._encoded]
        for text, one in zip(new, self._encoder.encode(new, role), strict=True):
            self._encoded[text, role] = one
        return (self._encoded[text, role] for text in texts)

    def rerank(self, question: str, passages: Sequence[str]) -> list[TokenLogits]:
        """See `Encoder`."""
        new = [text for text in passages if (question, text) not in self._readings]
        for text, one in zip(new, self._encoder.rerank(question, new), strict=True):
            self._readings[question, text] = one
        return [self._readings[question, text] for text in passages]


class Alike:
    """A model that has no say in what each token of a question counts."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self.rerank, self.reranker = encoder, encoder.rerank, encoder.reranker
        self.fingerprint, self.trained = f"alike:{encoder.fingerprint}", encoder.trained

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        """See `Encoder`."""
        for one in self._encoder.encode(texts, role):
            count = len(one.tokens)
            share = np.full(count, 1 / max(1, count), np.float32)
            yield replace(one, query_weights=QueryWeights(share, share, 0.0))


def unchanged_model(folder: Path) -> Encoder:
    """The bundled model as it came: no low-rank changes, all tokens alike; centred as ever."""
    weights = read_weights(weights_path())
    trained = lora.shipped(weights)
    kept = ("first", "centre", "languages")
    table = {k: v if k in kept else np.zeros_like(v) for k, v in trained.table.items()}
    reader = lora.shipped(weights, lora.RERANKER)
    for name, graph in build_graphs(weights, lora.Adapter(weights, table), reader).items():
        (folder / f"{name}.onnx").write_bytes(graph.SerializeToString())
    build_tokenizer(weights).save(str(folder / "tokenizer.json"))
    return OnnxEncoder(folder, "unchanged", "")


def measured(cases: Sequence[Case], system: System = "full") -> str:
    """The share of answerable questions with a right sentence first, and in the first three."""
    figures = []
    for group in (cases[:1], cases[1:]):
        found = np.array([places for case in group for places in _first(case, system)])
        figures += [f"{np.mean(found < depth):.3f}" for depth in (1, 3)]
    return " | ".join(figures)


def _first(case: Case, system: System) -> Iterator[int]:
    """The place of the first right sentence for each answerable question, from 0."""
    for question in case.questions:
        if question.answerable:
            hits = _ranking(case, question, system).hits
            gold = case.gold_sentences(question)
            yield next((place for place, hit in enumerate(hits) if hit.span in gold), len(hits))


def _ranking(case: Case, question: Question, system: System) -> Ranking:
    if system == "full":
        return case.searcher.search(question.text, earlier_questions(question.history))
    return baseline_ranking(case.searcher, system, question.text, question.history)


def without_history(case: Case) -> Case:
    """The same questions, each as if it were the first."""
    return replace(case, questions=tuple(replace(one, history=()) for one in case.questions))


def searched_with(
    cases: Sequence[Case], encoder: Encoder, weights: ScoreWeights = SCORE_WEIGHTS
) -> list[Case]:
    """The same statements and indexes, searched in another way."""
    return [replace(one, searcher=Searcher(one.store, encoder, weights)) for one in cases]


def main() -> None:
    """Print two tables in Markdown."""
    with ExitStack() as stack:
        encoder = Remembering(open_encoder(BUNDLED))
        cases = list(searched.cases(encoder, stack))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        plain = Remembering(unchanged_model(folder))
        table = [
            *((name, searched_with(cases, encoder, one)) for name, one in _PARTS.items()),
            ("without history", [without_history(case) for case in cases]),
            ("all tokens alike", list(searched.cases(Alike(encoder), stack))),
            ("without the adapter", others := list(searched.cases(plain, stack))),
            ("without adapter and reader", searched_with(others, plain, _UNREAD)),
        ]
        print("| ranking | dev: first | in three | practice: first | in three |")
        print("| --- | --- | --- | --- | --- |")
        for name, changed in table:
            print(f"| {name} | {measured(changed)} |", flush=True)
        print(f"| one vector a sentence (dense) | {measured(cases, 'dense')} |\n", flush=True)
        asked = list(searched.silence(cases, []))
    print("| silence told by | AUC of near misses |")
    print("| --- | --- |")
    for evidence in _CLUES:
        chosen = [logistic.only(one, evidence) for one in asked]
        found = logistic.aucs(chosen, logistic.left_out(chosen), "answered")
        print(f"| {', '.join(evidence)} | {found['near']:.3f} |")


if __name__ == "__main__":
    main()
