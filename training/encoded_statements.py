"""Texts of `training/data` as the lower layers of the model encode them, with their questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from corpus.question_sets import sentences_with
from corpus.records import Span
from index.store.wordings import context_before
from qa.questions.followups import earlier_questions
from training.datasets import TrainingText
from training.torch_model import AdaptedEncoder


@dataclass(frozen=True, slots=True)
class EncodedText:
    """A statement and questions about it, read by the lower layers.

    Attributes:
        ids: Token ids of each passage.
        passages: The same read by the lower layers, f16 (tokens, hidden) each.
        sentence_of: For each passage, i64 (tokens,), the sentence each token is in, or -1.
        passage_of: i64 (sentences,), the passage each sentence is in.
        questions: f16 (tokens, hidden) each.
        before: Place of a question that leans on earlier ones -> these, f16 (tokens, hidden).
        gold: For each question, the sentences that answer; none where the statement is silent.
    """

    ids: list[list[int]]
    passages: list[Tensor]
    sentence_of: list[Tensor]
    passage_of: Tensor
    questions: list[Tensor]
    before: dict[int, Tensor]
    gold: list[list[int]]


def encode_text(model: AdaptedEncoder, tokenizer: Tokenizer, taught: TrainingText) -> EncodedText:
    """Encode one text and its questions."""
    statement, asked = taught.statement, taught.questions
    text = statement.source.text
    texts, sentence_of = [], []
    places: list[tuple[int, Span]] = []
    for number, passage in enumerate(statement.passages):
        before = f"passage: {context_before(statement, passage)}"
        encoding = tokenizer.encode(before + passage.span.of(text))
        starts, ends = np.array(encoding.offsets).T - len(before) + passage.span.start
        inside = np.full(len(starts), -1)
        for sentence in passage.sentences:
            inside[(ends > sentence.start) & (starts < sentence.end)] = len(places)
            places.append((number, sentence))
        inside[np.array(encoding.special_tokens_mask) == 1] = -1
        texts.append(encoding.ids)
        sentence_of.append(torch.from_numpy(inside))
    index = {sentence: place for place, (_, sentence) in enumerate(places)}
    leaning = {
        n: before for n, one in enumerate(asked) if (before := earlier_questions(one.history))
    }

    def read(questions: Sequence[str]) -> list[Tensor]:
        return model.lower([tokenizer.encode(f"query: {one}").ids for one in questions])

    return EncodedText(
        texts,
        model.lower(texts),
        sentence_of,
        torch.tensor([number for number, _ in places]),
        read([one.text for one in asked]),
        dict(zip(leaning, read(list(leaning.values())), strict=True)),
        [
            [
                index[s]
                for fragment in (*q.gold, *q.also)
                for s in sentences_with(fragment, statement)
            ]
            for q in asked
        ],
    )
