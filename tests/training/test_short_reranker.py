"""A reranker with fewer layers learns from one with all of them."""

from __future__ import annotations

import random

import pytest
import torch

from index.models.encoder import Encoder
from index.models.lora import Adapter
from index.models.tokenizer import Tokenizer
from index.models.weights import ModelWeights
from training.datasets import TrainingText
from training.networks.trained_models import Reranker
from training.short_reranker import LAYERS, ReadLesson, lessons, loss, models, read_lesson, train


@pytest.fixture
def teacher_and_model(weights: ModelWeights) -> tuple[Reranker, Reranker]:
    torch.manual_seed(0)
    table = Reranker(weights).table()
    table["head.w"] += torch.randn(table["head.w"].shape).numpy().astype("f2") / 10
    return models(weights, table)


def read_all(
    encoder: Encoder, teacher: Reranker, tokenizer: Tokenizer, text: TrainingText
) -> list[ReadLesson]:
    found = lessons(encoder, [text], random.Random(0))
    return [read_lesson(teacher, tokenizer, lesson) for lesson in found]


def test_a_lesson_has_what_is_found_and_what_answers(
    encoder: Encoder, training_text: TrainingText
) -> None:
    found = list(lessons(encoder, [training_text], random.Random(0)))
    assert len(found) == len(training_text.questions)
    text = training_text.statement.source.text
    for lesson in found:
        assert len(lesson.sentences) >= 4
        assert all(sentence in text for sentence in lesson.sentences)
    assert sorted(len(lesson.gold) for lesson in found) == [0, 1, 1, 1]


@pytest.mark.slow
def test_training_comes_near_to_the_teacher(
    encoder: Encoder,
    teacher_and_model: tuple[Reranker, Reranker],
    tokenizer: Tokenizer,
    training_text: TrainingText,
) -> None:
    teacher, model = teacher_and_model
    read = read_all(encoder, teacher, tokenizer, training_text)

    def measured_loss() -> float:
        with torch.no_grad():
            return loss(model, read).item()

    before = measured_loss()
    list(train(model, read, 40, random.Random(0)))
    assert measured_loss() < 0.8 * before


def test_fewer_layers_are_stored_and_run(
    weights: ModelWeights, teacher_and_model: tuple[Reranker, Reranker]
) -> None:
    teacher, model = teacher_and_model
    table = model.table()
    assert Adapter(weights, table).layers == LAYERS
    assert Adapter(weights, teacher.table()).layers == weights.sizes.layers
    assert not any(name.startswith(f"l{LAYERS}.") for name in table)
    again = Reranker(weights, layers=LAYERS)
    again.start_from_reranker(table)
    pairs = [[0, 9, 8, 2, 7, 2]]
    assert torch.allclose(again(pairs)[0], model(pairs)[0], atol=1e-2)
