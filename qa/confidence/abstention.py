"""What tells whether a question is answered at all: features of its ranking.

The models over these features are fitted by `training.calibration`.
"""

from __future__ import annotations

import numpy as np

from index.search.ranking import Ranking
from index.search.reranker import BOUND

# Features that tell whether the statements are about the subject of the question at all.
SUBJECT = ("score", "half", "anywhere", "words")
# Features that tell whether the best sentence answers the question.
ANSWER = ("answerability", "question_prior", "reranker", "half")
# Features that tell whether the best sentence is the right one.
FIRST = (*ANSWER, "words", "lead", "second")
_COMPARED = 8  # sentences that are looked at to find the best one of another passage


def abstention_features(ranking: Ranking) -> dict[str, float]:
    """Return what tells whether a question is answered. Most values are on the scale of a cosine.

    - `score`: the score of the best sentence.
    - `anywhere`: for each token of the question the best cosine in any sentence, as a mean with the
      weights of the tokens.
    - `half`: the mean of the larger half of these cosines, without weights. The words of a subject
      match somewhere in a statement that is about it, whatever is asked.
    - `words`: the best proportional BM25. Across languages it works for acronyms only.
    - `answerability`: how well the best sentence matches the tokens that tell whether it answers.
    - `question_prior`: how much the question alone looks like one that statements answer. Joint
      statements name places more often than prices, for example.
    - `reranker`: the best log-odds that the reranker gives to a sentence.
    - `lead`: how far the best sentence is ahead of the best sentence of another passage.
    - `second`: the best log-odds of a sentence of another passage.

    Args:
        ranking: A ranking with at least one sentence.
    """
    scores, weights = ranking.scores, ranking.query.query_weights.retrieval
    if not len(weights):
        return dict.fromkeys((*SUBJECT, *FIRST), 0.0)
    passages = ranking.snapshot.passage_of[scores.rows[:_COMPARED]]
    others = np.flatnonzero(passages != passages[0])
    best = scores.similarities.max(axis=0)
    return {
        "score": float(scores.score[0]),
        "half": float(np.sort(best)[len(best) // 2 :].mean()),
        "anywhere": float(best @ weights),
        "words": float(scores.words.max()),
        "answerability": float(scores.answerability[0]),
        "question_prior": ranking.question_prior,
        "reranker": float(scores.reranker.max()),
        "lead": float(scores.score[0] - scores.score[others[0]]) if len(others) else 0.0,
        "second": float(scores.reranker[others].max()) if len(others) else -BOUND,
    }
