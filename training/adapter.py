"""Train `index/models/adapter.npz`, the adapter of the bundled model.

    python -m training.adapter [FILE]

The command trains from the beginning and writes FILE; the default is the file that ships. It takes
about an hour on two cores.

The upper layers of the bundled model get low-rank changes (LoRA, Hu et al. 2021), so that their
token vectors rank the sentences of a statement by late interaction. A linear head learns how much
each token of a question counts for retrieval and for answerability. The data are the texts and
questions of the split `train` in `training/data`, and the background questions of the corpus.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from corpus.library import QUESTIONS
from corpus.question_sets import read_json_lines
from index.late_interaction.centring import TokenCentring, fit_centring
from index.models import lora
from index.models.encoder import unit_rows
from index.models.onnx_encoder import PREFIXES
from index.models.tokenizer import build_tokenizer
from index.models.weights import read_weights, weights_path
from training.array_files import write_arrays
from training.datasets import TRAINED_ON, texts
from training.networks.encoded_texts import EncodedText, encode_text
from training.networks.optimizer import make_optimizer, take_step
from training.networks.ranking_loss import PREFIX_TOKENS, loss
from training.networks.trained_models import LateInteraction

# Epochs, learning rate of the changes, learning rate of the head.
_ROUNDS = ((4, 5e-4, 5e-3), (2, 2.5e-4, 2e-3))
_WARM_UP = 30  # steps in which the learning rates rise
_TEXTS_PER_STEP = 2
_SEED = 0
_TARGET = Path(lora.__file__).with_name(lora.RANKER)


def train(
    model: LateInteraction, encoded: list[EncodedText], epochs: int, rate: float, head_rate: float
) -> Iterator[float]:
    """Train, and yield the mean loss after each epoch.

    Args:
        model: The model to change.
        encoded: The texts, which are shuffled in place.
        epochs: How often each text is read.
        rate: The learning rate of the low-rank changes.
        head_rate: The learning rate of the head and of the scalars of the loss.
    """
    draw = random.Random(_SEED)  # noqa: S311
    head = {
        *model.head.parameters(),
        model.answer_from,
        model.answer_scale,
        model.retrieval_scale,
    }
    changes = [parameter for parameter in model.parameters() if parameter not in head]
    steps = epochs * math.ceil(len(encoded) / _TEXTS_PER_STEP)
    optimizer, schedule = make_optimizer(changes, rate, list(head), head_rate, steps, _WARM_UP)
    for _ in range(epochs):
        model.train()
        draw.shuffle(encoded)
        losses = []
        for start in range(0, len(encoded), _TEXTS_PER_STEP):
            value = loss(model, encoded[start : start + _TEXTS_PER_STEP])
            losses.append(take_step(optimizer, schedule, changes, value))
        model.eval()
        yield sum(losses) / len(losses)


def background_centring(model: LateInteraction, tokenizer: Tokenizer) -> TokenCentring:
    """Fit the centring to the token vectors of the background questions, before any training."""
    rows = [row for _, row in read_json_lines(QUESTIONS / "background.jsonl")]
    ids = [tokenizer.encode(PREFIXES["query"] + row["question"]).ids for row in rows]
    with torch.no_grad():
        outputs = model.upper(model.lower(ids))
    # The colon is left out too: before training, its token vector does not stand for a question.
    states = [output[PREFIX_TOKENS + 1 : -1] for output in outputs]
    languages = np.repeat([row["language"] for row in rows], [len(tokens) for tokens in states])
    return fit_centring(unit_rows(torch.cat(states).numpy()), languages)


def main(target: Path) -> None:
    """Train from the beginning and write the file."""
    torch.manual_seed(_SEED)
    weights = read_weights(weights_path())
    model, tokenizer = LateInteraction(weights), build_tokenizer(weights)
    model.centring = background_centring(model, tokenizer)
    encoded = [encode_text(model, tokenizer, text) for text in texts(*TRAINED_ON)]
    questions = sum(len(text.questions) for text in encoded)
    print(json.dumps({"statements": len(encoded), "questions": questions}))
    for epochs, rate, head_rate in _ROUNDS:
        for epoch, value in enumerate(train(model, encoded, epochs, rate, head_rate), 1):
            print(f"epoch {epoch} of {epochs}: loss {value:.3f}", flush=True)
    write_arrays(model.table(), target)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else _TARGET)
