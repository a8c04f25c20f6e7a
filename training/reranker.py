"""Trains `index/models/reranker.npz`: `python -m training.reranker` (three hours on two cores).

The ranking compares a question with passages that were read without it. The reader reads the best
of them again together with the question (a cross-encoder, Nogueira & Cho 2019), and learns which
sentences answer it. Of each statement of `training/data` it sees, for each question, the passages
that answer and some that the trained adapter takes for the best of the others.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from index.models import lora
from index.models.graph import build_tokenizer
from index.models.onnx_encoder import paired, question_ids
from index.models.weights import read_weights, weights_path
from index.search.reranker import with_history
from qa.questions.followups import earlier_questions
from training.adapter import Scores, schedule, write
from training.datasets import TRAINED_ON, TrainingText, texts
from training.encoded_statements import EncodedText, encode_text
from training.torch_model import LateInteraction, Reranker

# Epochs, rate, rate of the head; faster ones came to grief.
_ROUNDS = ((1.25, 1e-3, 5e-3), (1.5, 2.5e-4, 1.25e-3), (0.75, 3e-4, 9e-4))
_WARM = 100  # steps
_TOGETHER = 8  # questions in a step
_DEPTH = 4  # wrong passages to draw from
_WRONG = 1  # of these drawn for each question, beside the best where there is no right one
_OTHERS = 0.3  # what not taking the wrong sentences for an answer counts, beside the right ones
_FAR = 9.0  # a logit that is sure
_SEED = 0
_REPORTED = 100  # steps


@dataclass(frozen=True, slots=True)
class RerankerExample:
    """A question and passages of its statement.

    Attributes:
        question: Token ids.
        passages: Token ids of every passage of the statement.
        sentence_of: For each of them, i64 (tokens,), the sentence each token is in, or -1.
        gold: The sentences that answer; none where the statement is silent.
        right: The passages that hold them.
        wrong: Others, those that the ranking likes best first.
    """

    question: list[int]
    passages: list[list[int]]
    sentence_of: list[Tensor]
    gold: frozenset[int]
    right: list[int]
    wrong: list[int]

    def drawn(self, draw: random.Random) -> list[int]:
        """Passages to read; the best of the wrong ones always where there is no right one."""
        if self.right:
            some = draw.sample(self.right, min(2, len(self.right)))
            return some + draw.sample(self.wrong, min(_WRONG, len(self.wrong)))
        return self.wrong[:1] + draw.sample(self.wrong[1:], min(_WRONG, len(self.wrong[1:])))


def reranker_examples(
    ranker: LateInteraction, tokenizer: Tokenizer, taught: Iterable[TrainingText]
) -> Iterator[RerankerExample]:
    """Every question about some texts."""
    for text in taught:
        one, asked = encode_text(ranker, tokenizer, text), text.questions
        order = _order(ranker, one).tolist()
        for question, gold, liked in zip(asked, one.gold, order, strict=True):
            right = sorted({int(one.passage_of[place]) for place in gold})
            whole = with_history(earlier_questions(question.history), question.text)
            yield RerankerExample(
                question_ids(tokenizer.encode(f"query: {whole}")),
                one.ids,
                one.sentence_of,
                frozenset(gold),
                right,
                [passage for passage in liked if passage not in right][:_DEPTH],
            )


@torch.no_grad()
def _order(ranker: LateInteraction, one: EncodedText) -> Tensor:
    """The passages, best first, for each question."""
    met = Scores.of(ranker, [one]).met[0]
    best = torch.full((len(met), len(one.passages)), -9.0)
    owner = one.passage_of.expand(len(met), -1)
    return best.scatter_reduce(1, owner, met, "amax").argsort(1, descending=True)


def loss(reader: Reranker, together: Sequence[RerankerExample], draw: random.Random) -> Tensor:
    """How badly the sentences that answer are told from the others."""
    drawn = [(number, p) for number, one in enumerate(together) for p in one.drawn(draw)]
    pairs = [paired(together[number].question, together[number].passages[p]) for number, p in drawn]
    read = reader([pair.ids for pair in pairs])
    found: list[dict[int, Tensor]] = [{} for _ in together]
    for (number, p), pair, logits in zip(drawn, pairs, read, strict=True):
        found[number] |= _sentences(logits[pair.start :], together[number].sentence_of[p][1:])
    losses = [_told(one.gold, sentences) for one, sentences in zip(together, found, strict=True)]
    return torch.stack(losses).mean()


def _sentences(logits: Tensor, sentence_of: Tensor) -> dict[int, Tensor]:
    """The mean logit of each sentence that was read."""
    inside = sentence_of[: len(logits)]
    present: list[int] = sorted(set(inside.tolist()) - {-1})
    return {sentence: logits[inside == sentence].mean() for sentence in present}


def _told(gold: frozenset[int], sentences: dict[int, Tensor]) -> Tensor:
    """Right ones before all wrong ones, and above nought; the best wrong one below it."""
    right = [logit for sentence, logit in sentences.items() if sentence in gold]
    wrong = [logit for sentence, logit in sentences.items() if sentence not in gold]
    others = torch.stack(wrong or [torch.tensor(-_FAR)])
    below = functional.softplus(others.max())
    if not right:
        return below
    answers = torch.stack(right)
    before = functional.softplus(others.logsumexp(0) - answers).mean()
    return before + functional.softplus(-answers).mean() + _OTHERS * below


def train(
    reader: Reranker, found: list[RerankerExample], epochs: float, rate: float, head_rate: float
) -> Iterator[tuple[int, float]]:
    """Train, and give the mean loss after every so many steps."""
    draw = random.Random(_SEED)  # noqa: S311
    head, changes = list(reader.out.parameters()), list(reader.layers.parameters())
    steps = math.ceil(epochs * len(found) / _TOGETHER)
    warm = min(_WARM, math.ceil(steps / 10))
    optimizer, pace = schedule(changes, rate, head, head_rate, steps, warm)
    waiting: list[RerankerExample] = []
    losses = []
    for step in range(steps):
        if len(waiting) < _TOGETHER:
            waiting = draw.sample(found, len(found))
        together, waiting = waiting[:_TOGETHER], waiting[_TOGETHER:]
        reader.train()
        optimizer.zero_grad()
        value = loss(reader, together, draw)
        torch.autograd.backward(value)
        nn.utils.clip_grad_norm_(changes, 1.0)
        optimizer.step()
        pace.step()
        losses.append(value.item())
        if (step + 1) % _REPORTED == 0 or step + 1 == steps:
            yield step + 1, float(np.mean(losses))
            losses = []
    reader.eval()


def main(target: Path) -> None:
    """Train from the adapter on, and write the file."""
    torch.manual_seed(_SEED)
    weights = read_weights(weights_path())
    tokenizer, table = build_tokenizer(weights), lora.shipped(weights).table
    ranker = LateInteraction(weights)
    ranker.start_from(table)
    found = list(reranker_examples(ranker, tokenizer, texts(*TRAINED_ON)))
    print(f"{len(found)} questions", flush=True)
    reader = Reranker(weights)
    reader.start_from(table)
    for epochs, rate, head_rate in _ROUNDS:
        for steps, value in train(reader, found, epochs, rate, head_rate):
            print(f"{steps} steps: loss {value:.3f}", flush=True)
    write(reader.table(), target)


if __name__ == "__main__":
    default = Path(lora.__file__).with_name(lora.RERANKER)
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
