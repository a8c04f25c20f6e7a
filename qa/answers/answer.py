"""Answers are data: frozen values that rendering, JSON and the web page are views of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from corpus.records import Passage, Source, Span, Statement
from corpus.segmentation.sentences import ends_sentence, is_title
from qa.answers.facts import Facts
from qa.answers.highlights import words
from qa.answers.place import Place

Status = Literal["answered", "not_found", "no_question"]
Reason = Literal["", "off_subject", "not_stated", "partly", "which", "help", "greeting", "thanks"]
# How an item of a list ends before the next one.
_ITEM_END = re.compile(r"[;；,，、](?:\s+\w{1,3})?\Z|[及又]び?は?、?\Z|(?:そして|並びに)、?\Z")

Level = Literal["", "high", "fair", "low"]
LEVELS: tuple[Level, ...] = ("high", "fair", "low")


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a statement, exactly as they stand there.

    Attributes:
        text: The words; `Quote.of` takes them from the source, and no other way is offered.
        start: First code point in the statement file as it lies on disk.
        end: One past the last.
        statement: Id of the statement.
        passage: Id of the passage they are in.
        score: How well they answer; comparable within one answer.
        place: Where they stand, for a reader, such as `list 1, bullet 3`.
        context: The bullet that an item hangs from, word for word; empty otherwise.
        byte_start: First byte of the words in that file.
        byte_end: One past the last.
        sha256: Checksum of that file.
        marks: The words in it that met the question best, in code points of the file.
        following: Where the words do not end as a sentence does, what stands after them.
    """

    text: str
    start: int
    end: int
    statement: str
    passage: str
    score: float
    place: Place
    context: str = ""
    byte_start: int = 0
    byte_end: int = 0
    sha256: str = ""
    marks: tuple[Span, ...] = ()
    following: str = ""

    @classmethod
    def of(
        cls,
        statement: Statement,
        passage: Passage,
        span: Span,
        score: float,
        marks: Sequence[Span] = (),
    ) -> Quote:
        """Quote whole sentences of a passage.

        Args:
            statement: The statement.
            passage: One of its passages.
            span: The sentences.
            score: How well they answer.
            marks: Pieces of words in them to point out; see `qa.answers.highlights`.

        Raises:
            ValueError: `span` does not begin and end with a sentence of that passage, or the
                passage is not one of the statement's.
        """
        if passage not in statement.passages:
            raise ValueError(f"passage {passage.id} is not in {statement.id}")
        if not passage.holds_whole_sentences(span):
            raise ValueError(f"{span} cuts a sentence of passage {passage.id}")
        text = statement.source.text
        if span.end > len(text):
            raise ValueError(f"{span} reaches beyond the text of {statement.id}")
        parent = statement.parent_span(passage)
        context = parent.of(text) if parent else ""
        data = statement.source.byte_span(span)
        return cls(
            span.of(text),
            *(span.start, span.end),
            *(statement.id, passage.id),
            score,
            Place.of(statement, passage),
            context,
            *(data.start, data.end),
            statement.source.sha256,
            words(text, span, marks),
            _following(statement, passage, span),
        )

    @property
    def doubtful(self) -> bool:
        """Whether the words may be less than a sentence: they do not end as one."""
        return bool(self.following)

    def matches(self, source: Source) -> bool:
        """Whether `source` has these very words at this very place."""
        return source.text[self.start : self.end] == self.text

    def to_json(self) -> dict[str, Any]:
        """The form every interface gives."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "statement": self.statement,
            "passage": self.passage,
            "score": round(self.score, 4),
            "place": self.place.describe("en"),
            "context": self.context,
            "byte_start": self.byte_start,
            "byte_end": self.byte_end,
            "sha256": self.sha256,
            "marks": [[mark.start, mark.end] for mark in self.marks],
            "following": self.following,
        }


def _following(statement: Statement, passage: Passage, span: Span) -> str:
    """The sentence after a quote that does not end as a sentence; empty where there is no doubt.

    The items of a list often end with a comma or a semicolon, and headings with nothing.
    """
    text = statement.source.text
    words = span.of(text)
    if ends_sentence(words) or _ITEM_END.search(words):
        return ""
    if passage.kind == "heading" and is_title(words):
        return ""
    later = (one for two in statement.passages for one in two.sentences if one.start >= span.end)
    following = min(later, default=None)
    return following.of(text) if following else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for a question.

    Attributes:
        question: As it was asked.
        searched: As it was understood: the question with what it left to earlier ones.
        status: `answered`, `not_found`, or `no_question` where nothing was asked of the statements.
        confidence: 0..1, that the statement answers the question.
        language: Code of the question's language.
        quotes: Whole sentences, best first; empty when not found.
        nearest: Runners-up, best first; when not found, the nearest there is.
        passages: How many passages were looked at.
        reason: Of a refusal: `off_subject` when the statements are about other things,
            `not_stated` when they are about this, but do not seem to say what was asked.
            `which` when a question about a statement as a whole does not tell which.
            Of an answer: `partly` when they seem to be silent on a part of the question.
            Where nothing was asked: `help`, `greeting` or `thanks`.
        unanswered: Those parts, as they were understood.
        model: The model and background questions that ranked, with their checksums.
        level: How likely the first quote is the right one; `how` in `calibration.json` says how
            often it was. Empty where there is none, or where facts answer.
        facts: What is recorded of the statements that a question about them as a whole is about.
        statements: How many statements those passages are of.
    """

    question: str
    searched: str
    status: Status
    confidence: float
    language: str
    quotes: tuple[Quote, ...]
    nearest: tuple[Quote, ...]
    passages: int
    reason: Reason = ""
    unanswered: tuple[str, ...] = ()
    model: str = ""
    level: Level = ""
    facts: tuple[Facts, ...] = ()
    statements: int = 1

    def __post_init__(self) -> None:
        if (self.status == "answered") != bool(self.quotes):
            raise ValueError("an answer has quotes, a refusal has none")

    @property
    def ranked(self) -> Sequence[Quote]:
        """Quotes and runners-up as one list."""
        return (*self.quotes, *self.nearest)

    def to_json(self) -> dict[str, Any]:
        """The form of `shutten ask --json`."""
        return {
            "status": self.status,
            "confidence": round(self.confidence, 4),
            "level": self.level,
            "language": self.language,
            "quotes": [quote.to_json() for quote in self.quotes],
            "nearest": [quote.to_json() for quote in self.nearest],
            "question": self.question,
            "searched": self.searched,
            "passages": self.passages,
            "statements": self.statements,
            "reason": self.reason,
            "unanswered": list(self.unanswered),
            "model": self.model,
            "facts": [one.to_json() for one in self.facts],
        }
