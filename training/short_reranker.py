"""Train a reranker with fewer layers by one with all of them.

    python -m training.short_reranker TEACHER [FILE]

TEACHER is the file that `training.reranker` writes. The command writes FILE; the default is the
file that ships. It takes about half an hour on two cores.

The log-odds of the teacher can be read from its lower layers nearly as well as from the last one:
a linear model of the states behind the eighth layer explains 0.90 of their variance. So the upper
layers are taken away, and the others learn to give the same log-odds (distillation, Hinton et al.
2015). The data are questions of the split `train`, each with the sentences that the search puts
first and those that answer.
"""

from __future__ import annotations

import math
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from corpus.question_sets import right_sentences
from index.building import adding
from index.models import lora
from index.models.catalogue import BUNDLED, open_encoder
from index.models.encoder import Encoder
from index.models.onnx_encoder import PREFIXES, paired, question_ids
from index.models.tokenizer import Tokenizer, framed, tokenizer_model
from index.models.trained_arrays import NamedArrays
from index.models.weights import ModelWeights, read_weights, weights_path
from index.search.reranker import with_history
from index.search.scoring import ScoreWeights
from index.search.searcher import Searcher
from index.store.store import Store
from qa.questions.followups import earlier_questions
from training.array_files import write_arrays
from training.datasets import TrainingText, training_texts
from training.networks.optimizer import make_optimizer, take_step
from training.networks.trained_models import Reranker
from training.reranker import question_loss

LAYERS = 8
_QUESTIONS = 30  # that are drawn for each text
_FOUND, _GOLD = 4, 2  # sentences that are read for a question, at most
_EPOCHS = 1.0
_RATE, _HEAD_RATE, _WARM_UP = 4e-4, 1.6e-3, 100
_QUESTIONS_PER_STEP = 16
_LARGEST = 7.0  # log-odds of the teacher that are as good as certain
_GOLD_WEIGHT = 0.5  # of the loss against the answers, where that against the teacher weighs 1
_SEED = 0
_REPORT_STEPS = 50  # steps between two reports of the loss
_WITHOUT_RERANKER = ScoreWeights(reranker=0.0)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question and sentences that may answer it.

    Attributes:
        question: The question, after earlier ones.
        sentences: The sentences, each alone.
        gold: The places of those that answer.
    """

    question: str
    sentences: tuple[str, ...]
    gold: frozenset[int]


@dataclass(frozen=True, slots=True)
class ReadLesson:
    """A lesson as the models read it.

    Attributes:
        lower: For each sentence, the output of the layers without changes, f16 (tokens, hidden).
        own: For each sentence, which of these tokens are its own, bool (tokens,).
        gold: See `Lesson`.
        taught: The log-odds of the teacher, f32 (sentences,).
    """

    lower: list[Tensor]
    own: list[Tensor]
    gold: frozenset[int]
    taught: Tensor


def lessons(
    encoder: Encoder, texts: Sequence[TrainingText], draw: random.Random
) -> Iterator[Lesson]:
    """Search the texts for their questions, and yield what would be reranked, and what answers."""
    for text in texts:
        source = text.statement.source.text
        with tempfile.TemporaryDirectory() as folder, closing(Store(Path(folder))) as store:
            adding.add(store, encoder, [(text.statement, "training")], progress=False)
            searcher = Searcher(store, encoder, _WITHOUT_RERANKER)
            for question in draw.sample(text.questions, min(_QUESTIONS, len(text.questions))):
                asked = with_history(earlier_questions(question.history), question.text)
                gold = list(right_sentences(question, text.statement))
                found = [hit.span for hit in searcher.search(asked).hits[:_FOUND]]
                chosen = list(dict.fromkeys([*gold[:_GOLD], *found]))
                answering = frozenset(place for place, span in enumerate(chosen) if span in gold)
                yield Lesson(asked, tuple(span.of(source) for span in chosen), answering)


@torch.no_grad()
def read_lesson(teacher: Reranker, tokenizer: Tokenizer, lesson: Lesson) -> ReadLesson:
    """Read a lesson with the teacher."""
    asked = question_ids(tokenizer.encode(PREFIXES["query"] + lesson.question).ids)
    prefix, pairs, own = PREFIXES["passage"], [], []
    for sentence in lesson.sentences:
        read = tokenizer.encode(prefix + sentence)
        pair = paired(asked, framed(read.ids))
        ends = read.spans[: len(pair.ids) - pair.start, 1]
        mask = np.zeros(len(pair.ids), bool)
        mask[pair.start :][: len(ends)] = ends > len(prefix)
        pairs.append(pair.ids)
        own.append(torch.from_numpy(mask))
    lower = teacher.lower(pairs)
    taught = _sentence_logits(teacher, lower, own).clamp(-_LARGEST, _LARGEST)
    return ReadLesson(lower, own, lesson.gold, taught)


def _sentence_logits(model: Reranker, lower: Sequence[Tensor], own: Sequence[Tensor]) -> Tensor:
    logits = model.logits(lower)
    return torch.stack([values[mask].mean() for values, mask in zip(logits, own, strict=True)])


def loss(model: Reranker, read: Sequence[ReadLesson]) -> Tensor:
    """Return the mean loss of some lessons: against the teacher, and against what answers."""
    lower = [states for lesson in read for states in lesson.lower]
    own = [mask for lesson in read for mask in lesson.own]
    logits, first = _sentence_logits(model, lower, own), 0
    losses = []
    for lesson in read:
        given = logits[first : first + len(lesson.own)]
        first += len(lesson.own)
        taught = functional.smooth_l1_loss(given, lesson.taught)
        answering = question_loss(lesson.gold, dict(enumerate(given)))
        losses.append(taught + _GOLD_WEIGHT * answering)
    return torch.stack(losses).mean()


def train(
    model: Reranker, read: Sequence[ReadLesson], epochs: float, draw: random.Random
) -> Iterator[tuple[int, float]]:
    """Train, and yield the number of steps and the mean loss since the report before.

    Args:
        model: The model to change.
        read: The lessons.
        epochs: How often each lesson is read, on average.
        draw: Draws the lessons.
    """
    head, changes = list(model.out.parameters()), list(model.layers.parameters())
    steps = math.ceil(epochs * len(read) / _QUESTIONS_PER_STEP)
    optimizer, schedule = make_optimizer(changes, _RATE, head, _HEAD_RATE, steps, _WARM_UP)
    waiting: list[ReadLesson] = []
    losses: list[float] = []
    for step in range(1, steps + 1):
        if len(waiting) < _QUESTIONS_PER_STEP:
            waiting = draw.sample(read, len(read))
        batch, waiting = waiting[:_QUESTIONS_PER_STEP], waiting[_QUESTIONS_PER_STEP:]
        model.train()
        losses.append(take_step(optimizer, schedule, changes, loss(model, batch)))
        if step % _REPORT_STEPS == 0 or step == steps:
            yield step, float(np.mean(losses))
            losses = []
    model.eval()


def models(weights: ModelWeights, table: NamedArrays) -> tuple[Reranker, Reranker]:
    """Return the teacher, and the model with fewer layers that begins with its changes."""
    teacher, model = Reranker(weights), Reranker(weights, layers=LAYERS)
    teacher.start_from_reranker(table)
    model.start_from_reranker(table)
    return teacher, model


def main(taught_by: Path, target: Path) -> None:
    """Train and write the file."""
    torch.manual_seed(_SEED)
    draw = random.Random(_SEED)  # noqa: S311
    weights = read_weights(weights_path())
    tokenizer = Tokenizer(tokenizer_model(weights))
    teacher, model = models(weights, dict(np.load(taught_by, allow_pickle=False)))
    found = lessons(open_encoder(BUNDLED), training_texts(), draw)
    read = [read_lesson(teacher, tokenizer, lesson) for lesson in found]
    print(f"{len(read)} questions", flush=True)
    for steps, value in train(model, read, _EPOCHS, draw):
        print(f"{steps} steps: loss {value:.3f}", flush=True)
    write_arrays(model.table(), target)


if __name__ == "__main__":
    default = Path(lora.__file__).with_name(lora.RERANKER)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else default)
