"""The adapter learns to rank the sentences of a text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pytest
import torch

from index.models.tokenizer import Tokenizer
from training.adapter import train
from training.datasets import TrainingText
from training.networks import ranking_loss
from training.networks.encoded_texts import EncodedText, encode_text
from training.networks.trained_models import LateInteraction


@pytest.fixture
def encoded(
    model: LateInteraction, tokenizer: Tokenizer, training_text: TrainingText
) -> EncodedText:
    return encode_text(model, tokenizer, training_text)


def test_a_text_is_encoded_with_its_questions(encoded: EncodedText) -> None:
    assert [len(sentences) for sentences in encoded.gold] == [1, 1, 1, 0]
    assert list(encoded.history) == [1]
    assert len(encoded.questions) == 4
    sentences = set(torch.cat(encoded.sentence_of).tolist()) - {-1}
    assert sentences == set(range(len(encoded.passage_of)))


def test_the_gold_of_several_texts_is_numbered_through(
    model: LateInteraction, encoded: EncodedText
) -> None:
    with torch.no_grad():
        one, two = (
            ranking_loss.QuestionScores.of(model, texts)
            for texts in ([encoded], [encoded, encoded])
        )
    count = len(encoded.passage_of)
    assert two.gold.shape == (8, 2 * count)
    for block in (two.gold[:4, :count], two.gold[4:, count:]):
        assert torch.equal(block, one.gold)
    assert int(two.gold.sum()) == 2 * int(one.gold.sum()) == 6
    assert torch.allclose(two.retrieval[4:, count:], one.retrieval, atol=0.02)


def test_earlier_questions_count(model: LateInteraction, encoded: EncodedText) -> None:
    with torch.no_grad():
        scores = ranking_loss.QuestionScores.of(model, [encoded])
        encoded.history.clear()
        alone = ranking_loss.QuestionScores.of(model, [encoded])
    changed = (scores.retrieval - alone.retrieval).abs().amax(1) > 1e-4
    assert changed.tolist() == [False, True, False, False]


def losses(lines: Iterable[str]) -> list[float]:
    return [float(line.rpartition(" ")[2]) for line in lines]


@pytest.mark.slow
def test_training_lowers_the_loss_and_goes_on_where_it_was_stopped(
    model: LateInteraction, encoded: EncodedText, tmp_path: Path
) -> None:
    saved = tmp_path / "adapter.pt"
    rounds = [(2, 5e-4, 5e-3), (6, 5e-4, 5e-3)]
    first = losses(islice(train(model, [encoded], rounds, saved), 3))
    rest = list(train(model, [encoded], rounds, saved))
    assert [line.partition(":")[0] for line in rest] == [
        f"round 2, epoch {number} of 6" for number in range(2, 7)
    ]
    assert losses(rest)[-1] < 0.7 * first[0]
    assert list(train(model, [encoded], rounds, saved)) == []
