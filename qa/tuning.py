"""Fits `calibration.json`: `python -m qa.tuning OFF_SUBJECT.json...` (SQuAD-format files).

It reads the project's `dev` questions and the practice statements (invented, with questions of
their own), never a `test` split. Each figure of "how" is measured on statements that were left
out of the fit.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.library import PRACTICE, QUESTIONS, bundled_paths, load_statement
from corpus.questions import Question, load_questions, sentences_with
from corpus.records import Span, Statement
from index import indexing
from index.encoder import Encoder
from index.models import BUNDLED, open_encoder
from index.ranking import Clues, Hit, Ranking
from index.search import Searcher
from index.storage import Store
from qa import abstaining, conversation, quoting
from qa.calibration import Logistic
from qa.evaluation import auc, calibration_error
from qa.squad import paragraphs

_PER_FILE = 60
_REFUSED = 0.07  # of the answerable questions about the bundled statement
_MISJUDGED = 0.03  # of the questions about a statement's subjects may be said to be off them
# What each kind weighs among those on its side of a fit; the others weigh the same.
_SHARES = {"answered": 0.9, "topic": 0.1, "near": 0.6}
_SHARE = 0.1
_SEED = 0
_ANSWERED = ("answered", "topic")
_TERMS = 14  # bare terms for each statement
_TERM = re.compile(r"[A-Z]{3,}[A-Za-z0-9]*|[ァ-ヴー]{5,12}|[一-龥]{4,7}")
# The commonest way to ask.
_TOPICAL = (
    "{}について何が合意されましたか",
    "{}については何と言っていますか",
    "{}は?",
    "What was agreed on {}?",
    "What did they say about {}?",
    "关于{}达成了什么协议？",
    "¿Qué se acordó sobre {}?",
    "{}에 대해 무엇이 합의되었나요?",
    "Was wurde zu {} vereinbart?",
    "Que dit la déclaration sur {} ?",
)
_STRENGTH = 1.0  # inverse of the regularisation of `several`, chosen among 0.3, 1 and 3

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A statement in an index of its own, and questions about it."""

    statement: Statement
    store: Store
    searcher: Searcher
    questions: tuple[Question, ...]

    def gold(self, question: Question) -> set[str]:
        """Ids of the passages that answer."""
        spans = self.gold_sentences(question)
        return {p.id for p in self.statement.passages if _holds(p.span, spans)}

    def gold_sentences(self, question: Question) -> set[Span]:
        """The sentences that answer."""
        fragments = (*question.gold, *question.also)
        return {span for one in fragments for span in sentences_with(one, self.statement)}


@dataclass(frozen=True, slots=True)
class Example:
    """Features and what they should tell.

    Attributes:
        features: Of a question asked of a statement.
        right: Whether it is answered, or is a follow-up.
        kind: Where it comes from, to be measured apart.
        group: The statement.
        gist: See `Ranking.gist`.
    """

    features: dict[str, float]
    right: bool
    kind: str
    group: str
    gist: Floats = field(default_factory=lambda: np.zeros(0))


def cases(encoder: Encoder, stack: ExitStack) -> Iterator[Case]:
    """The bundled statement with its dev questions, and every practice statement."""
    bundled = QUESTIONS / "jucip-2023.jsonl"
    pairs = [(bundled_paths()[0], bundled)]
    pairs += [(path, path.with_suffix(".jsonl")) for path in sorted(PRACTICE.glob("*.txt"))]
    for path, questions in pairs:
        statement = load_statement(path)
        folder = tempfile.TemporaryDirectory(prefix="shutten-", ignore_cleanup_errors=True)
        store = Store(Path(stack.enter_context(folder)))
        stack.callback(store.close)
        indexing.add(store, encoder, [(statement, path.name)])
        asked = tuple(q for q in load_questions(questions) if q.split == "dev")
        yield Case(statement, store, Searcher(store, encoder), asked)


def silence(cases: Sequence[Case], off_subject: Sequence[Path]) -> Iterator[Example]:
    """Questions that are answered, and sorts that are not.

    `near`: written to be near misses. `removed`: answerable, but asked where the passages that
    answer are left out. `other`: asked of another statement. `off`: of another subject.
    `topic`: what is said about a term of the statement, which is answered; `absent`: about one of
    another statement.
    """
    draw = random.Random(_SEED)  # noqa: S311
    for case in cases:
        others = [one for one in cases if one is not case]
        for question in case.questions:
            before = conversation.leaned_on(question.history)
            kind = "answered" if question.answerable else "near"
            yield _example(_ranked(case, question), None, kind, case)
            if question.answerable:
                yield _example(*_removed(case, question, before), "removed", case)
                elsewhere = draw.choice(others).searcher.search(question.text, "full", before)
                yield _example(elsewhere, None, "other", case)
        for term in _terms(case, draw):
            ranking = case.searcher.search(draw.choice(_TOPICAL).format(term))
            yield _example(ranking, None, "topic", case)
        for term in _terms(draw.choice(others), draw):
            if term not in case.statement.source.text:
                ranking = case.searcher.search(draw.choice(_TOPICAL).format(term))
                yield _example(ranking, None, "absent", case)
    for path in off_subject:
        texts = [qa["question"] for _, _, paragraph in paragraphs(path) for qa in paragraph["qas"]]
        for text in draw.sample(texts, min(_PER_FILE, len(texts))):
            case = draw.choice(cases)
            yield _example(case.searcher.search(text), None, "off", case)


@cache
def _ranked(case: Case, question: Question) -> Ranking:
    return case.searcher.search(question.text, "full", conversation.leaned_on(question.history))


def _removed(case: Case, question: Question, before: str) -> tuple[Ranking, list[Hit]]:
    """The ranking, and its hits outside the passages that answer."""
    gold = case.gold(question)

    def left(hit: Hit) -> bool:
        return hit.passage.id not in gold

    ranking = case.searcher.search(question.text, "full", before, wanted=left)
    return ranking, list(filter(left, ranking.hits))


def follow_ups(cases: Sequence[Case]) -> Iterator[Example]:
    """Follow-ups with their history, and what stands alone after a random other question.

    That is either another question or a bare term of the statement, as one types it.
    """
    draw = random.Random(_SEED)  # noqa: S311
    for case in cases:
        alone = [question for question in case.questions if not question.history]
        for question in case.questions:
            other = draw.choice([one for one in alone if one is not question])
            history = question.history or (other.text,)
            clues = _clues(case.searcher, question.text, conversation.leaned_on(history))
            features = conversation.features(question.text, clues)
            kind = "follow-up" if question.history else "alone"
            yield Example(features, bool(question.history), kind, case.statement.id)
        for term in _terms(case, draw):
            clues = _clues(case.searcher, term, draw.choice(alone).text)
            features = conversation.features(term, clues)
            yield Example(features, False, "term", case.statement.id)


def fit(examples: Sequence[Example], *, even: bool = True) -> Logistic:
    """Logistic regression.

    Args:
        examples: What to fit.
        even: Whether both sides weigh the same, and their kinds as `_SHARES` says.
    """
    from sklearn.linear_model import LogisticRegression

    names = list(examples[0].features)
    x, right = _matrix(examples), np.array([one.right for one in examples])
    spread = x.std(axis=0) + 1e-9
    model = LogisticRegression(max_iter=1000).fit(
        x / spread, right, _weights(examples) if even else None
    )
    weights = (model.coef_[0] / spread).tolist()
    figures = {name: round(weight, 3) for name, weight in zip(names, weights, strict=True)}
    return Logistic(round(float(model.intercept_[0]), 3), figures)


def left_out(examples: Sequence[Example]) -> Floats:
    """The probability of each example, from a fit that has not seen its statement."""
    groups = np.array([one.group for one in examples])
    chances = np.zeros(len(examples))
    for group in np.unique(groups):
        model = fit([one for one in examples if one.group != group])
        for place in np.flatnonzero(groups == group).tolist():
            chances[place] = model(examples[place].features)
    return chances


def aucs(examples: Sequence[Example], chances: Floats, right: str) -> dict[str, float]:
    """AUC of the kind `right` against each other kind."""
    kinds = np.array([one.kind for one in examples])
    return {
        kind: round(auc(chances[kinds == right].tolist(), chances[kinds == kind].tolist()) or 0, 3)
        for kind in sorted(set(kinds) - {right})
    }


def answering(cases: Sequence[Case]) -> Iterator[list[Example]]:
    """For each answerable question, its best sentences and whether each answers."""
    for case in cases:
        for question in case.questions:
            if not question.answerable:
                continue
            ranking, gold = _ranked(case, question), case.gold_sentences(question)
            kind = "several" if len(question.gold) > 1 else "one"
            gist = np.asarray(ranking.gist, float)
            rows = quoting.features(ranking.hits, 0.0)
            yield [
                Example(row, hit.span in gold, kind, case.statement.id, gist)
                for row, hit in zip(rows, ranking.hits, strict=False)
            ]


def with_several(questions: Sequence[Sequence[Example]]) -> tuple[list[Example], list[float]]:
    """Sentences with `several` from a fit that has not seen their statement, and the full fit."""
    firsts = [replace(rows[0], right=rows[0].kind == "several") for rows in questions]
    filled = []
    for rows, value in zip(questions, left_out_along(firsts), strict=True):
        for row in rows:
            several = {"several": value, "several_gap": value * row.features["gap"]}
            filled.append(replace(row, features=row.features | several))
    return filled, _rounded(fit_direction(firsts))


def left_out_along(examples: Sequence[Example]) -> list[float]:
    """How far each gist goes in a direction fitted to those of other statements."""
    directions = {
        group: fit_direction([one for one in examples if one.group != group])
        for group in {one.group for one in examples}
    }
    return [float(one.gist @ directions[one.group]) for one in examples]


def fit_direction(seen: Sequence[Example]) -> Floats:
    """The direction of the gist that tells the right ones, f64 (dimension,)."""
    from sklearn.linear_model import LogisticRegression

    gists, right = np.array([one.gist for one in seen]), [one.right for one in seen]
    model = LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=1000)
    return np.asarray(model.fit(gists, right).coef_[0])


def answers(examples: Sequence[Example]) -> list[Example]:
    """Questions told apart by whether they are answered, by the features that tell that."""
    return [only(one, abstaining.ANSWER) for one in examples]


def on_subject(examples: Sequence[Example]) -> list[Example]:
    """The same questions, told apart by whether they are about the statement's subjects."""
    return [
        replace(only(one, abstaining.SUBJECT), right=one.kind in (*_ANSWERED, "near"))
        for one in examples
        if one.kind != "removed"
    ]


def only(example: Example, names: Sequence[str]) -> Example:
    """An example with some of its features."""
    return replace(example, features={name: example.features[name] for name in names})


def _rounded(direction: Floats) -> list[float]:
    return [round(float(weight), 2) for weight in direction]


def calibrate(cases: Sequence[Case], off_subject: Sequence[Path]) -> dict[str, Any]:
    """The table that `calibration.json` holds."""
    asked = list(silence(cases, off_subject))
    silent, subject = answers(asked), on_subject(asked)
    leaning = list(follow_ups(cases))
    sure, leant, about = left_out(silent), left_out(leaning), left_out(subject)
    on = np.array([one.right for one in subject])
    right = np.array([one.right for one in silent])
    answered = np.array([one.kind == "answered" for one in silent])
    bundled = np.array([one.group == cases[0].statement.id for one in silent])
    sentences, several = with_several(list(answering(cases)))
    error = calibration_error(sure.tolist(), right.tolist()) or 0.0
    models = {
        "confidence": fit(silent),
        "leaning": fit(leaning),
        "subject": fit(subject),
        "quoting": fit(sentences, even=False),
    }
    return {
        **{name: asdict(model) for name, model in models.items()},
        "threshold": round(float(np.quantile(sure[answered & bundled], _REFUSED)), 3),
        "off_subject": round(float(np.quantile(about[on], _MISJUDGED)), 3),
        "several": several,
        "how": {
            "by": "python -m qa.tuning, on statements left out of each fit",
            "statements": len(cases),
            "answered": int(answered.sum()),
            "auc_against": aucs(silent, sure, "answered"),
            "auc_of_subject": aucs(subject, about, "answered"),
            "follow_up_auc": aucs(leaning, leant, "follow-up"),
            "calibration_error": round(error, 3),
        },
    }


def _example(ranking: Ranking, hits: list[Hit] | None, kind: str, case: Case) -> Example:
    features = abstaining.features(ranking, hits)
    return Example(features, kind in _ANSWERED, kind, case.statement.id)


def _terms(case: Case, draw: random.Random) -> list[str]:
    terms = sorted(set(_TERM.findall(case.statement.source.text)))
    return draw.sample(terms, min(_TERMS, len(terms)))


def _clues(searcher: Searcher, question: str, history: str) -> Clues:
    seen: list[Clues] = []

    def lean(clues: Clues) -> float:
        seen.append(clues)
        return 0.0

    searcher.search(question, "full", history, lean, wanted=lambda _: False)  # nothing is read
    return seen[0]


def _matrix(examples: Sequence[Example]) -> Floats:
    return np.array([list(one.features.values()) for one in examples])


def _weights(examples: Sequence[Example]) -> Floats:
    """Both sides weigh the same, and the kinds of a side as `_SHARES` says."""
    kinds = [(one.right, one.kind) for one in examples]
    weights = np.array(
        [_SHARES.get(kind, _SHARE) / kinds.count((right, kind)) for right, kind in kinds]
    )
    right = np.array([one.right for one in examples])
    for side in (right, ~right):
        weights[side] /= weights[side].sum()
    return np.asarray(weights * len(examples) / 2)


def _holds(passage: Span, spans: set[Span]) -> bool:
    return any(passage.holds(span) for span in spans)


def main(off_subject: Sequence[str]) -> None:
    """Fit and write the file beside this module."""
    with ExitStack() as stack:
        found = list(cases(open_encoder(BUNDLED), stack))
        table = calibrate(found, [Path(path) for path in off_subject])
    target = Path(__file__).with_name("calibration.json")
    several = json.dumps(table.pop("several"))
    text = json.dumps(table, indent=2)
    print(text)
    target.write_text(text.removesuffix("\n}") + f',\n  "several": {several}\n}}\n', "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
