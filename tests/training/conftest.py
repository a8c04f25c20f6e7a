"""The bundled weights, fresh models to train, and a short text with questions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from corpus.library import load_statement
from corpus.question_sets import Question
from index.late_interaction.centring import TokenCentring
from index.models.encoder import unit_rows
from index.models.tokenizer import Tokenizer, tokenizer_model
from index.models.weights import ModelWeights, read_weights, weights_path
from training.datasets import TrainingText
from training.networks.trained_models import LateInteraction, Reranker

STATEMENT = """橋と港に関する共同声明

- 両省は、橋を来年三月に架け替えることで一致した。費用は両国が等しく負う。
- 両省は、港を深く掘る計画を歓迎した。
- 両省は、学校の間で生徒を交換する意図を共有した。
"""
QUESTIONS = (
    Question("1", "When will the bridge be replaced?", gold=("来年三月",)),
    Question("2", "誰がお金を払う？", gold=("費用は両国が",), history=("橋の話はありますか",)),
    Question("3", "harbour", gold=("港を深く",)),
    Question("4", "生徒は何人？", kind="unanswerable"),
)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """On a busy machine, torch with several threads is many times slower than with one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def weights() -> ModelWeights:
    return read_weights(weights_path())


@pytest.fixture(scope="session")
def tokenizer(weights: ModelWeights) -> Tokenizer:
    return Tokenizer(tokenizer_model(weights))


@pytest.fixture
def model(weights: ModelWeights) -> LateInteraction:
    torch.manual_seed(0)
    model = LateInteraction(weights)
    model.centring = TokenCentring(np.full(384, 0.02, np.float32), unit_rows(np.eye(384)[:2]))
    return model


@pytest.fixture
def reranker(weights: ModelWeights) -> Reranker:
    torch.manual_seed(0)
    return Reranker(weights)


@pytest.fixture
def training_text(tmp_path: Path) -> TrainingText:
    path = tmp_path / "bridge.txt"
    path.write_text(STATEMENT, "utf-8")
    return TrainingText(load_statement(path), QUESTIONS)
