"""Statements with questions, each in an index of its own, and examples of their rankings.

The cases are the bundled statement with its questions of the split `dev`, and the practice
statements with theirs, of the split `calibration`. No `test` split is read. There is no command:
`training.calibration` and `training.ablation` use these cases.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from corpus.library import QUESTIONS, bundled_paths, load_statement
from corpus.question_sets import Question, load_questions, right_sentences
from corpus.records import Span, Statement
from index.building import adding
from index.models.encoder import Encoder
from index.search.ranking import Ranking
from index.search.searcher import Searcher
from index.search.snapshot import Location
from index.store.local import LocalStore
from qa.confidence import abstention, quote_count
from qa.confidence.calibration import along
from qa.evaluation.squad import paragraphs
from qa.questions.followups import earlier_questions
from training.datasets import TrainingText, texts
from training.fitting.logistic import ANSWERED, Example

_OWN_SETS = ("jucip-2023.jsonl", "jucip-2023-paraphrases.jsonl")
_SQUAD_QUESTIONS = 15  # questions that are drawn from each file of other subjects
_SEED = 0
# These are drawn for each practice statement, so that a fit takes minutes: questions, questions
# that are also asked where nothing answers them, and terms.
_QUESTIONS, _ELSEWHERE, _TERMS = 18, 3, 3
_TERM = re.compile(r"[A-Z]{3,}[A-Za-z0-9]*|[ァ-ヴー]{5,12}|[一-龥]{4,7}")
# The most common ways to ask about a term.
_TERM_QUESTIONS = (
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


@dataclass(frozen=True, slots=True)
class Case:
    """A statement in an index of its own, and questions about it.

    Attributes:
        statement: The statement.
        store: An index that holds only this statement.
        searcher: The search in this index.
        questions: Questions about the statement.
        paraphrases: Questions in other words than the statement's, and near misses to them.
    """

    statement: Statement
    store: LocalStore
    searcher: Searcher
    questions: tuple[Question, ...]
    paraphrases: tuple[Question, ...] = ()

    def gold_passages(self, question: Question) -> set[str]:
        """Return the ids of the passages that answer a question."""
        sentences = self.gold_sentences(question)
        return {
            passage.id
            for passage in self.statement.passages
            if any(passage.span.holds(sentence) for sentence in sentences)
        }

    def gold_sentences(self, question: Question) -> set[Span]:
        """Return the sentences that answer a question."""
        return set(right_sentences(question, self.statement))


def open_cases(encoder: Encoder, stack: ExitStack, every: int = 1) -> Iterator[Case]:
    """Index the bundled statement and the practice statements, one by one.

    Args:
        encoder: The model.
        stack: Closes and deletes the indexes.
        every: 1 for all practice statements, 3 for one in three.
    """
    questions, paraphrases = (
        tuple(question for question in load_questions(QUESTIONS / name) if question.split == "dev")
        for name in _OWN_SETS
    )
    bundled = TrainingText(load_statement(bundled_paths()[0]), questions, paraphrases)
    draw = random.Random(_SEED)  # noqa: S311
    for text in (bundled, *texts("practice")[::every]):
        folder = tempfile.TemporaryDirectory(prefix="shutten-", ignore_cleanup_errors=True)
        store = LocalStore(Path(stack.enter_context(folder)))
        stack.callback(store.close)
        adding.add(store, encoder, [(text.statement, text.statement.id)])
        questions = text.questions
        if text is not bundled and len(questions) > _QUESTIONS:
            questions = tuple(draw.sample(questions, _QUESTIONS))
        yield Case(text.statement, store, Searcher(store, encoder), questions, text.paraphrases)


def abstention_examples(cases: Sequence[Case], off_subject: Sequence[Path]) -> Iterator[Example]:
    """Yield examples of questions that a statement answers and of questions that it does not.

    The label says whether the question is answered. The kinds are:

    - `answered`: a question about the statement.
    - `paraphrase`: a question in other words than the statement's.
    - `topic`: a common question about a term of the statement.
    - `near`: a near miss, a question close to the statement that it does not answer.
    - `removed`: a question whose passages with the answer may not be quoted.
    - `other`: a question about another statement.
    - `absent`: a common question about a term of another statement.
    - `off`: a question about other subjects.

    Args:
        cases: The statements and questions.
        off_subject: Files in SQuAD format with questions about other subjects.
    """
    draw = random.Random(_SEED)  # noqa: S311
    for case in cases:
        others = [other for other in cases if other is not case]
        for question in case.questions:
            yield _question_example(case, question, "answered" if question.answerable else "near")
        for question in case.paraphrases:
            yield _question_example(case, question, "paraphrase" if question.answerable else "near")
        yield from _unanswered_examples(case, others, draw)
        yield from _term_examples(case, others, draw)
    for path in off_subject:
        questions = [qa["question"] for _, _, text in paragraphs(path) for qa in text["qas"]]
        for text in draw.sample(questions, min(_SQUAD_QUESTIONS, len(questions))):
            case = draw.choice(cases)
            yield _example(case.searcher.search(text), "off", case)


def _unanswered_examples(
    case: Case, others: Sequence[Case], draw: random.Random
) -> Iterator[Example]:
    """Yield answerable questions without their answer, and asked of another statement."""
    answerable = [question for question in case.questions if question.answerable]
    for question in draw.sample(answerable, min(_ELSEWHERE, len(answerable))):
        earlier = earlier_questions(question.history)
        yield _example(_ranking_without_answer(case, question, earlier), "removed", case)
        ranking = draw.choice(others).searcher.search(question.text, earlier)
        yield _example(ranking, "other", case)


def _term_examples(case: Case, others: Sequence[Case], draw: random.Random) -> Iterator[Example]:
    """Yield common questions about terms of the statement, and about terms of another one."""
    for term in draw_terms(case, draw):
        ranking = case.searcher.search(draw.choice(_TERM_QUESTIONS).format(term))
        yield _example(ranking, "topic", case)
    for term in draw_terms(draw.choice(others), draw):
        if term not in case.statement.source.text:
            ranking = case.searcher.search(draw.choice(_TERM_QUESTIONS).format(term))
            yield _example(ranking, "absent", case)


def quoting_examples(
    cases: Sequence[Case], several_direction: Sequence[float]
) -> Iterator[Example]:
    """Yield the best sentences for each answerable question, with whether the sentence answers.

    Args:
        cases: The statements and questions.
        several_direction: See `Calibration.several_direction`.
    """
    for case in cases:
        for question in case.questions:
            if question.answerable:
                ranking, gold = _ranking(case, question), case.gold_sentences(question)
                several = along(ranking.query.pooled, several_direction)
                rows = quote_count.quote_features(ranking, several)
                for features, hit in zip(rows, ranking.hits, strict=False):
                    yield Example(features, hit.span in gold, "sentence", case.statement.id)


def draw_terms(case: Case, draw: random.Random) -> list[str]:
    """Draw a few terms that stand in a statement."""
    terms = sorted(set(_TERM.findall(case.statement.source.text)))
    return draw.sample(terms, min(_TERMS, len(terms)))


@cache
def _ranking(case: Case, question: Question) -> Ranking:
    return case.searcher.search(question.text, earlier_questions(question.history))


def _ranking_without_answer(case: Case, question: Question, earlier: str) -> Ranking:
    """Rank the sentences outside the passages that answer."""
    gold = case.gold_passages(question)

    def is_eligible(location: Location) -> bool:
        return location.passage.id not in gold

    return case.searcher.search(question.text, earlier, eligible=is_eligible)


def _question_example(case: Case, question: Question, kind: str) -> Example:
    """Return the example of a question, with whether the best sentence answers it."""
    ranking = _ranking(case, question)
    first_right = ranking.hits[0].span in case.gold_sentences(question)
    return replace(_example(ranking, kind, case), first_right=first_right)


def _example(ranking: Ranking, kind: str, case: Case) -> Example:
    features = abstention.abstention_features(ranking)
    return Example(features, kind in ANSWERED, kind, case.statement.id)
