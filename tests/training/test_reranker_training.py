"""The reranker learns which sentences answer."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from index.models.tokenizer import Tokenizer
from training.datasets import TrainingText
from training.networks.trained_models import LateInteraction, Reranker
from training.reranker import loss, reranker_examples, train


@pytest.mark.slow
def test_training_lowers_the_loss(
    model: LateInteraction, reranker: Reranker, tokenizer: Tokenizer, training_text: TrainingText
) -> None:
    examples = list(reranker_examples(model, tokenizer, [training_text]))
    counts = [(len(example.gold), len(example.right)) for example in examples]
    assert counts == [(1, 1)] * 3 + [(0, 0)]
    assert all(len(example.wrong) >= 3 for example in examples)
    assert not any(logits.abs().max() for logits in reranker([examples[0].question]))

    def measured_loss() -> float:
        reranker.eval()
        with torch.no_grad():
            return loss(reranker, examples, random.Random(0)).item()

    before = measured_loss()
    assert all(np.isfinite(value) for _, value in train(reranker, examples, 60, 1e-3, 5e-3))
    assert measured_loss() < 0.7 * before


def test_the_best_wrong_passage_is_always_read_where_none_is_right(
    model: LateInteraction, tokenizer: Tokenizer, training_text: TrainingText
) -> None:
    *_, unanswerable = reranker_examples(model, tokenizer, [training_text])
    for seed in range(10):
        passages = unanswerable.draw_passages(random.Random(seed))
        assert passages[0] == unanswerable.wrong[0]
        assert len(set(passages)) == len(passages) == 2
