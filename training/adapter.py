"""Trains `index/models/adapter.npz`: `python -m training.adapter`, about an hour on two cores.

The upper layers of the bundled model get low-rank changes (LoRA, Hu et al. 2021) so that their
token vectors rank the sentences of a statement by late interaction, and a linear head learns how
much each token of a question counts, in finding the sentence and in telling whether it answers.
It reads the invented statements and questions of `training/data`, and the background questions.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from corpus.files import replacing
from corpus.library import QUESTIONS
from corpus.question_sets import read_json_lines
from index.late_interaction.background import TokenCentring, fit_centring
from index.models import lora
from index.models.encoder import unit_rows
from index.models.graph import build_tokenizer
from index.models.trained_arrays import Table
from index.models.weights import read_weights, weights_path
from index.search.scoring import SCORE_WEIGHTS
from training.datasets import TRAINED_ON, texts
from training.encoded_statements import EncodedText, encode_text
from training.torch_model import LateInteraction

_ROUNDS = ((4, 5e-4, 5e-3), (2, 2.5e-4, 2e-3))  # epochs, rate, rate of the head
_WARM = 30  # steps
_TOGETHER = 2  # statements in a step: the one's sentences are wrong for the other's questions
_SILENCE = 0.5  # what the loss of telling answers counts, against 1 for finding them
_REMOVED = 0.3  # what a question counts in it whose answer is taken away
_SKIPPED = 3  # tokens before a question's colon, which stands for all that it asks
_SEED = 0
_TARGET = Path(lora.__file__).with_name(lora.RANKER)


@dataclass(frozen=True, slots=True)
class _Units:
    """The sentences of several lessons as one list."""

    tokens: Tensor  # (tokens, hidden), those of a sentence next to each other
    lengths: list[int]  # tokens of each sentence
    sizes: list[int]  # sentences of each passage
    passage_of: Tensor

    @classmethod
    def of(cls, model: LateInteraction, together: Sequence[EncodedText]) -> _Units:
        tokens, sentence_of, passage_of = [], [], []
        sentences = passages = 0
        for one in together:
            for states, inside in zip(model.upper(one.passages), one.sentence_of, strict=True):
                tokens.append(states[inside >= 0])
                sentence_of.append(inside[inside >= 0] + sentences)
            passage_of.append(one.passage_of + passages)
            sentences += len(one.passage_of)
            passages += len(one.passages)
        owner = torch.cat(passage_of)
        return cls(
            model.centred(torch.cat(tokens)),
            torch.bincount(torch.cat(sentence_of), minlength=sentences).tolist(),
            torch.bincount(owner, minlength=passages).tolist(),
            owner,
        )


def _meet(
    model: LateInteraction, units: _Units, questions: Sequence[Tensor]
) -> tuple[Tensor, Tensor, Tensor]:
    """How each question meets each sentence, as `index.search.ranking` has it but for calibration.

    Returns:
        f32 (2, questions, sentences), weighed for finding and for answering; the same of the
        passages they are in; f32 (questions,), what a question says by itself.
    """
    read = [states[_SKIPPED:-1] for states in model.upper(questions)]
    states = torch.cat(read)
    owner = torch.repeat_interleave(
        torch.arange(len(read)), torch.tensor([len(one) for one in read])
    )
    heads = model.head(functional.layer_norm(states, states.shape[-1:]))
    counts = functional.softplus(heads[:, :2])
    sums = torch.zeros(len(read), 2).index_add(0, owner, counts)
    shares = counts / sums[owner]
    best = _largest(model.centred(states) @ units.tokens.T, units.lengths)
    whole = _largest(best, units.sizes)[:, units.passage_of]

    def mean(values: Tensor) -> Tensor:
        weighed = values[None] * shares.T[:, :, None]
        return torch.zeros(2, len(read), values.shape[1]).index_add(1, owner, weighed)

    asked = torch.zeros(len(read)).index_add(0, owner, shares[:, 1] * heads[:, 2])
    return mean(best), mean(whole), asked


def _largest(values: Tensor, lengths: list[int]) -> Tensor:
    """The maximum over each stretch of columns; nothing is in a stretch of none: -1."""
    nothing = torch.full((len(values),), -1.0)
    parts = torch.split(values, lengths, dim=1)
    return torch.stack([part.amax(1) if part.shape[1] else nothing for part in parts], dim=1)


@dataclass(frozen=True, slots=True)
class Scores:
    """How the sentences of some lessons are met by all their questions.

    Attributes:
        met: f32 (2, questions, sentences), weighed for finding and for answering.
        asked: f32 (questions,), what a question says by itself.
        gold: bool (questions, sentences), which answer.
        passage_of: i64 (sentences,), the passage each sentence is in.
    """

    met: Tensor
    asked: Tensor
    gold: Tensor
    passage_of: Tensor

    @classmethod
    def of(cls, model: LateInteraction, together: Sequence[EncodedText]) -> Scores:
        """Read the lessons; questions that lean on others are scored with these."""
        units = _Units.of(model, together)
        alone, whole, asked = _meet(model, units, [q for one in together for q in one.questions])
        met = (1 - SCORE_WEIGHTS.passage) * alone + SCORE_WEIGHTS.passage * whole
        rows, firsts = [], []
        first = number = 0
        for one in together:
            rows += [number + place for place in one.before]
            firsts += [first] * len(one.questions)
            number, first = number + len(one.questions), first + len(one.passage_of)
        if rows:
            leaning = torch.tensor(rows)
            before = [states for one in together for states in one.before.values()]
            _, passages, said = _meet(model, units, before)
            met = met.index_copy(1, leaning, (met[:, leaning] + passages) / 2)
            asked = asked.index_copy(0, leaning, (asked[leaning] + said) / 2)
        gold = torch.zeros(met.shape[1:], dtype=torch.bool)
        for row, right in enumerate(right for one in together for right in one.gold):
            gold[row, [firsts[row] + place for place in right]] = True
        return cls(met, asked, gold, units.passage_of)


def loss(model: LateInteraction, together: Sequence[EncodedText]) -> Tensor:
    """How badly the sentences of some lessons are ranked for their questions, and told apart."""
    scores = Scores.of(model, together)
    finding, answering = scores.met
    answers = (answering - model.least) * model.steep.exp() + scores.asked[:, None]
    return _finding(finding * model.sharp.exp(), scores.gold) + _SILENCE * _telling(
        finding, answers, scores.gold, scores.passage_of
    )


def _finding(logits: Tensor, gold: Tensor) -> Tensor:
    """Each right sentence against all that are wrong."""
    wrong = logits.masked_fill(gold, -1e9).logsumexp(1, keepdim=True)
    losses = functional.softplus(wrong - logits) * gold
    answered = gold.any(1)
    return (losses[answered].sum(1) / gold[answered].sum(1)).mean()


def _telling(scores: Tensor, answers: Tensor, gold: Tensor, passage_of: Tensor) -> Tensor:
    """The best right sentence is an answer; the best of none, or with those gone, is not."""
    answered = gold.any(1)
    best = scores.argmax(1, keepdim=True)
    right = answers.masked_fill(~gold, -1e9).amax(1)
    chosen = torch.where(answered, right, answers.gather(1, best)[:, 0])
    told = functional.binary_cross_entropy_with_logits(
        chosen, answered.float(), pos_weight=torch.tensor(0.5)
    )
    holding = torch.zeros(len(gold), int(passage_of.max()) + 1)
    gone = holding.index_add(1, passage_of, gold.float())[:, passage_of] > 0
    left = answers.gather(1, scores.masked_fill(gone, -9).argmax(1, keepdim=True))[:, 0][answered]
    return told + _REMOVED * functional.binary_cross_entropy_with_logits(
        left, torch.zeros(len(left))
    )


def train(
    model: LateInteraction, found: list[EncodedText], epochs: int, rate: float, head_rate: float
) -> Iterator[float]:
    """Train, and give the mean loss after each epoch."""
    draw = random.Random(_SEED)  # noqa: S311
    apart = {*model.head.parameters(), model.least, model.steep, model.sharp}
    changes = [one for one in model.parameters() if one not in apart]
    steps = epochs * math.ceil(len(found) / _TOGETHER)
    warm = min(_WARM, math.ceil(steps / 10))
    optimizer, pace = schedule(changes, rate, list(apart), head_rate, steps, warm)
    for _ in range(epochs):
        model.train()
        draw.shuffle(found)
        losses = []
        for start in range(0, len(found), _TOGETHER):
            optimizer.zero_grad()
            value = loss(model, found[start : start + _TOGETHER])
            torch.autograd.backward(value)
            nn.utils.clip_grad_norm_(changes, 1.0)
            optimizer.step()
            pace.step()
            losses.append(value.item())
        model.eval()
        yield sum(losses) / len(losses)


def schedule(
    changes: Sequence[nn.Parameter],
    rate: float,
    heads: Sequence[nn.Parameter],
    head_rate: float,
    steps: int,
    warm: int,
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """AdamW whose rates rise over the first steps and fall along a cosine to nought."""
    optimizer = torch.optim.AdamW(
        [
            {"params": changes, "lr": rate, "weight_decay": 0.01},
            {"params": heads, "lr": head_rate, "weight_decay": 0.0},
        ]
    )
    return optimizer, torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min(1, (step + 1) / warm) * (0.5 + 0.5 * math.cos(math.pi * step / steps)),
    )


def write(table: Table, target: Path) -> None:
    """Write a file of arrays, whole or not at all."""
    with replacing(target) as file:
        np.savez_compressed(file, allow_pickle=False, **table)


def background_common(model: LateInteraction, tokenizer: Tokenizer) -> TokenCentring:
    """What the token vectors of the background questions share before any training."""
    rows = [row for _, row in read_json_lines(QUESTIONS / "background.jsonl")]
    ids = [tokenizer.encode(f"query: {row['question']}").ids for row in rows]
    with torch.no_grad():
        states = [one[_SKIPPED + 1 : -1] for one in model.upper(model.lower(ids))]
    spoken = np.repeat([row["language"] for row in rows], [len(one) for one in states])
    return fit_centring(unit_rows(torch.cat(states).numpy()), spoken)


def main(target: Path) -> None:
    """Train from the beginning and write the file."""
    torch.manual_seed(_SEED)
    weights = read_weights(weights_path())
    model, tokenizer = LateInteraction(weights), build_tokenizer(weights)
    model.centring = background_common(model, tokenizer)
    found = [encode_text(model, tokenizer, one) for one in texts(*TRAINED_ON)]
    print(json.dumps({"statements": len(found), "questions": sum(len(o.gold) for o in found)}))
    for epochs, rate, head_rate in _ROUNDS:
        for number, value in enumerate(train(model, found, epochs, rate, head_rate), 1):
            print(f"epoch {number} of {epochs}: loss {value:.3f}", flush=True)
    write(model.table(), target)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else _TARGET)
