"""Reranking: the best passages are read again together with the question (a cross-encoder).

The ranking compares a question and a sentence that were encoded apart. A model that reads both at
once tells better whether one answers the other, but it is too slow to read everything (Nogueira &
Cho 2019).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from corpus.records import Passage, Span, Statement
from corpus.segmentation.window import RERANKED_TOKENS, estimated_tokens
from index.models.encoder import TokenLogits
from index.search.ranking import Ranking
from index.search.scoring import Doubles, add_reranker
from index.search.snapshot import Location
from index.store.encoder_inputs import context_before

READ = 3  # passages that are read. Reading more did not tell better when to abstain.
# Log-odds are bounded by this. A sentence that was not read gets the lower bound.
BOUND = 6.0

Rerank = Callable[[str, tuple[str, ...]], Sequence[TokenLogits]]


def any_sentence(location: Location) -> bool:
    """Return True: every sentence may be quoted."""
    del location
    return True


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage as the reranker reads it: behind its parent bullet, where both fit.

    Attributes:
        text: The text to read.
        offset: What to add to a place in `text` to get a code point of the statement. It holds for
            the passage, not for the context before it.
    """

    text: str
    offset: int

    @classmethod
    def of(cls, statement: Statement, passage: Passage) -> PassageText:
        """Make the text of a passage."""
        own, context = passage.span.of(statement.source.text), context_before(statement, passage)
        if context and estimated_tokens(context + own) > RERANKED_TOKENS:
            context = ""
        return cls(context + own, passage.span.start - len(context))


def with_history(earlier: str, question: str) -> str:
    """Put earlier questions before a question."""
    return f"{earlier} {question}" if earlier else question


def rerank(ranking: Ranking, read: Rerank) -> Ranking:
    """Read the best passages with the question and sort their sentences anew.

    Args:
        ranking: The ranking without the reranker.
        read: See `Encoder.rerank`. Where it returns nothing, the ranking stays as it is.
    """
    rows = _best_passages(ranking)
    texts = [PassageText.of(*ranking.snapshot.passages[row]) for row in rows]
    outputs = read(ranking.searched, tuple(text.text for text in texts)) if rows else []
    if not outputs:
        return ranking
    logits = _logits(ranking, dict(zip(rows, zip(texts, outputs, strict=True), strict=True)))
    score = add_reranker(ranking.scores.score, logits + BOUND, ranking.snapshot.weights)
    scores = replace(ranking.scores, score=score, reranker=logits)
    return replace(ranking, scores=scores.best_first())


def _best_passages(ranking: Ranking) -> list[int]:
    """Return the rows of the passages to read, best first."""
    best = list(islice(ranking.best_passages(), READ))
    # A passage that cannot become the first, whatever the reranker says, is not read.
    reach = ranking.snapshot.weights.reranker * 2 * BOUND
    return [row for row, score in best if score >= best[0][1] - reach]


def _logits(ranking: Ranking, read: dict[int, tuple[PassageText, TokenLogits]]) -> Doubles:
    """Return the log-odds of each sentence, f64 (sentences,)."""
    snapshot, rows = ranking.snapshot, ranking.scores.rows
    logits = np.full(len(rows), -BOUND)
    passages = snapshot.passage_of[rows]
    for place in np.flatnonzero(np.isin(passages, list(read))).tolist():
        text, output = read[int(passages[place])]
        logits[place] = _logit(snapshot.sentences[rows[place]], text, output)
    return logits


def _logit(sentence: Span, text: PassageText, output: TokenLogits) -> float:
    """Return the mean log-odds of the tokens of one sentence."""
    starts, ends = (output.spans + text.offset).T
    inside = (ends > sentence.start) & (starts < sentence.end)
    if not inside.any():  # the sentence is beyond the window
        return -BOUND
    return float(np.clip(output.logits[inside].mean(), -BOUND, BOUND))
