"""Assistants without a model, for tests of the page, and the server of such an assistant."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import serving
from clock import wait_until
from statements import quotes_from, statement_from, summaries_of

from corpus.errors import ShuttenError
from corpus.records import Statement
from index.search.stored_statements import StatementSummary
from qa.answers.answer import Answer, Quote
from qa.scope.filters import Filter

FAILING = "a question that fails"
HOSTILE = [
    "<img src=x onerror=window.hit=1> 半導体",
    "<script>window.hit=1</script>",
    "${window.hit=1} {{window.hit=1}} semiconductors",
    "$$x$$ 5*3*2 ~~x~~ **「引用」**です `code`",
    "![x](http://tracker.invalid/x.png) http://tracker.invalid",
    '</div></blockquote><form action="http://tracker.invalid"><button>x</button></form>',
    "[x](javascript:window.hit=1)  two  spaces",
]
PARAGRAPHS = 750


def long_text(paragraphs: int = PARAGRAPHS) -> str:
    """Return a text of numbered paragraphs, by default as long as the longest communiqués."""
    return "\n\n".join(
        f"{number}. Paragraph number {number}, we reaffirm our cooperation on energy security. "
        "We will work together to this end, and welcome the progress that was made since then."
        for number in range(1, paragraphs + 1)
    )


def hostile_statement() -> Statement:
    """Return a statement whose text, id and provenance try to run a script."""
    return statement_from(
        "".join(f"- {line}。\n" for line in HOSTILE),
        '<img src=x onerror="window.hit=1">-1-2-${window.hit=1}',
        title=HOSTILE[0],
        date=HOSTILE[1],
        status=HOSTILE[2],
        language='"><b',
    )


class MatchingAssistant:
    """Quotes the sentences that contain the question, and refuses a question that none contains.

    A question that begins with "And" is understood with the question before it.

    Args:
        *statements: The statements.
        home: The folder for remarks.

    Attributes:
        calls: Every question with its history, in the order in which they came.
    """

    def __init__(self, *statements: Statement, home: Path = Path("nowhere")) -> None:
        self.home = home
        self.calls: list[tuple[str, list[str]]] = []
        self._statements = {statement.id: statement for statement in statements}
        self._permits: threading.Semaphore | None = None  # None where answers need none

    def hold(self) -> None:
        """Let every later answer wait until it is released."""
        self._permits = threading.Semaphore(0)

    def release(self, count: int) -> None:
        """Release so many answers."""
        assert self._permits
        self._permits.release(count)

    def release_all(self) -> None:
        """Release all answers that wait, and hold no later ones."""
        permits, self._permits = self._permits, None
        if permits:
            permits.release(1000)

    def wait_for(self, question: str) -> None:
        """Wait until a question has come."""
        wait_until(lambda: question in dict(self.calls))

    def statement(self, statement: str) -> Statement:
        return self._statements[statement]

    def statement_ids(self) -> list[str]:
        return sorted(self._statements)

    def summaries(self) -> dict[str, StatementSummary]:
        return summaries_of(*(self._statements[name] for name in self.statement_ids()))

    def retrieve(self, question: str, k: int = 3, within: Filter = None) -> list[Quote]:
        self._wait_for_permit()
        return self.quotes(question)[:k]

    def ask(
        self, question: str, history: Sequence[str] = (), k: int = 12, within: Filter = None
    ) -> Answer:
        del within
        self.calls.append((question, list(history)))
        self._wait_for_permit()
        if question == FAILING:
            raise ShuttenError("this one fails; ask another")
        is_follow_up = bool(history) and question.startswith("And ")
        quotes = self.quotes(history[-1] if is_follow_up else question.removeprefix("And "))[:k]
        statements = list(self._statements.values())
        last_quotes = [quotes_from(statement, 0.1)[-1] for statement in statements[:3]]
        return Answer(
            question,
            searched=f"{history[-1]} {question}" if is_follow_up else question,
            status="answered" if quotes else "not_found",
            confidence=0.9,
            language="en",
            quotes=tuple(quotes),
            nearest=() if quotes else tuple(last_quotes),
            passages=sum(len(statement.passages) for statement in statements),
            reason="" if quotes else "not_stated",
            statements=len(statements),
        )

    def quotes(self, words: str) -> list[Quote]:
        """Return the quotes that contain some words."""
        quotes = [quote for each in self._statements.values() for quote in quotes_from(each)]
        return [quote for quote in quotes if words in quote.text]

    def _wait_for_permit(self) -> None:
        if self._permits:
            assert self._permits.acquire(timeout=60)


class FirstSentencesAssistant(MatchingAssistant):
    """Quotes the first sentences of its statement, whatever the question.

    Args:
        statement: The statement.
        count: How many sentences are quoted.
    """

    def __init__(self, statement: Statement, count: int = 12) -> None:
        super().__init__(statement)
        self._quotes = quotes_from(statement)[:count]

    def quotes(self, words: str) -> list[Quote]:
        return self._quotes


class HostileAssistant(FirstSentencesAssistant):
    """Quotes all of the hostile statement, and understands every question in a hostile way."""

    def __init__(self) -> None:
        super().__init__(hostile_statement())

    def ask(
        self, question: str, history: Sequence[str] = (), k: int = 12, within: Filter = None
    ) -> Answer:
        return replace(super().ask(question, history, k, within), searched="".join(HOSTILE))


@contextmanager
def served(assistant: MatchingAssistant) -> Iterator[str]:
    """Serve an assistant, yield the address of the page, and release all answers at the end."""
    with serving.served(assistant) as address:
        try:
            yield address
        finally:
            assistant.release_all()
