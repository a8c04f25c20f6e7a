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
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from corpus.files import replacing
from corpus.library import QUESTIONS
from corpus.question_sets import read_json_lines
from index.late_interaction.centring import TokenCentring, fit_centring
from index.models import lora
from index.models.encoder import unit_rows
from index.models.tokenizer import build_tokenizer
from index.models.trained_arrays import NamedArrays
from index.models.weights import read_weights, weights_path
from training.datasets import TRAINED_ON, texts
from training.encoded_texts import EncodedText, encode_text
from training.ranking_loss import PREFIX_TOKENS, loss
from training.trained_models import LateInteraction

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
    warm_up = min(_WARM_UP, math.ceil(steps / 10))
    optimizer, schedule = make_optimizer(changes, rate, list(head), head_rate, steps, warm_up)
    for _ in range(epochs):
        model.train()
        draw.shuffle(encoded)
        losses = []
        for start in range(0, len(encoded), _TEXTS_PER_STEP):
            optimizer.zero_grad()
            value = loss(model, encoded[start : start + _TEXTS_PER_STEP])
            torch.autograd.backward(value)
            nn.utils.clip_grad_norm_(changes, 1.0)
            optimizer.step()
            schedule.step()
            losses.append(value.item())
        model.eval()
        yield sum(losses) / len(losses)


def make_optimizer(
    changes: Sequence[nn.Parameter],
    rate: float,
    head: Sequence[nn.Parameter],
    head_rate: float,
    steps: int,
    warm_up: int,
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """Return AdamW, and a schedule that raises the rates and then lowers them along a cosine.

    Args:
        changes: The low-rank changes.
        rate: Their highest learning rate.
        head: The parameters of the head.
        head_rate: Their highest learning rate.
        steps: The number of steps, after which the rates are 0.
        warm_up: The number of steps in which the rates rise.
    """
    optimizer = torch.optim.AdamW(
        [
            {"params": changes, "lr": rate, "weight_decay": 0.01},
            {"params": head, "lr": head_rate, "weight_decay": 0.0},
        ]
    )
    return optimizer, torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min(1, (step + 1) / warm_up) * (0.5 + 0.5 * math.cos(math.pi * step / steps)),
    )


def write_arrays(table: NamedArrays, target: Path) -> None:
    """Write a file of arrays, completely or not at all."""
    with replacing(target) as file:
        np.savez_compressed(file, allow_pickle=False, **table)


def background_centring(model: LateInteraction, tokenizer: Tokenizer) -> TokenCentring:
    """Fit the centring to the token vectors of the background questions, before any training."""
    rows = [row for _, row in read_json_lines(QUESTIONS / "background.jsonl")]
    ids = [tokenizer.encode(f"query: {row['question']}").ids for row in rows]
    with torch.no_grad():
        outputs = model.upper(model.lower(ids))
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
