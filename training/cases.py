"""Statements and questions to fit with, and what the ranking makes of them.

The project's `dev` questions and the practice statements (invented, with questions of their own),
never a `test` split; for what a question sounds like, the training questions.
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

import numpy as np

from corpus.library import QUESTIONS, bundled_paths, load_statement
from corpus.question_sets import Question, load_questions, sentences_with
from corpus.records import Span, Statement
from index.building import adding
from index.late_interaction.background import Background, centred
from index.models.encoder import Encoder, Floats
from index.search.query import pooled
from index.search.ranking import Ranking
from index.search.searcher import Searcher
from index.search.snapshot import Location
from index.store.store import Store
from qa.confidence import abstention, quote_count
from qa.confidence.calibration import along
from qa.evaluation.squad import paragraphs
from qa.questions import followups
from training.datasets import TrainingText, texts
from training.logistic import ANSWERED, Example

_PER_FILE = 15
_SEED = 0
# Drawn of each practice statement, so that a fit takes minutes: its own questions, those of them
# that are asked where nothing answers them, and bare terms.
_QUESTIONS, _ELSEWHERE, _TERMS = 18, 3, 3
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


@dataclass(frozen=True, slots=True)
class Case:
    """A statement in an index of its own, and questions about it.

    Attributes:
        statement: The statement.
        store: Its index.
        searcher: Looks there.
        questions: As their writers came to put them.
        reworded: Written to share no words with the text, and near misses to them.
    """

    statement: Statement
    store: Store
    searcher: Searcher
    questions: tuple[Question, ...]
    reworded: tuple[Question, ...] = ()

    def gold(self, question: Question) -> set[str]:
        """Ids of the passages that answer."""
        spans = self.gold_sentences(question)
        return {p.id for p in self.statement.passages if _holds(p.span, spans)}

    def gold_sentences(self, question: Question) -> set[Span]:
        """The sentences that answer."""
        fragments = (*question.gold, *question.also)
        return {span for one in fragments for span in sentences_with(one, self.statement)}


def cases(encoder: Encoder, stack: ExitStack, every: int = 1) -> Iterator[Case]:
    """The bundled statement with its dev questions, and practice statements with theirs.

    Args:
        encoder: Reads them.
        stack: Closes their indexes.
        every: 1 for all practice statements, 3 for one in three.
    """
    bundled = TrainingText(
        load_statement(bundled_paths()[0]),
        *(
            tuple(one for one in load_questions(QUESTIONS / name) if one.split == "dev")
            for name in ("jucip-2023.jsonl", "jucip-2023-paraphrases.jsonl")
        ),
    )
    draw = random.Random(_SEED)  # noqa: S311
    for text in (bundled, *texts("practice")[::every]):
        folder = tempfile.TemporaryDirectory(prefix="shutten-", ignore_cleanup_errors=True)
        store = Store(Path(stack.enter_context(folder)))
        stack.callback(store.close)
        adding.add(store, encoder, [(text.statement, text.statement.id)])
        asked = text.questions
        if text is not bundled and len(asked) > _QUESTIONS:
            asked = tuple(draw.sample(asked, _QUESTIONS))
        yield Case(text.statement, store, Searcher(store, encoder), asked, text.paraphrases)


def silence(cases: Sequence[Case], off_subject: Sequence[Path]) -> Iterator[Example]:
    """Questions that are answered, and sorts that are not.

    `paraphrase`: answered, in other words than the text's. `near`: written to be near misses.
    `removed`: answerable, but asked where the passages that
    answer are left out. `other`: asked of another statement. `off`: of another subject.
    `topic`: what is said about a term of the statement, which is answered; `absent`: about one of
    another statement.
    """
    draw = random.Random(_SEED)  # noqa: S311
    for case in cases:
        others = [one for one in cases if one is not case]
        for question in case.questions:
            kind = "answered" if question.answerable else "near"
            yield _asked(case, question, kind)
        for question in case.reworded:
            yield _asked(case, question, "paraphrase" if question.answerable else "near")
        answerable = [one for one in case.questions if one.answerable]
        for question in draw.sample(answerable, min(_ELSEWHERE, len(answerable))):
            before = followups.earlier_questions(question.history)
            yield _example(_removed(case, question, before), "removed", case)
            elsewhere = draw.choice(others).searcher.search(question.text, before)
            yield _example(elsewhere, "other", case)
        for term in terms(case, draw):
            ranking = case.searcher.search(draw.choice(_TOPICAL).format(term))
            yield _example(ranking, "topic", case)
        for term in terms(draw.choice(others), draw):
            if term not in case.statement.source.text:
                ranking = case.searcher.search(draw.choice(_TOPICAL).format(term))
                yield _example(ranking, "absent", case)
    for path in off_subject:
        texts = [qa["question"] for _, _, paragraph in paragraphs(path) for qa in paragraph["qas"]]
        for text in draw.sample(texts, min(_PER_FILE, len(texts))):
            case = draw.choice(cases)
            yield _example(case.searcher.search(text), "off", case)


def _asked(case: Case, question: Question, kind: str) -> Example:
    """A question as it was written, and whether the best sentence answers it."""
    ranking = _ranked(case, question)
    right = ranking.hits[0].span in case.gold_sentences(question)
    return replace(_example(ranking, kind, case), first=right)


@cache
def _ranked(case: Case, question: Question) -> Ranking:
    return case.searcher.search(question.text, followups.earlier_questions(question.history))


def _removed(case: Case, question: Question, before: str) -> Ranking:
    """Rank the sentences outside the passages that answer."""
    gold = case.gold(question)

    def left(location: Location) -> bool:
        return location.passage.id not in gold

    return case.searcher.search(question.text, before, eligible=left)


def pooled_vectors(encoder: Encoder, asked: Sequence[Question]) -> Floats:
    """What questions sound like, f32 (questions, dimension)."""
    encoded = encoder.encode([one.text for one in asked], "query")
    centring = Background(encoder).centring
    return np.stack([pooled(centred(one.tokens, centring)) for one in encoded])


def answering(cases: Sequence[Case], several: Sequence[float]) -> Iterator[Example]:
    """The best sentences for each answerable question, and whether each answers.

    Args:
        cases: What is asked.
        several: The direction of the gist of questions that ask for several things.
    """
    for case in cases:
        for question in case.questions:
            if question.answerable:
                ranking, gold = _ranked(case, question), case.gold_sentences(question)
                rows = quote_count.quote_features(ranking, along(ranking.query.pooled, several))
                for row, hit in zip(rows, ranking.hits, strict=False):
                    yield Example(row, hit.span in gold, "sentence", case.statement.id)


def _example(ranking: Ranking, kind: str, case: Case) -> Example:
    features = abstention.abstention_features(ranking)
    return Example(features, kind in ANSWERED, kind, case.statement.id)


def terms(case: Case, draw: random.Random) -> list[str]:
    """A few terms of a statement, drawn."""
    terms = sorted(set(_TERM.findall(case.statement.source.text)))
    return draw.sample(terms, min(_TERMS, len(terms)))


def _holds(passage: Span, spans: set[Span]) -> bool:
    return any(passage.holds(span) for span in spans)
