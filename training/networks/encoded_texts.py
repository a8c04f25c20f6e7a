"""Texts of `training/data` and their questions, encoded by the lower layers of the model.

The lower layers have no changes, so a text is encoded once for the whole training. There is no
command.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from corpus.question_sets import right_sentences
from corpus.records import Span, Statement
from index.models.onnx_encoder import PREFIXES
from index.models.tokenizer import Tokenizer
from index.store.encoder_inputs import context_before
from qa.questions.followups import earlier_questions
from training.datasets import TrainingText
from training.networks.torch_model import AdaptedEncoder


@dataclass(frozen=True, slots=True)
class EncodedText:
    """A text and the questions about it. Sentences are numbered through the whole text.

    Attributes:
        ids: Token ids of each passage.
        passages: The states of each passage after the lower layers, f16 (tokens, hidden).
        sentence_of: For each passage, i64 (tokens,), the sentence of each token; -1 for none.
        passage_of: i64 (sentences,), the passage of each sentence.
        questions: The states of each question, f16 (tokens, hidden).
        history: The states of the earlier questions, f16 (tokens, hidden), by the index of the
            question that follows them up.
        gold: For each question, the sentences that answer it. The list is empty where no sentence
            answers.
    """

    ids: list[list[int]]
    passages: list[Tensor]
    sentence_of: list[Tensor]
    passage_of: Tensor
    questions: list[Tensor]
    history: dict[int, Tensor]
    gold: list[list[int]]


@dataclass(frozen=True, slots=True)
class _TokenizedPassages:
    """The passages of a statement as token ids.

    Attributes:
        ids: Token ids of each passage.
        sentence_of: See `EncodedText`.
        passage_of: The passage of each sentence.
        sentences: The spans of all sentences.
    """

    ids: list[list[int]]
    sentence_of: list[Tensor]
    passage_of: list[int]
    sentences: list[Span]


def encode_text(model: AdaptedEncoder, tokenizer: Tokenizer, text: TrainingText) -> EncodedText:
    """Encode one text and its questions with the lower layers."""
    statement, questions = text.statement, text.questions
    tokenized = _tokenize(tokenizer, statement)
    index = {sentence: number for number, sentence in enumerate(tokenized.sentences)}
    earlier = [earlier_questions(question.history) for question in questions]
    history = {number: turns for number, turns in enumerate(earlier) if turns}

    def encode(texts: Sequence[str]) -> list[Tensor]:
        read = [tokenizer.encode(PREFIXES["query"] + text) for text in texts]
        return model.lower([tokens.windows()[0] for tokens in read])

    return EncodedText(
        tokenized.ids,
        model.lower(tokenized.ids),
        tokenized.sentence_of,
        torch.tensor(tokenized.passage_of),
        encode([question.text for question in questions]),
        dict(zip(history, encode(list(history.values())), strict=True)),
        [
            [index[sentence] for sentence in right_sentences(question, statement)]
            for question in questions
        ],
    )


def _tokenize(tokenizer: Tokenizer, statement: Statement) -> _TokenizedPassages:
    """Tokenize each passage as the index does, with the context before it."""
    tokenized = _TokenizedPassages([], [], [], [])
    for number, passage in enumerate(statement.passages):
        before = PREFIXES["passage"] + context_before(statement, passage)
        tokens = tokenizer.encode(before + passage.span.of(statement.source.text))
        ids, *_ = tokens.windows()
        starts, ends = tokens.spans[: len(ids) - 2].T - len(before) + passage.span.start
        sentence_of = np.full(len(starts), -1)
        for sentence in passage.sentences:
            inside = (ends > sentence.start) & (starts < sentence.end)
            sentence_of[inside] = len(tokenized.sentences)
            tokenized.sentences.append(sentence)
            tokenized.passage_of.append(number)
        tokenized.ids.append(ids)
        around = np.pad(sentence_of, 1, constant_values=-1)  # the special tokens
        tokenized.sentence_of.append(torch.from_numpy(around))
    return tokenized
