"""Measures answers on a question set: ranking, completeness, silence (ir-measures, SciPy)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, Protocol

import numpy as np

from corpus.characters.folding import key_of
from corpus.errors import ShuttenError
from corpus.question_sets import Question, load_questions, sentences_with
from corpus.records import Span, Statement
from index.search.ranking import Hit
from qa.answers.answer import LEVELS, Answer
from qa.evaluation.baselines import Ranker, System
from qa.evaluation.statistics import auc, calibration_error, holm, interval, paired_p

MEASURES = ("success@1", "success@3", "recall@3", "mrr", "ndcg@5")
_DEPTH = 50

Row = dict[str, Any]


class Answering(Protocol):
    """What is measured, an `Assistant` or one like it."""

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """See `Assistant.ask`."""

    def statement(self, statement: str) -> Statement:
        """See `Assistant.statement`."""

    def statement_ids(self) -> list[str]:
        """See `Assistant.statement_ids`."""


def evaluate(
    assistant: Answering,
    path: Path,
    rankers: Mapping[System, Ranker],
    split: str | None = None,
    step: Callable[[float], None] = lambda _: None,
) -> dict[str, Any]:
    """Run a question set and measure.

    Ranking is measured over the answerable questions, on sentences: a sentence is right when it
    holds a gold fragment. A question that is not answered still counts with its ranking;
    abstention is measured apart. An unanswered question never drops out of a mean.

    Args:
        assistant: What to measure.
        path: A question set.
        rankers: The systems to compare, see `baselines.rankers`. Paired tests compare the first
            with each other.
        split: Only questions of this split.
        step: Told of the progress, 0..1.

    Returns:
        JSON-like: `n`, `seconds`, `systems` (measures with bootstrap intervals, by language and
        kind), `paired` (exact tests on success@1, after Holm), `answers` (full system only),
        `questions`.

    Raises:
        ShuttenError: The set cannot be read, or has no question in that split.
    """
    questions = [q for q in load_questions(path) if split in (None, q.split)]
    if not questions:
        raise ShuttenError(f"{path}: no question of split {split!r}; see its `split` fields")
    chosen = list(rankers)
    started = time.perf_counter()
    rounds = len(chosen) + ("full" in chosen)
    scored: dict[System, list[Row]] = {}
    for system, ranker in rankers.items():
        step(len(scored) / rounds)
        scored[system] = _rank_all(assistant, questions, ranker)
    results: dict[str, Any] = {
        "set": path.name,
        "split": split,
        "n": len(questions),
        "answerable": sum(question.answerable for question in questions),
        "systems": {system: _summary(rows) for system, rows in scored.items()},
        "paired": holm([_paired(chosen[0], other, scored) for other in chosen[1:]]),
        "questions": scored[chosen[0]],
    }
    results |= {key: results["systems"][chosen[0]][key]["mean"] for key in MEASURES}
    if "full" in chosen:
        rows = []
        for number, question in enumerate(questions):
            step((len(chosen) + number / len(questions)) / rounds)
            rows.append(_answer_row(assistant, question))
        results["answers"] = _answer_summary(rows)
        _join(results["questions"], rows)
    results["seconds"] = round(time.perf_counter() - started, 2)
    return results


# -- ranking ----------------------------------------------------------------------------------


def _rank_all(assistant: Answering, questions: Sequence[Question], ranker: Ranker) -> list[Row]:
    import ir_measures
    from ir_measures import RR, R, Success, nDCG

    measures = {
        "success@1": Success @ 1,
        "success@3": Success @ 3,
        "recall@3": R @ 3,
        "mrr": RR,
        "ndcg@5": nDCG @ 5,
    }
    answerable = [question for question in questions if question.answerable]
    qrels, run = [], []
    first: dict[str, str] = {}
    for question in answerable:
        gold, stands_for = _gold(assistant, question)
        qrels += [ir_measures.Qrel(question.id, name, 1) for name in gold]
        ranking = ranker(question.text, question.history)
        best = ranking.hits[0]
        first[question.id] = f"{best.statement.id}:{best.passage.id}"
        names = dict.fromkeys(
            stands_for.get(name, name) for name in map(_name, ranking.hits[:_DEPTH])
        )
        run += [
            ir_measures.ScoredDoc(question.id, name, float(-rank))
            for rank, name in enumerate(names)
        ]
    rows: dict[str, Row] = {
        question.id: {
            "id": question.id,
            "language": question.language,
            "kind": question.kind,
            "family": question.family,
            "passage": first[question.id],
            **dict.fromkeys(MEASURES, 0.0),
        }
        for question in answerable
    }
    names_of = {str(measure): name for name, measure in measures.items()}
    for metric in ir_measures.iter_calc(list(measures.values()), qrels, run):
        rows[metric.query_id][names_of[str(metric.measure)]] = metric.value
    return list(rows.values())


def _name(hit: Hit) -> str:
    return _sentence_name(hit.statement.id, hit.span)


def _sentence_name(statement: str, span: Span) -> str:
    return f"{statement}:{span.start}-{span.end}"


def _gold(assistant: Answering, question: Question) -> tuple[list[str], dict[str, str]]:
    """Names of the gold sentences, and of those that stand for the gold one just as well."""
    names = list(dict.fromkeys(_holding(assistant, question.gold, question)))
    also = _holding(assistant, question.also, question) if question.also else []
    return names, {name: names[0] for name in also if name not in names and len(names) == 1}


def _holding(assistant: Answering, fragments: Sequence[str], question: Question) -> list[str]:
    found = []
    for fragment in fragments:
        names = [
            _sentence_name(statement, span)
            for statement in assistant.statement_ids()
            for span in sentences_with(fragment, assistant.statement(statement))
        ]
        if not names:
            raise ShuttenError(
                f"question {question.id}: {fragment!r} is in no sentence of any statement; "
                "mend the question set, or add its statement"
            )
        found += names
    return found


def _summary(rows: list[Row]) -> dict[str, Any]:
    summary: dict[str, Any] = {name: interval([row[name] for row in rows]) for name in MEASURES}
    if invariant := invariance(rows):
        summary["invariance"] = invariant
    for key in ("language", "kind"):
        summary[f"by_{key}"] = {
            value: {
                "n": len(group),
                **{name: float(np.mean([row[name] for row in group])) for name in MEASURES},
            }
            for value in sorted({row[key] for row in rows})
            if (group := [row for row in rows if row[key] == value])
        }
    return summary


def invariance(rows: Sequence[Row]) -> dict[str, float]:
    """Share of families whose questions all select the same passage; empty without families."""
    selected: dict[str, set[str]] = {}
    for row in rows:
        if row["family"]:
            selected.setdefault(row["family"], set()).add(row["passage"])
    if not selected:
        return {}
    same = [len(passages) == 1 for passages in selected.values()]
    return {"mean": sum(same) / len(same), "n": len(same)}


def _paired(first: System, other: System, scored: dict[System, list[Row]]) -> Row:
    pairs = list(zip(scored[first], scored[other], strict=True))
    gains = [int(a["success@1"] - b["success@1"]) for a, b in pairs]
    families = [a["family"] or a["id"] for a, _ in pairs]
    wins, losses = gains.count(1), gains.count(-1)
    p = paired_p(gains, families)
    return {"first": first, "other": other, "wins": wins, "losses": losses, "p": p}


# -- answers ----------------------------------------------------------------------------------


def _answer_row(assistant: Answering, question: Question) -> Row:
    answer = assistant.ask(question.text, question.history)
    quoted = [key_of(quote.text) for quote in answer.quotes]
    gold, also = ([key_of(one) for one in side] for side in (question.gold, question.also))
    covered = [any(fragment in text for text in quoted) for fragment in gold]
    right = [any(one in text for one in (*gold, *also)) for text in quoted]
    return {
        "id": question.id,
        "language": question.language,
        "kind": question.kind,
        "answerable": question.answerable,
        "status": answer.status,
        "confidence": answer.confidence,
        "level": answer.level,
        "first_right": bool(right) and right[0],
        "complete": all(covered) if covered else None,
        "several": len(question.gold) > 1,
        "precision": float(np.mean(right)) if right and question.gold else None,
        "recall": float(np.mean(covered)) if covered else None,
        "quotes": len(quoted),
        "first_length": len(answer.quotes[0].text) if quoted else None,
        "offsets_valid": _valid(assistant, answer),
        "detected": answer.language,
    }


def _valid(assistant: Answering, answer: Answer) -> bool:
    return all(
        quote.matches(assistant.statement(quote.statement).source) for quote in answer.ranked
    )


def _answer_summary(rows: list[Row]) -> dict[str, Any]:
    yes = [row for row in rows if row["answerable"]]
    no = [row for row in rows if not row["answerable"]]
    several = [row for row in yes if row["several"]]
    lengths = [row["first_length"] for row in rows if row["first_length"]]
    summary: dict[str, Any] = {
        "abstention_auc": auc([r["confidence"] for r in yes], [r["confidence"] for r in no]),
        "false_answers": _share(no, lambda row: row["status"] == "answered"),
        "false_refusals": _share(yes, lambda row: row["status"] != "answered"),
        "complete_of_several": _share(several, lambda row: row["complete"]),
        "set_precision": _mean(row["precision"] for row in yes),
        "set_recall": _mean(row["recall"] for row in yes),
        "quotes": _mean(row["quotes"] for row in yes if row["quotes"]),
        "calibration_error": calibration_error(
            [row["confidence"] for row in rows], [row["answerable"] for row in rows]
        ),
        "offsets_valid": _share(rows, lambda row: row["offsets_valid"]),
        "language_right": _share(rows, lambda row: row["detected"] == row["language"]),
        "median_first_quote": median(lengths) if lengths else None,
        "n_several": len(several),
        "n_unanswerable": len(no),
    }
    return summary | {"levels": _levels(rows)}


def _levels(rows: list[Row]) -> dict[str, dict[str, float]]:
    """For each level of confidence, how many answers had it, and how often their first was right.

    A question that the statement does not answer has no right quote.
    """
    found = {level: [row for row in rows if row["level"] == level] for level in LEVELS}
    return {
        level: {"n": len(group), "right": float(np.mean([row["first_right"] for row in group]))}
        for level, group in found.items()
        if group
    }


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _share(rows: list[Row], holds: Callable[[Row], Any]) -> float | None:
    return sum(bool(holds(row)) for row in rows) / len(rows) if rows else None


def _join(ranked: list[Row], answered: list[Row]) -> None:
    """Put what was answered beside the ranking; unanswerable questions are added at the end."""
    by_id = {row["id"]: row for row in answered}
    for row in ranked:
        row |= by_id.pop(row["id"])
    ranked += by_id.values()
