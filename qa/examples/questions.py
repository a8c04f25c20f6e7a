"""Makes questions to begin with, and asks them, so that only those with an answer are offered.

Some name a statement, some ask for the latest one, and some name none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from corpus.records import Provenance, Statement
from qa.answers.answer import Answer
from qa.examples.subjects import Subjects, in_words
from qa.rendering.messages import messages
from qa.rendering.names import MAX_PARTIES, day_text, parties_and_kind

MOST = 4  # questions that are offered
_TRIES = 6  # questions of one kind that are tried
_SUBJECTS = 2  # of one statement
Ask = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Example:
    """A question that may be offered, and what a good answer to it looks like.

    Attributes:
        question: The question.
        subject: What it asks about.
        why: How it should be understood; see `qa.scope.resolution.Meant`.
        statement: The id of the statement that should answer it; empty for any.
        parties: The parties that it names.
    """

    question: str
    subject: str
    why: str
    statement: str = ""
    parties: frozenset[str] = frozenset()

    def is_answered_by(self, answer: Answer) -> bool:
        """Return whether an answer is one to this question, and its best quote has the subject."""
        return (
            answer.status == "answered"
            and answer.scope.why == self.why
            and self.statement in ("", answer.quotes[0].statement)
            and in_words(self.subject, answer.quotes[0].text)
        )


def examples(statements: Mapping[str, Statement], language: str, ask: Ask) -> list[str]:
    """Return questions that the statements answer, each of another kind as far as possible.

    Args:
        statements: All statements, by id.
        language: Language of the questions.
        ask: Answers a question; only questions that are answered well are returned.
    """
    subjects = Subjects(statements)
    newest = sorted(statements.values(), key=lambda each: each.provenance.date, reverse=True)
    # Readers can most likely read the statements in their own language.
    preferred = [language, ""]
    order = sorted(newest, key=lambda each: _place(each.provenance.language, preferred))
    named = _named(order, subjects, language)
    kinds = (named, _latest(newest, subjects, language), _plain(newest, subjects, language), named)
    found: list[Example] = []
    for kind in kinds:
        tried = islice((example for example in kind if not _is_like(example, found)), _TRIES)
        good = (example for example in tried if example.is_answered_by(ask(example.question)))
        found += islice(good, 1)
    return [example.question for example in found[:MOST]]


def _place(value: str, preferred: Sequence[str]) -> int:
    return preferred.index(value) if value in preferred else len(preferred)


def _is_like(example: Example, others: Sequence[Example]) -> bool:
    """Return whether an example has the subject or the parties of another one."""
    parties = {other.parties for other in others if other.parties}
    return example.subject in {other.subject for other in others} or example.parties in parties


def _named(order: Sequence[Statement], subjects: Subjects, language: str) -> Iterator[Example]:
    """Yield questions that name a statement by its parties and its date."""
    for statement in order:
        provenance = statement.provenance
        if not (_has_name(provenance) and provenance.date):
            continue
        for subject in subjects.of(statement.id, _SUBJECTS):
            question = messages(language)["example_named"].format(
                statement=parties_and_kind(provenance, language),
                day=day_text(provenance.date, language),
                subject=_quoted(subject, language),
            )
            yield Example(question, subject, "named", statement.id, _parties(statement))


def _latest(newest: Sequence[Statement], subjects: Subjects, language: str) -> Iterator[Example]:
    """Yield questions for the latest statement of parties that have several."""
    series: dict[frozenset[str], list[Statement]] = {}
    for statement in newest:
        if _has_name(statement.provenance):
            series.setdefault(_parties(statement), []).append(statement)
    for statement, *earlier in series.values():
        for subject in subjects.of(statement.id, _SUBJECTS) if earlier else ():
            question = messages(language)["example_latest"].format(
                statement=parties_and_kind(statement.provenance, language),
                subject=_quoted(subject, language),
            )
            yield Example(question, subject, "latest", parties=_parties(statement))


def _plain(statements: Sequence[Statement], subjects: Subjects, language: str) -> Iterator[Example]:
    """Yield questions about what most statements speak of, in the reader's language if possible."""
    own = [each.id for each in statements if each.provenance.language == language]
    for subject in subjects.shared(own or [each.id for each in statements], _TRIES):
        question = messages(language)["example_plain"].format(subject=_quoted(subject, language))
        yield Example(question, subject, "all")


def _quoted(subject: str, language: str) -> str:
    """Return a subject in quotation marks where it stands in Japanese without being so."""
    return f"「{subject}」" if language == "ja" and subject.isascii() else subject


def _parties(statement: Statement) -> frozenset[str]:
    return frozenset(statement.provenance.parties)


def _has_name(provenance: Provenance) -> bool:
    return 0 < len(provenance.parties) <= MAX_PARTIES
