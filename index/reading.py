"""The best passages, read again together with the question (a cross-encoder).

The ranking compares what a question and a sentence say each by itself. Whether one answers the
other, a model tells better that reads both at once; it is too slow to read everything that way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from corpus.records import Statement
from index.encoder import Encoder, Reading
from index.fusion import WEIGHTS, Weights, add_reading
from index.ranking import Hit, Ranking
from index.storage import introduction

READ = 5  # passages
SURE = 6.0  # logits count up to here; a sentence that was not read surely does not answer

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """A passage as it is read: behind the bullet it hangs from.

    Attributes:
        text: What is read.
        offset: Where that text would begin in the statement if it all stood there.
    """

    text: str
    offset: int


def wordings(statement: Statement) -> Iterator[tuple[Key, Wording]]:
    """Every passage of a statement by statement and passage id."""
    for passage in statement.passages:
        before = introduction(statement, passage)
        text = before + passage.span.of(statement.source.text)
        yield (statement.id, passage.id), Wording(text, passage.span.start - len(before))


def standing_alone(before: str, question: str) -> str:
    """A question with what it leans on."""
    return f"{before} {question}" if before else question


def read_again(
    ranking: Ranking,
    question: str,
    texts: Mapping[Key, Wording],
    encoder: Encoder,
    weights: Weights = WEIGHTS,
) -> Ranking:
    """Let the reader have its say in the order of the best passages' sentences.

    Args:
        ranking: How they rank without it.
        question: Must stand alone.
        texts: All passages.
        encoder: What reads; the ranking stays where it cannot.
        weights: What the reader's word counts.
    """
    keys = [(statement, passage) for statement, passage, _ in ranking.passages[:READ]]
    readings = encoder.read(question, [texts[key].text for key in keys])
    if not readings:
        return ranking
    read = dict(zip(keys, readings, strict=True))
    logits = [_logit(hit, read, texts) for hit in ranking.hits]
    hits = [
        replace(hit, reading=logit, score=add_reading(hit.score, logit + SURE, weights))
        for hit, logit in zip(ranking.hits, logits, strict=True)
    ]
    hits.sort(key=lambda hit: -hit.score)
    return replace(ranking, hits=tuple(hits), passages=tuple(_passages(hits)))


def _logit(hit: Hit, read: Mapping[Key, Reading], texts: Mapping[Key, Wording]) -> float:
    key = hit.statement, hit.passage
    if key not in read:
        return -SURE
    starts, ends = (read[key].spans + texts[key].offset).T
    inside = (ends > hit.span.start) & (starts < hit.span.end)
    if not inside.any():  # beyond the window
        return -SURE
    return float(np.clip(read[key].logits[inside].mean(), -SURE, SURE))


def _passages(hits: Iterable[Hit]) -> Iterator[tuple[str, str, float]]:
    """Every passage with its best sentence's score, best first."""
    best: dict[Key, float] = {}
    for hit in hits:
        best.setdefault((hit.statement, hit.passage), hit.score)
    for (statement, passage), score in best.items():
        yield statement, passage, score
