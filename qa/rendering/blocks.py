"""The blocks of an answer: what is shown of it, as finished text, before any output format."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.records import Provenance
from qa.answers.answer import Quote
from qa.answers.facts import Facts


@dataclass(frozen=True, slots=True)
class Understood:
    """How a question was understood, where this differs from what was asked."""

    text: str


@dataclass(frozen=True, slots=True)
class Searched:
    """Which statements were searched, where the question or a filter chose some of them.

    Attributes:
        lines: What was searched, and what newer statements do not say.
    """

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What can be asked, as paragraphs, for a user who asked nothing."""

    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """Why there is no answer.

    Attributes:
        reason: The reason as a sentence.
        checked: How many passages were checked; empty where the number does not matter.
        line: Both sentences in one line.
    """

    reason: str
    checked: str
    line: str


@dataclass(frozen=True, slots=True)
class Summary:
    """How good an answer is, and what it rests on.

    Attributes:
        confidence: The level of confidence; empty where there is none.
        subject: That the answer is about a statement as a whole; empty for other answers.
        quotes: How many quotes there are.
        checked: How many passages were checked.
    """

    confidence: str
    subject: str
    quotes: str
    checked: str


@dataclass(frozen=True, slots=True)
class FactList:
    """Facts of a statement, or statements to choose from.

    Attributes:
        heading: The line above them; empty for statements to choose from.
        lines: The facts, or the statements.
        choices: The facts of each of the statements to choose from; empty for facts.
    """

    heading: str
    lines: tuple[str, ...]
    choices: tuple[Facts, ...] = ()

    @property
    def text(self) -> str:
        """The list as it stands in plain text and in Markdown."""
        heading = [self.heading] if self.heading else []
        return "\n".join([*heading, *(f"- {line}" for line in self.lines)])


@dataclass(frozen=True, slots=True)
class CitedQuote:
    """A quote, and what is shown with it.

    Attributes:
        quote: The quote, with its context and the words that follow it.
        provenance: What is recorded of its statement.
        citation: Where it stands, in one line.
        counterpart: What is shown beside it, if statements are compared.
        parallel: What is shown of the other language of the statement.
    """

    quote: Quote
    provenance: Provenance
    citation: str
    counterpart: Counterpart | None = None
    parallel: ParallelText | None = None


@dataclass(frozen=True, slots=True)
class Counterpart:
    """The most similar sentence of the earlier statements, and the line above it."""

    heading: str
    cited: CitedQuote


@dataclass(frozen=True, slots=True)
class ParallelText:
    """What the same statement says in its other language.

    Attributes:
        heading: The line above it.
        quotes: The sentences.
        differing: The lines that name the numbers and names in which both differ.
    """

    heading: str
    quotes: tuple[CitedQuote, ...]
    differing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quotes:
    """The quotes that answer, best first."""

    quotes: tuple[CitedQuote, ...]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest sentences, which do not answer, best first, and the line above them."""

    heading: str
    quotes: tuple[CitedQuote, ...]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The parts of a question that are not answered, in a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class ForeignLanguage:
    """That the quotes are in another language than the question."""

    text: str


Block = (
    Understood
    | Searched
    | Reply
    | Silence
    | Summary
    | FactList
    | Quotes
    | Nearest
    | Unanswered
    | ForeignLanguage
)
