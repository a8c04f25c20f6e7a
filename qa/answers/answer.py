"""Answers and quotes as frozen values. Text, JSON and the web page are made from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from corpus.records import Passage, Source, Span, Statement
from corpus.segmentation.sentences import ends_sentence, is_title
from qa.answers.facts import Facts
from qa.answers.glosses import QuoteGloss
from qa.answers.highlights import whole_words
from qa.answers.original import OriginalPlace
from qa.answers.place import Place
from qa.answers.scope import AnswerScope

Status = Literal["answered", "not_found", "no_question"]
Refusal = Literal["off_subject", "not_stated", "which", "other_statement", "unknown_meeting"]
Reason = Literal["", Refusal, "partly", "help", "greeting", "thanks"]
# How an item of a list ends if another item follows.
_ITEM_END = re.compile(r"[;；,，、](?:\s+\w{1,3})?\Z|[及又]び?は?、?\Z|(?:そして|並びに)、?\Z")

Level = Literal["", "high", "fair", "low"]
LEVELS: tuple[Level, ...] = ("high", "fair", "low")


@dataclass(frozen=True, slots=True)
class Quote:
    """Whole sentences of a statement, exactly as they stand in its file.

    Make a quote with `Quote.of`, which takes the text from the source.

    Attributes:
        text: The sentences.
        start: Offset of the first code point in the file.
        end: Offset after the last code point.
        statement: Id of the statement.
        passage: Id of the passage with the sentences.
        score: Score of the sentences. It can be compared within one answer only.
        place: Where the sentences stand, as a reader would cite it, such as `list 1, bullet 3`.
        context: The text of the bullet that an item belongs to; empty for other passages.
        byte_start: Offset of the first byte in the file.
        byte_end: Offset after the last byte.
        sha256: Checksum of the file.
        marks: The words that match the question best, in code points of the file.
        following: The next sentence, if the text does not end like a sentence; otherwise empty.
        also_in: The ids of other statements with the same words.
        original: Where the text stands in the file that the statement was read from; None if the
            text itself is the file.
        gloss: An unofficial translation, which is no part of the quote; None if there is none.
        counterpart: The most similar sentence of the earlier statements, if a later statement is
            compared with them. Its score is the cosine of both sentences.
        parallel: What the same statement says in its other language, if it is there in two.
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
    also_in: tuple[str, ...] = ()
    original: OriginalPlace | None = None
    gloss: QuoteGloss | None = None
    counterpart: Quote | None = None
    parallel: Parallel | None = None

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
            passage: A passage of the statement.
            span: The range of the sentences.
            score: Score of the sentences.
            marks: Pieces of words to point out; see `qa.answers.highlights`.

        Raises:
            ValueError: `span` does not begin and end with a sentence of the passage, or the
                passage is not in the statement.
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
        file_span = statement.source.byte_span(span)
        original = OriginalPlace.of(statement.source, span)
        return cls(
            text=span.of(text),
            start=span.start,
            end=span.end,
            statement=statement.id,
            passage=passage.id,
            score=score,
            place=Place.of(statement, passage, original),
            context=context,
            byte_start=file_span.start,
            byte_end=file_span.end,
            sha256=statement.source.sha256,
            marks=whole_words(text, span, marks),
            following=_following(statement, passage, span),
            original=original,
            gloss=QuoteGloss.of(statement, passage, span),
        )

    @property
    def doubtful(self) -> bool:
        """Whether the text may be less than a sentence, because it does not end like one."""
        return bool(self.following)

    @property
    def with_counterpart(self) -> tuple[Quote, ...]:
        """The quote, and then what stands beside it: its counterpart, and its parallel."""
        beside = self.counterpart.with_counterpart if self.counterpart else ()
        return (self, *beside, *(self.parallel.quotes if self.parallel else ()))

    def matches(self, source: Source) -> bool:
        """Return whether the source has the same text at the same offsets."""
        return source.text[self.start : self.end] == self.text

    def to_json(self) -> dict[str, Any]:
        """Return the quote as every interface gives it."""
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
            "also_in": list(self.also_in),
            "original": self.original.to_json() if self.original else None,
            "gloss": self.gloss.to_json() if self.gloss else None,
            "counterpart": self.counterpart.to_json() if self.counterpart else None,
            "parallel": self.parallel.to_json() if self.parallel else None,
        }


@dataclass(frozen=True, slots=True)
class Parallel:
    """What the same statement says in its other language. It is shown beside a quote.

    Attributes:
        quotes: The sentences, a quote for each passage that they are in. At least one.
        only_here: Numbers and names of the quote that these sentences do not have.
        only_there: Numbers and names of these sentences that the quote does not have.
    """

    quotes: tuple[Quote, ...]
    only_here: tuple[str, ...] = ()
    only_there: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the sentences as every interface gives them."""
        return {
            "quotes": [quote.to_json() for quote in self.quotes],
            "only_here": list(self.only_here),
            "only_there": list(self.only_there),
        }


def _following(statement: Statement, passage: Passage, span: Span) -> str:
    """Return the sentence after a quote that does not end like a sentence; otherwise empty.

    An item of a list that ends with a comma or a semicolon is complete. So is a title.
    """
    text = statement.source.text
    quoted = span.of(text)
    if ends_sentence(quoted) or _ITEM_END.search(quoted):
        return ""
    if passage.kind == "heading" and is_title(quoted):
        return ""
    sentences = (sentence for passage in statement.passages for sentence in passage.sentences)
    following = min((later for later in sentences if later.start >= span.end), default=None)
    return following.of(text) if following else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question, or a refusal to answer it.

    Attributes:
        question: The question as it was asked.
        searched: The question as it was understood, with what it takes from earlier questions.
        status: `answered`; `not_found` for a refusal; `no_question` for a remark that asks nothing
            of the statements.
        confidence: Probability, 0 to 1, that the statements answer the question.
        language: Code of the language of the question.
        quotes: The sentences that answer, best first; empty unless `status` is `answered`.
        nearest: The best other sentences, best first. Those of a refusal are the nearest that
            there are.
        passages: Number of passages that were searched.
        reason: Why there is no answer, or not all of it:

            - `off_subject`: the statements are about other things;
            - `not_stated`: they are about the subject, but do not seem to say what was asked;
            - `other_statement`: the statement that the question names does not say it; other
              statements do, with the sentences of `nearest`;
            - `unknown_meeting`: the question names a meeting of which there is no statement;
              `facts` are those of the nearest ones;
            - `which`: the question is about a statement as a whole, and it is not clear which;
            - `partly`: there are quotes, but a part of the question is not answered;
            - `help`, `greeting`, `thanks`: the kind of remark, if `status` is `no_question`.
        unanswered: The parts that are not answered, as they were understood.
        model: Names and checksums of the model and the background questions that ranked.
        level: Level of confidence that the first quote is the right one; `how` in
            `calibration.json` says how often it was. Empty without quotes, or with facts.
        facts: Facts of the statements, for a question about a statement as a whole.
        statements: Number of statements in the library.
        scope: Which of them were searched, and why.
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
    scope: AnswerScope = field(default_factory=AnswerScope)

    def __post_init__(self) -> None:
        if (self.status == "answered") != bool(self.quotes):
            raise ValueError("an answer has quotes, a refusal has none")

    @property
    def ranked(self) -> Sequence[Quote]:
        """The quotes, and then the nearest other sentences."""
        return (*self.quotes, *self.nearest)

    @property
    def cited(self) -> Sequence[Quote]:
        """All sentences that are quoted: the ranked ones, each followed by its counterpart."""
        return [cited for quote in self.ranked for cited in quote.with_counterpart]

    def to_json(self) -> dict[str, Any]:
        """Return the answer as `shutten ask --json` prints it."""
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
            "facts": [facts.to_json() for facts in self.facts],
            "scope": self.scope.to_json(),
        }
