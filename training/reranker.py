"""Train `index/models/reranker.npz`, the model that reads a question and a passage together.

    python -m training.reranker [FILE]

The command starts from the trained adapter and writes FILE; the default is the file that ships. It
takes about three hours on two cores.

The ranking compares a question with passages that were encoded without it. The reranker reads the
best passages again together with the question (a cross-encoder, Nogueira & Cho 2019) and learns
which sentences answer. The data are the texts and questions of the split `train` in
`training/data`. For each question it reads passages that answer, and passages of the same text that
do not answer although the adapter ranks them high.
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
from torch import Tensor
from torch.nn import functional

from index.models import lora
from index.models.onnx_encoder import PREFIXES, paired, question_ids
from index.models.tokenizer import Tokenizer, tokenizer_model
from index.models.weights import read_weights, weights_path
from index.search.reranker import with_history
from qa.questions.followups import earlier_questions
from training.array_files import write_arrays
from training.datasets import TrainingText, training_texts
from training.networks.encoded_texts import EncodedText, encode_text
from training.networks.optimizer import make_optimizer, take_step
from training.networks.ranking_loss import NEVER, QuestionScores
from training.networks.trained_models import LateInteraction, Reranker

# Epochs, learning rate of the changes, learning rate of the head. Training diverged with higher
# rates.
_ROUNDS = ((1.25, 1e-3, 5e-3), (1.5, 2.5e-4, 1.25e-3), (0.75, 3e-4, 9e-4))
_WARM_UP = 100  # steps in which the learning rates rise
_QUESTIONS_PER_STEP = 8
_RIGHT_PASSAGES = 2  # passages with an answer that are read for a question, at most
_WRONG_PASSAGES = 1  # passages without an answer that are drawn for a question
_WRONG_DEPTH = 4  # the best passages without an answer, from which they are drawn
_WRONG_WEIGHT = 0.3  # of the log-odds of wrong sentences, against 1 for those of right ones
_CERTAIN = 9.0  # log-odds that are as good as certain
_SEED = 0
_REPORT_STEPS = 100  # steps between two reports of the loss


@dataclass(frozen=True, slots=True)
class RerankerExample:
    """A question and the passages of its text.

    Attributes:
        question: Token ids of the question.
        passages: Token ids of every passage of the text.
        sentence_of: For each passage, i64 (tokens,), the sentence of each token; -1 for none.
        gold: The sentences that answer. It is empty where no sentence answers.
        right: The passages that hold these sentences.
        wrong: The best other passages, best first.
    """

    question: list[int]
    passages: list[list[int]]
    sentence_of: list[Tensor]
    gold: frozenset[int]
    right: list[int]
    wrong: list[int]

    def draw_passages(self, draw: random.Random) -> list[int]:
        """Draw the passages to read in one step.

        Where no passage answers, the best one is always read.
        """
        if self.right:
            right = draw.sample(self.right, min(_RIGHT_PASSAGES, len(self.right)))
            return right + draw.sample(self.wrong, min(_WRONG_PASSAGES, len(self.wrong)))
        others = self.wrong[1:]
        return self.wrong[:1] + draw.sample(others, min(_WRONG_PASSAGES, len(others)))


def reranker_examples(
    ranker: LateInteraction, tokenizer: Tokenizer, texts: Iterable[TrainingText]
) -> Iterator[RerankerExample]:
    """Yield an example for every question about some texts.

    Args:
        ranker: The trained adapter, which ranks the passages.
        tokenizer: The tokenizer of the bundled model.
        texts: The texts.
    """
    for text in texts:
        encoded = encode_text(ranker, tokenizer, text)
        orders = _passage_orders(ranker, encoded).tolist()
        for question, gold, order in zip(text.questions, encoded.gold, orders, strict=True):
            right = sorted({int(encoded.passage_of[sentence]) for sentence in gold})
            query = with_history(earlier_questions(question.history), question.text)
            yield RerankerExample(
                question_ids(tokenizer.encode(PREFIXES["query"] + query).ids),
                encoded.ids,
                encoded.sentence_of,
                frozenset(gold),
                right,
                [passage for passage in order if passage not in right][:_WRONG_DEPTH],
            )


@torch.no_grad()
def _passage_orders(ranker: LateInteraction, encoded: EncodedText) -> Tensor:
    """Rank the passages for each question, i64 (questions, passages), best first."""
    scores = QuestionScores.of(ranker, [encoded]).retrieval
    best = torch.full((len(scores), len(encoded.passages)), NEVER)
    passage_of = encoded.passage_of.expand(len(scores), -1)
    return best.scatter_reduce(1, passage_of, scores, "amax").argsort(1, descending=True)


def loss(model: Reranker, examples: Sequence[RerankerExample], draw: random.Random) -> Tensor:
    """Return the mean loss of some questions, over passages that are drawn for each."""
    drawn = [
        (number, passage)
        for number, example in enumerate(examples)
        for passage in example.draw_passages(draw)
    ]
    pairs = [
        paired(examples[number].question, examples[number].passages[passage])
        for number, passage in drawn
    ]
    outputs = model([pair.ids for pair in pairs])
    sentences: list[dict[int, Tensor]] = [{} for _ in examples]
    for (number, passage), pair, logits in zip(drawn, pairs, outputs, strict=True):
        sentence_of = examples[number].sentence_of[passage][1:]
        sentences[number] |= _sentence_logits(logits[pair.start :], sentence_of)
    losses = [
        _question_loss(example.gold, logits)
        for example, logits in zip(examples, sentences, strict=True)
    ]
    return torch.stack(losses).mean()


def _sentence_logits(logits: Tensor, sentence_of: Tensor) -> dict[int, Tensor]:
    """Return the mean logit of each sentence of a passage.

    Args:
        logits: f32 (tokens,). The end of a long passage is missing.
        sentence_of: i64, the sentence of each token.
    """
    sentence_of = sentence_of[: len(logits)]
    numbers: list[int] = sorted(set(sentence_of.tolist()) - {-1})
    return {number: logits[sentence_of == number].mean() for number in numbers}


def _question_loss(gold: frozenset[int], sentences: dict[int, Tensor]) -> Tensor:
    """Return the loss of one question.

    Each right sentence should have higher log-odds than all wrong ones (softmax loss) and more than
    0; the best wrong sentence should have less than 0.

    Args:
        gold: The sentences that answer.
        sentences: The log-odds of each sentence that was read.
    """
    right = [logit for sentence, logit in sentences.items() if sentence in gold]
    wrong = [logit for sentence, logit in sentences.items() if sentence not in gold]
    wrong_logits = torch.stack(wrong or [torch.tensor(-_CERTAIN)])
    wrong_loss = functional.softplus(wrong_logits.max())
    if not right:
        return wrong_loss
    right_logits = torch.stack(right)
    order_loss = functional.softplus(wrong_logits.logsumexp(0) - right_logits).mean()
    right_loss = functional.softplus(-right_logits).mean()
    return order_loss + right_loss + _WRONG_WEIGHT * wrong_loss


def train(
    model: Reranker, examples: list[RerankerExample], epochs: float, rate: float, head_rate: float
) -> Iterator[tuple[int, float]]:
    """Train, and yield the number of steps and the mean loss since the report before.

    Args:
        model: The model to change.
        examples: The questions.
        epochs: How often each question is read, on average.
        rate: The learning rate of the low-rank changes.
        head_rate: The learning rate of the head.
    """
    draw = random.Random(_SEED)  # noqa: S311
    head, changes = list(model.out.parameters()), list(model.layers.parameters())
    steps = math.ceil(epochs * len(examples) / _QUESTIONS_PER_STEP)
    optimizer, schedule = make_optimizer(changes, rate, head, head_rate, steps, _WARM_UP)
    waiting: list[RerankerExample] = []
    losses = []
    for step in range(steps):
        if len(waiting) < _QUESTIONS_PER_STEP:
            waiting = draw.sample(examples, len(examples))
        batch, waiting = waiting[:_QUESTIONS_PER_STEP], waiting[_QUESTIONS_PER_STEP:]
        model.train()
        losses.append(take_step(optimizer, schedule, changes, loss(model, batch, draw)))
        if (step + 1) % _REPORT_STEPS == 0 or step + 1 == steps:
            yield step + 1, float(np.mean(losses))
            losses = []
    model.eval()


def main(target: Path) -> None:
    """Train, starting from the adapter that ships, and write the file."""
    torch.manual_seed(_SEED)
    weights = read_weights(weights_path())
    tokenizer, adapter = Tokenizer(tokenizer_model(weights)), lora.load_adapter(weights).arrays
    ranker = LateInteraction(weights)
    ranker.start_from(adapter)
    examples = list(reranker_examples(ranker, tokenizer, training_texts()))
    print(f"{len(examples)} questions", flush=True)
    model = Reranker(weights)
    model.start_from(adapter)
    for epochs, rate, head_rate in _ROUNDS:
        for steps, value in train(model, examples, epochs, rate, head_rate):
            print(f"{steps} steps: loss {value:.3f}", flush=True)
    write_arrays(model.table(), target)


if __name__ == "__main__":
    default = Path(lora.__file__).with_name(lora.RERANKER)
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
