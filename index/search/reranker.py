"""The best passages, read again together with the question (a cross-encoder).

The ranking compares what a question and a sentence say each by itself. Whether one answers the
other, a model tells better that reads both at once; it is too slow to read everything that way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from corpus.records import Passage, Statement
from corpus.segmentation.splitting import estimated_tokens
from index.models.encoder import Reading
from index.search.ranking import Hit, Ranking
from index.search.scoring import WEIGHTS, Weights, add_reading
from index.store.wordings import introduction

READ = 3  # passages at most; more of them told silence no better
SURE = 6.0  # log-odds count up to here; a sentence that was not read surely does not answer
_ROOM = 330  # estimated tokens of a passage with its introduction, which leaves some for a question

Read = Callable[[str, tuple[str, ...]], Sequence[Reading]]
_Key = tuple[str, str]  # of a passage


def everything(hit: Hit) -> bool:
    """Whether a sentence may be quoted: any may."""
    del hit
    return True


@dataclass(frozen=True, slots=True)
class Wording:
    """A passage as it is read: behind the bullet it hangs from, where both fit.

    Attributes:
        text: What is read.
        offset: Where that text would begin in the statement if it all stood there.
    """

    text: str
    offset: int

    @classmethod
    def of(cls, statement: Statement, passage: Passage) -> Wording:
        """The wording of a passage."""
        own, before = passage.span.of(statement.source.text), introduction(statement, passage)
        if before and estimated_tokens(before + own) > _ROOM:
            before = ""
        return cls(before + own, passage.span.start - len(before))


def standing_alone(before: str, question: str) -> str:
    """A question with what it leans on."""
    return f"{before} {question}" if before else question


def read_again(
    ranking: Ranking,
    read: Read,
    weights: Weights = WEIGHTS,
    wanted: Callable[[Hit], bool] = everything,
) -> Ranking:
    """Let the reader have its say in the order of the best passages' sentences.

    Args:
        ranking: How they rank without it.
        read: Reads passages, see `Encoder.read`; the ranking stays where it cannot.
        weights: What the reader's word counts.
        wanted: Says which sentences it matters for; a passage without any is not read.
    """
    best = list(islice(_passages(filter(wanted, ranking.hits)).values(), READ))
    # What cannot come first, whatever the reader says of it, is not worth the time.
    reach = weights.reading * 2 * SURE
    best = [hit for hit in best if hit.score >= best[0].score - reach]
    wordings = [Wording.of(hit.statement, hit.passage) for hit in best]
    readings = read(ranking.searched, tuple(one.text for one in wordings))
    if not readings:
        return ranking
    said = dict(zip(map(_key, best), zip(wordings, readings, strict=True), strict=True))
    logits = [_logit(hit, said.get(_key(hit))) for hit in ranking.hits]
    hits = [
        replace(hit, reading=logit, score=add_reading(hit.score, logit + SURE, weights))
        for hit, logit in zip(ranking.hits, logits, strict=True)
    ]
    hits.sort(key=lambda hit: -hit.score)
    passages = tuple((*key, hit.score) for key, hit in _passages(hits).items())
    return replace(ranking, hits=tuple(hits), passages=passages)


def _logit(hit: Hit, read: tuple[Wording, Reading] | None) -> float:
    if read is None:
        return -SURE
    wording, reading = read
    starts, ends = (reading.spans + wording.offset).T
    inside = (ends > hit.span.start) & (starts < hit.span.end)
    if not inside.any():  # beyond the window
        return -SURE
    return float(np.clip(reading.logits[inside].mean(), -SURE, SURE))


def _key(hit: Hit) -> _Key:
    return hit.statement.id, hit.passage.id


def _passages(hits: Iterable[Hit]) -> dict[_Key, Hit]:
    """The best sentence of every passage, best first."""
    best: dict[_Key, Hit] = {}
    for hit in hits:
        best.setdefault(_key(hit), hit)
    return best
