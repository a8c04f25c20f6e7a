"""Train `index/models/adapter.npz`, the adapter of the bundled model.

    python -m training.adapter [--go-on] [FILE]

The command trains from the beginning and writes FILE; the default is the file that ships. With
`--go-on` it starts from FILE and trains the last round only. An epoch takes about eleven minutes
on two cores. The state is saved after each epoch in `build/training`, and the same command goes on
there when it is started again.

The file that ships was trained in three steps: six epochs without the projection and without
`families` and `prose`, the last round with them and 96 numbers in 4 bits, and the last round with
256 numbers in 2 bits, whose projection began as the principal directions.

The upper layers of the bundled model get low-rank changes (LoRA, Hu et al. 2021), so that their
token vectors rank the sentences of a statement by late interaction. A projection makes the token
vectors short. A linear head learns how much each token of a question counts for retrieval and for
answerability, and how much each token of a text counts in the vector of the whole text. The data
are the texts and questions of the split `train` in `training/data`, and the background questions of
the corpus.
"""

from __future__ import annotations

import json
import math
import random
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch.nn import Parameter
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from corpus.library import QUESTIONS
from corpus.question_sets import read_json_lines
from index.late_interaction.centring import TokenCentring, fit_centring
from index.models import lora
from index.models.encoder import unit_rows
from index.models.onnx_encoder import PREFIXES
from index.models.tokenizer import Tokenizer, tokenizer_model
from index.models.weights import read_weights, weights_path
from training.array_files import write_arrays
from training.datasets import training_texts
from training.networks.encoded_texts import EncodedText, encode_text
from training.networks.optimizer import make_optimizer, take_step
from training.networks.ranking_loss import PREFIX_TOKENS, loss
from training.networks.trained_models import LateInteraction

# Epochs, learning rate of the changes, learning rate of the head.
_ROUNDS = ((4, 5e-4, 5e-3), (3, 2.5e-4, 2e-3))
_WARM_UP = 30  # steps in which the learning rates rise
_TEXTS_PER_STEP = 2
_PROJECTED_TEXTS = 40  # texts whose token vectors the projection starts from
_SEED = 0
_TARGET = Path(lora.__file__).with_name(lora.RANKER)
_SAVED = Path("build/training/adapter.pt")


def train(
    model: LateInteraction,
    encoded: Sequence[EncodedText],
    rounds: Sequence[tuple[int, float, float]],
    saved: Path,
) -> Iterator[str]:
    """Train, and yield a line after each epoch.

    Args:
        model: The model to change.
        encoded: The texts.
        rounds: The epochs, the learning rate of the low-rank changes and of the projection, and
            the learning rate of the head and of the scalars of the loss, for each round.
        saved: Where the state is saved after each epoch. Training goes on from there.
    """
    head = [
        *model.head.parameters(),
        *(model.answer_from, model.answer_scale, model.retrieval_scale, model.vector_scale),
    ]
    of_head = set(head)
    changes = [parameter for parameter in model.parameters() if parameter not in of_head]
    for number, (epochs, rate, head_rate) in enumerate(rounds):
        steps = epochs * math.ceil(len(encoded) / _TEXTS_PER_STEP)
        optimizer, schedule = make_optimizer(changes, rate, head, head_rate, steps, _WARM_UP)
        for epoch in range(epochs):
            step = f"round {number + 1}, epoch {epoch + 1} of {epochs}"
            state = torch.load(saved) if saved.exists() else {}
            if step in state.get("done", ()):
                continue
            if state.get("round") == number:
                optimizer.load_state_dict(state["optimizer"])
                schedule.load_state_dict(state["schedule"])
            if state:
                model.load_state_dict(state["model"])
            value = _train_epoch(model, encoded, optimizer, schedule, changes, step)
            done = [*state.get("done", ()), step]
            states = {
                "model": model.state_dict(),
                "optimizer": optimizer.state_dict(),
                "schedule": schedule.state_dict(),
            }
            saved.parent.mkdir(parents=True, exist_ok=True)
            torch.save({"done": done, "round": number, **states}, saved)
            yield f"{step}: loss {value:.3f}"


def _train_epoch(
    model: LateInteraction,
    encoded: Sequence[EncodedText],
    optimizer: Optimizer,
    schedule: LambdaLR,
    changes: Sequence[Parameter],
    name: str,
) -> float:
    """Read every text once and return the mean loss. The name of the epoch is the seed."""
    seed = zlib.crc32(f"{_SEED} {name}".encode())
    torch.manual_seed(seed)
    order = random.Random(seed).sample(encoded, len(encoded))  # noqa: S311
    model.train()
    losses = [
        take_step(optimizer, schedule, changes, loss(model, order[start : start + _TEXTS_PER_STEP]))
        for start in range(0, len(order), _TEXTS_PER_STEP)
    ]
    model.eval()
    return sum(losses) / len(losses)


def background_centring(model: LateInteraction, tokenizer: Tokenizer) -> TokenCentring:
    """Fit the centring to the token vectors of the background questions, before any training."""
    rows = [row for _, row in read_json_lines(QUESTIONS / "background.jsonl")]
    ids = [tokenizer.encode(PREFIXES["query"] + row["question"]).windows()[0] for row in rows]
    with torch.no_grad():
        outputs = model.upper(model.lower(ids))
    # The colon is left out too: before training, its token vector does not stand for a question.
    states = [output[PREFIX_TOKENS + 1 : -1] for output in outputs]
    languages = np.repeat([row["language"] for row in rows], [len(tokens) for tokens in states])
    return fit_centring(unit_rows(torch.cat(states).numpy()), languages)


@torch.no_grad()
def start_projection(model: LateInteraction, encoded: Sequence[EncodedText]) -> None:
    """Set the projection to the principal directions of the token vectors of some texts."""
    drawn = random.Random(_SEED).sample(encoded, min(_PROJECTED_TEXTS, len(encoded)))  # noqa: S311
    states = [states for text in drawn for states in model.upper(text.passages)]
    model.start_projection(torch.cat(states))


def main(target: Path, *, go_on: bool) -> None:
    """Train and write the file."""
    torch.manual_seed(_SEED)
    weights = read_weights(weights_path())
    model, tokenizer = LateInteraction(weights), Tokenizer(tokenizer_model(weights))
    if go_on:
        model.start_from(dict(np.load(target)))
    else:
        model.centring = background_centring(model, tokenizer)
    encoded = [encode_text(model, tokenizer, text) for text in training_texts()]
    if not go_on:
        start_projection(model, encoded)
    questions = sum(len(text.questions) for text in encoded)
    print(json.dumps({"statements": len(encoded), "questions": questions}), flush=True)
    for line in train(model, encoded, _ROUNDS[-1:] if go_on else _ROUNDS, _SAVED):
        print(line, flush=True)
    write_arrays(model.table(), target)
    _SAVED.unlink()


if __name__ == "__main__":
    names = [argument for argument in sys.argv[1:] if argument != "--go-on"]
    main(Path(names[0]) if names else _TARGET, go_on="--go-on" in sys.argv[1:])
