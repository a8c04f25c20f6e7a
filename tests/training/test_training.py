"""The adapter: what is trained is what is served, it learns, and it saw none of our questions."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from tokenizers import Tokenizer

from corpus.library import QUESTIONS, load_statement
from corpus.question_sets import Question, check_gold, load_questions
from corpus.records import Statement
from index.late_interaction.centring import TokenCentring
from index.models.encoder import Encoder, unit_rows
from index.models.graph import build_graphs, build_tokenizer
from index.models.lora import RANKER, RERANKER, Adapter, shipped
from index.models.weights import ModelWeights, read_weights, weights_path
from training.adapter import train
from training.datasets import Kind, TrainingText, texts
from training.encoded_statements import encode_text
from training.reranker import loss, reranker_examples
from training.reranker import train as train_reader
from training.torch_model import FIRST, LateInteraction, Reranker

STATEMENT = """橋と港に関する共同声明

- 両省は、橋を来年三月に架け替えることで一致した。費用は両国が等しく負う。
- 両省は、港を深く掘る計画を歓迎した。
- 両省は、学校の間で生徒を交換する意図を共有した。
"""
QUESTIONS_ABOUT_IT = [
    Question("1", "When will the bridge be replaced?", gold=("来年三月",)),
    Question("2", "誰がお金を払う？", gold=("費用は両国が",), history=("橋の話はありますか",)),
    Question("3", "harbour", gold=("港を深く",)),
    Question("4", "生徒は何人？", kind="unanswerable"),
]
OWN_SETS = ("jucip-2023.jsonl", "jucip-2023-families.jsonl")
DATASETS: tuple[Kind, ...] = ("statements", "encyclopedia", "practice")
SPLITS = {"practice": {"calibration"}}


@pytest.fixture(scope="module")
def weights() -> ModelWeights:
    return read_weights(weights_path())


@pytest.fixture(scope="module")
def tokenizer(weights: ModelWeights) -> Tokenizer:
    return build_tokenizer(weights)


@pytest.fixture
def model(weights: ModelWeights) -> LateInteraction:
    torch.manual_seed(0)
    fresh = LateInteraction(weights)
    fresh.centring = TokenCentring(np.full(384, 0.02, np.float32), unit_rows(np.eye(384)[:2]))
    return fresh


def test_untrained_it_is_the_model_as_it_came(
    model: LateInteraction, tokenizer: Tokenizer, encoder: Encoder
) -> None:
    text = "両省はオープンRANの普及を歓迎した。"
    (states,) = model.upper(model.lower([tokenizer.encode(f"passage: {text}").ids]))
    (encoded,) = encoder.encode([text], "passage")
    assert unit_rows(states.detach().numpy().mean(axis=0)) @ encoded.vector > 0.99


def test_what_was_trained_is_what_is_served(
    model: LateInteraction, tokenizer: Tokenizer, weights: ModelWeights
) -> None:
    reader = Reranker(weights)
    for changed in (model, reader):
        for layer in changed.layers[FIRST:]:
            for name in ("q", "fo"):
                torch.nn.init.normal_(getattr(layer, name).b, std=0.3)
    torch.nn.init.normal_(model.head.weight, std=0.05)
    torch.nn.init.normal_(reader.out.weight, std=0.05)
    both = [Adapter(weights, one.table()) for one in (model, reader)]
    run = {
        name: onnxruntime.InferenceSession(
            graph.SerializeToString(), providers=["CPUExecutionProvider"]
        ).run
        for name, graph in build_graphs(weights, *both).items()
    }
    ids = tokenizer.encode("query: Wann findet das Treffen statt?").ids
    mask = np.ones((1, len(ids)), np.int64)
    (lower,) = run["lower"](None, {"input_ids": np.array([ids]), "attention_mask": mask})
    inputs = {"lower": lower, "attention_mask": mask}
    states, tokens, heads = run["vectors"](["states", "tokens", "heads"], inputs)
    (reading,) = run["reranker"](["logits"], inputs)
    with torch.no_grad():
        (trained,) = model.upper(model.lower([ids]))
        ours = model.centred(trained).numpy()
        normal = torch.nn.functional.layer_norm(trained, trained.shape[-1:])
        said = model.head(normal).numpy()
    assert ((tokens[0] * ours).sum(axis=1) > 0.98).all()
    assert (np.abs(heads[0] - said) < 0.1 + 0.05 * np.abs(said)).all()
    logits = reader([ids])[0].detach().numpy()
    assert (np.abs(reading[0] - logits) < 0.1 + 0.05 * np.abs(logits)).all()
    unchanged = (unit_rows(states[0]) * unit_rows(trained.numpy())).sum(axis=1)
    assert unchanged.min() < 0.95  # the changes were large enough to tell


@pytest.fixture
def taught(tmp_path: Path) -> TrainingText:
    path = tmp_path / "bridge.txt"
    path.write_text(STATEMENT, "utf-8")
    return TrainingText(load_statement(path), tuple(QUESTIONS_ABOUT_IT))


def test_it_learns(model: LateInteraction, tokenizer: Tokenizer, taught: TrainingText) -> None:
    one = encode_text(model, tokenizer, taught)
    assert [len(gold) for gold in one.gold] == [1, 1, 1, 0]
    assert list(one.before) == [1]
    losses = list(train(model, [one], 8, 5e-4, 5e-3))
    assert losses[-1] < 0.7 * losses[0]


def test_the_reader_learns(
    model: LateInteraction, tokenizer: Tokenizer, weights: ModelWeights, taught: TrainingText
) -> None:
    found = list(reranker_examples(model, tokenizer, [taught]))
    assert [(len(one.gold), len(one.right)) for one in found] == [(1, 1)] * 3 + [(0, 0)]
    assert all(len(one.wrong) >= 3 for one in found)
    reader = Reranker(weights)
    assert not any(logits.abs().max() for logits in reader([found[0].question]))

    def left() -> float:
        reader.eval()
        with torch.no_grad():
            return loss(reader, found, random.Random(0)).item()

    before = left()
    assert all(np.isfinite(value) for _, value in train_reader(reader, found, 60, 1e-3, 5e-3))
    assert left() < 0.7 * before


@pytest.mark.parametrize("name", [RANKER, RERANKER])
def test_the_shipped_adapters_are_whole(name: str, weights: ModelWeights) -> None:
    adapter = shipped(weights, name)
    assert all(np.isfinite(array).all() for array in adapter.table.values())
    assert adapter.first == FIRST
    assert adapter.head[0].shape == (384, {RANKER: 3, RERANKER: 1}[name])


def test_a_change_is_rounded_to_its_blocks(weights: ModelWeights) -> None:
    adapter = shipped(weights)
    values, scales = adapter.blocks("l11.fo.w", 384)
    assert values.shape == (384, 1536 // 32, 32)
    assert values.min() >= 1
    assert scales.shape == values.shape[:2]
    before, before_scales = weights.blocks("l11.fo.w", 384)
    a, b = (adapter.table[f"l11.fo.{factor}"].astype(np.float32) for factor in "ab")
    wanted = (before - 128.0) * before_scales[..., None] + (b @ a).reshape(values.shape)
    error = np.abs((values - 128.0) * scales[..., None] - wanted)
    assert (error <= scales[..., None] / 2 + 1e-6).all()


@pytest.mark.parametrize("kind", DATASETS)
def test_gold_of_invented_statements_is_in_them(kind: Kind) -> None:
    found = texts(kind)
    assert len(found) >= 12
    for text in found:
        assert check_gold(text.questions, text.statement) == []
        splits = {question.split for question in text.questions}
        assert splits == SPLITS.get(kind, {"train"})


def alone(questions: Iterable[Question]) -> set[str]:
    """Questions that say what they are about; "What is it called?" may be asked of anything."""
    return {question.text.casefold() for question in questions if not question.history}


@pytest.mark.parametrize("kind", DATASETS)
def test_nothing_that_is_measured_was_trained_on(kind: Kind, statement: Statement) -> None:
    ours = alone(q for name in OWN_SETS for q in load_questions(QUESTIONS / name))
    sentences = {s.of(statement.source.text) for p in statement.passages for s in p.sentences}
    sentences.discard("(仮訳)")
    for text in texts(kind):
        assert not alone(text.questions) & ours
        words = text.statement.source.text
        assert not [sentence for sentence in sentences if sentence in words]
